import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { readCount } from './count.ts';
import type { AllowNode, IdentifierNode, ResetQuotaPolicy } from './grammar.ts';

/** The deployment's rules. Whether the Quota exists shows only when the policy runs, as in Apigee. */
export function checkResetQuota({ name, quota, location }: ResetQuotaPolicy, report: Report): void {
  if ((quota?.name ?? '') === '' && (quota?.ref ?? '') === '') {
    report(
      diagnosticAt(
        quota?.location ?? location,
        'error',
        'quota-missing',
        'ResetQuota names no Quota policy.',
        'Name it: <Quota name="...">.',
      ),
    );
  }
  for (const identifier of quota?.identifier ?? []) {
    for (const allow of [identifier.allow, identifier.class?.allow]) {
      checkCount(allow, name, report);
    }
  }
  if (quota !== undefined && !quota.identifier.some(givesBack)) {
    report(
      diagnosticAt(
        quota.location,
        'warning',
        'nothing-to-reset',
        'ResetQuota gives nothing back.',
        'Add <Identifier name="_default"><Allow>100</Allow></Identifier>.',
      ),
    );
  }
}

function givesBack({ allow, class: ofClass }: IdentifierNode): boolean {
  return allow !== undefined || ofClass?.allow !== undefined;
}

function checkCount(allow: AllowNode | undefined, policy: string, report: Report): void {
  const text = allow?.value ?? '';
  if (allow === undefined || text === '' || readCount(text) !== undefined) return;
  report(
    diagnosticAt(
      allow.textLocation,
      'error',
      'InvalidCount',
      `Invalid count ${text} in ResetQuotaStepDefinition ${policy}`,
      'Write a whole number, 0 or more.',
    ),
  );
}
