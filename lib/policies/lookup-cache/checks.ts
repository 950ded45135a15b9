import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { checkLookupTimeout } from '../caching/checks.ts';
import type { LookupCachePolicy } from './grammar.ts';

/** The deployment's rules ("LookupCache policy"). */
export function checkLookupCache(policy: LookupCachePolicy, report: Report): void {
  checkLookupTimeout(policy, report);
  const { name, assignTo, location } = policy;
  if ((assignTo?.value ?? '') !== '') return;
  report(
    diagnosticAt(
      assignTo?.location ?? location,
      'error',
      'assign-to-missing',
      `LookupCache[${name}]: AssignTo is missing.`,
      'Name the variable that gets the value, as in <AssignTo>token</AssignTo>.',
    ),
  );
}
