import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { checkAssignVariable } from '../assign-variable/checks.ts';
import { checkAuthentication } from '../../connection/connection-checks.ts';
import { checkMessageActions } from '../message-actions/checks.ts';
import type { AssignMessagePolicy } from './grammar.ts';

/** The deployment's rules for AssignMessage. */
export function checkAssignMessage(
  { name, actions, assignTo, location }: AssignMessagePolicy,
  report: Report,
): void {
  const policy = `AssignMessage[${name}]`;
  for (const action of actions) {
    if (action.type === 'AssignVariable') {
      checkAssignVariable(action, policy, report);
      continue;
    }
    checkMessageActions([action], policy, report);
    if (action.type === 'Set' && action.authentication !== undefined) {
      checkAuthentication(action.authentication, report);
    }
  }
  if (actions.length === 0 && (assignTo?.value ?? '') === '') {
    report(
      diagnosticAt(
        location,
        'warning',
        'nothing-to-do',
        'This AssignMessage has no action and changes nothing.',
        'Add Set, Add, Copy, Remove or AssignVariable.',
      ),
    );
  }
}
