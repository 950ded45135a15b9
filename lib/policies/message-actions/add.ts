import { compileAssignments } from './assigned-parameters.ts';
import type { ActionContext, Effect } from './context.ts';
import type { AddNode } from './grammar.ts';

/** Add: one more value for each header and parameter; what the message has stays. */
export function compileAdd(action: AddNode, context: ActionContext): readonly Effect[] {
  return compileAssignments(action, 'add', context);
}
