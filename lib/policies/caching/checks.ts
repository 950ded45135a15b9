import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { LookupNode } from './grammar.ts';

/** The rule that LookupCache and ResponseCache share. */
export function checkLookupTimeout(
  { cacheLookupTimeoutInSeconds: timeout }: LookupNode,
  report: Report,
): void {
  if (timeout?.value === undefined || timeout.value > 0) return;
  report(
    diagnosticAt(
      timeout.textLocation,
      'error',
      'InvalidTimeout',
      `CacheLookupTimeoutInSeconds ${timeout.value} value should be greater than zero.`,
      'Write a number of seconds above zero, or leave the element out.',
    ),
  );
}
