import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { blockIn } from './address.ts';
import type { AccessControlPolicy, SourceAddressNode } from './grammar.ts';

/** No page names a deployment error of AccessControl, so what is wrong is only warned of. */
export function checkAccessControl(
  { ipRules, location }: AccessControlPolicy,
  report: Report,
): void {
  if (ipRules === undefined) {
    report(
      diagnosticAt(
        location,
        'warning',
        'nothing-to-do',
        'This AccessControl has no IPRules and lets every request through.',
        'Add IPRules with a MatchRule.',
      ),
    );
  }
  for (const { sourceAddress } of ipRules?.matchRule ?? []) {
    for (const node of sourceAddress) checkBlock(node, report);
  }
}

function checkBlock({ value = '', mask = '', location }: SourceAddressNode, report: Report): void {
  if (value.includes('{') || mask.includes('{')) return;
  if (blockIn(value, mask) !== undefined) return;
  report(
    diagnosticAt(
      location,
      'warning',
      'invalid-address',
      value === ''
        ? 'This SourceAddress is empty and matches nothing.'
        : `"${value}" with mask "${mask}" is no block of addresses; every request would fail.`,
      'Write an IPv4 address with a mask of 1 to 32, or an IPv6 address with one of 1 to 128.',
    ),
  );
}
