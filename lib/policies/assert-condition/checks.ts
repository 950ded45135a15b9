import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { AssertConditionPolicy } from './grammar.ts';

/** What compiling the condition does not tell: that there is none. */
export function checkAssertCondition(
  { name, condition, location }: AssertConditionPolicy,
  report: Report,
): void {
  if ((condition?.value ?? '') !== '') return;
  report(
    diagnosticAt(
      condition?.location ?? location,
      'error',
      'InvalidCondition',
      `AssertCondition[${name}]: there is no condition.`,
      'Write one, such as <Condition>request.verb = "GET"</Condition>.',
    ),
  );
}
