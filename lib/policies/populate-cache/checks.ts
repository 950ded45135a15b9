import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { PopulateCachePolicy } from './grammar.ts';

export function checkPopulateCache(
  { name, source, location }: PopulateCachePolicy,
  report: Report,
): void {
  if ((source?.value ?? '') !== '') return;
  report(
    diagnosticAt(
      source?.location ?? location,
      'error',
      'source-missing',
      `PopulateCache[${name}]: Source is missing.`,
      'Name the variable whose value is to be kept, as in <Source>token</Source>.',
    ),
  );
}
