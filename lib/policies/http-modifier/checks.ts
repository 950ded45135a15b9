import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { checkMessageActions } from '../message-actions/checks.ts';
import type { HttpModifierPolicy } from './grammar.ts';

/** The deployment's rules, which are those of AssignMessage's actions. */
export function checkHttpModifier(
  { name, actions, location }: HttpModifierPolicy,
  report: Report,
): void {
  checkMessageActions(actions, `HTTPModifier[${name}]`, report);
  if (actions.length > 0) return;
  report(
    diagnosticAt(
      location,
      'warning',
      'nothing-to-do',
      'This HTTPModifier has no action and changes nothing.',
      'Add Set, Add or Remove.',
    ),
  );
}
