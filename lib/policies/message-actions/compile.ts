import { compileAdd } from './add.ts';
import type { ActionContext, Effect } from './context.ts';
import { compileCopy } from './copy.ts';
import type { ActionNode } from './grammar.ts';
import { compileRemove } from './remove.ts';
import { compileSet } from './set.ts';

/**
 * Compiles the actions of a policy, in the order they are written. Templates are rendered when their
 * part is applied, so a later part sees the effect of an earlier one.
 */
export function compileMessageActions(
  actions: readonly ActionNode[],
  context: ActionContext,
): readonly Effect[] {
  return actions.flatMap((action) => compileMessageAction(action, context));
}

/** Compiles one action. */
export function compileMessageAction(
  action: ActionNode,
  context: ActionContext,
): readonly Effect[] {
  switch (action.type) {
    case 'Set':
      return compileSet(action, context);
    case 'Add':
      return compileAdd(action, context);
    case 'Copy':
      return compileCopy(action, context);
    case 'Remove':
      return compileRemove(action);
  }
}
