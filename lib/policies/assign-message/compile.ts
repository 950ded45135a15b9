import type { Message } from '../../message/message.ts';
import type { OnUnresolved } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import { compileAssignVariable } from '../assign-variable/compile.ts';
import { compileMessageAction } from '../message-actions/compile.ts';
import { compileDestination, type Destined } from '../message-actions/destination.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { compileSetAuthentication } from './authentication.ts';
import { notMessage, setVariableFailed, unresolvedVariable } from './faults.ts';
import type { AssignMessagePolicy } from './grammar.ts';

/** One prepared step; only a token makes it wait. */
type Step = (flow: Flow, destined: Destined) => void | Promise<void>;

type Effect = (flow: Flow, message: Message) => void | Promise<void>;

const replace: Step = (_flow, destined) => {
  destined.replace?.();
};

/**
 * Compiles AssignMessage. Each run finds its message and applies actions and variables to it in the
 * order they are written ("AssignMessage policy"). A new request or response takes the place of the old
 * one after the last action, so that a payload can be made of what it replaces.
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
  const lastOnMessage = actions.findLastIndex(({ type }) => type !== 'AssignVariable');
  const steps = actions.flatMap((action, index): readonly Step[] => {
    if (action.type === 'AssignVariable') return [compileAssignVariable(action, assignmentContext)];
    const effects: Effect[] = [...compileMessageAction(action, actionContext)];
    if (action.type === 'Set') {
      const authenticate = compileSetAuthentication(name, action.authentication, context);
      if (authenticate !== undefined) effects.push(authenticate);
    }
    const onMessage = effects.map(
      (effect): Step =>
        (flow, { message }) =>
          effect(flow, message),
    );
    return index === lastOnMessage ? [...onMessage, replace] : onMessage;
  });
  if (lastOnMessage === -1) steps.push(replace);
  return (flow) => runFrom(0, steps, flow, destination(flow));
}

function runFrom(
  start: number,
  steps: readonly Step[],
  flow: Flow,
  destined: Destined,
): void | Promise<void> {
  for (let at = start; at < steps.length; at++) {
    const pending = steps[at]?.(flow, destined);
    if (pending !== undefined) return pending.then(() => runFrom(at + 1, steps, flow, destined));
  }
}
