import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { checkAssignVariable } from '../assign-variable/checks.ts';
import { checkMessageActions } from '../message-actions/checks.ts';
import type { RaiseFaultPolicy } from './grammar.ts';

/** The deployment's rules for RaiseFault. */
export function checkRaiseFault(
  { name, continueOnError, faultResponse, location }: RaiseFaultPolicy,
  report: Report,
): void {
  const policy = `RaiseFault[${name}]`;
  for (const action of faultResponse?.actions ?? []) {
    if (action.type === 'AssignVariable') checkAssignVariable(action, policy, report);
    else checkMessageActions([action], policy, report);
  }
  if (continueOnError) {
    report(
      diagnosticAt(
        location,
        'warning',
        'fault-without-effect',
        'With continueOnError this RaiseFault changes no response: the flow goes on.',
        'Remove continueOnError.',
      ),
    );
  }
}
