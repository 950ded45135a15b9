import type { OnUnresolved } from '../../template/template.ts';
import { compileMessageActions } from '../message-actions/compile.ts';
import { compileDestination } from '../message-actions/destination.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { notMessage, unresolvedVariable } from './faults.ts';
import type { HttpModifierPolicy } from './grammar.ts';

/** Compiles HTTPModifier: AssignMessage without Copy and AssignVariable ("HTTPModifier policy"). */
export function compileHttpModifier(
  { name, assignTo, actions, ignoreUnresolvedVariables }: HttpModifierPolicy,
  { report }: CompileContext,
): Program {
  const unresolved = (variable: string) => unresolvedVariable(name, variable);
  const isNoMessage = (variable: string) => notMessage(name, variable);
  const onUnresolved: OnUnresolved =
    ignoreUnresolvedVariables?.value === true ? 'ignore' : unresolved;
  const destination = compileDestination(assignTo, {
    unavailable: unresolved,
    notMessage: isNoMessage,
  });
  const effects = compileMessageActions(actions, {
    policy: `HTTPModifier[${name}]`,
    report,
    onUnresolved,
    notMessage: isNoMessage,
  });
  return (flow) => {
    const { message, replace } = destination(flow);
    for (const effect of effects) effect(flow, message);
    replace?.();
  };
}
