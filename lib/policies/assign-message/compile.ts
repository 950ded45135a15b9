import type { Message } from '../../message/message.ts';
import type { OnUnresolved } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import { compileAssignVariable } from '../assign-variable/compile.ts';
import { compileMessageAction } from '../message-actions/compile.ts';
import { compileDestination } from '../message-actions/destination.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { compileSetAuthentication } from './authentication.ts';
import { notMessage, setVariableFailed, unresolvedVariable } from './faults.ts';
import type { AssignMessagePolicy } from './grammar.ts';

/** One prepared step; only a token makes it wait. */
type Step = (flow: Flow, message: Message) => void | Promise<void>;

/**
 * Compiles AssignMessage. Each run finds its message and applies actions and variables to it in the
 * order they are written ("AssignMessage policy").
 */
export function compileAssignMessage(
  { name, assignTo, actions, ignoreUnresolvedVariables }: AssignMessagePolicy,
  context: CompileContext,
): Program {
  const policy = `AssignMessage[${name}]`;
  const onUnresolved: OnUnresolved =
    ignoreUnresolvedVariables?.value === true
      ? 'ignore'
      : (variable) => unresolvedVariable(name, variable);
  const actionContext = {
    policy,
    report: context.report,
    onUnresolved,
    notMessage: (variable: string) => notMessage(name, variable),
  };
  const assignmentContext = {
    policy,
    onUnresolved,
    onReadOnly: (variable: string) => setVariableFailed(name, variable),
    compile: context,
  };
  const destination = compileDestination(assignTo, {
    unavailable: (variable) => unresolvedVariable(name, variable),
    notMessage: (variable) => notMessage(name, variable),
  });
  const steps = actions.flatMap((action): readonly Step[] => {
    if (action.type === 'AssignVariable') return [compileAssignVariable(action, assignmentContext)];
    const effects = compileMessageAction(action, actionContext);
    if (action.type !== 'Set') return effects;
    const authenticate = compileSetAuthentication(name, action.authentication, context);
    return authenticate === undefined ? effects : [...effects, authenticate];
  });
  return (flow) => runFrom(0, steps, flow, destination(flow));
}

function runFrom(
  start: number,
  steps: readonly Step[],
  flow: Flow,
  message: Message,
): void | Promise<void> {
  for (let at = start; at < steps.length; at++) {
    const pending = steps[at]?.(flow, message);
    if (pending !== undefined) return pending.then(() => runFrom(at + 1, steps, flow, message));
  }
}
