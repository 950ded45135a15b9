import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { SpikeArrestPolicy } from './grammar.ts';
import { readRate } from './rate.ts';

/** The deployment's rule ("SpikeArrest policy deployment error troubleshooting"). */
export function checkSpikeArrest({ rate, location }: SpikeArrestPolicy, report: Report): void {
  const text = rate?.value ?? '';
  if (text === '' ? (rate?.ref ?? '') !== '' : readRate(text) !== undefined) return;
  report(
    diagnosticAt(
      rate?.textLocation ?? location,
      'error',
      'InvalidAllowedRate',
      `Invalid spike arrest rate ${text}.`,
      'Write a whole number above 0 with ps for a second or pm for a minute, such as 30ps.',
    ),
  );
}
