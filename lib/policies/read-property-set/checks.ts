import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { ReadNode, ReadPropertySetPolicy } from './grammar.ts';

/** No page names a deployment error of ReadPropertySet, so what is missing is only warned of. */
export function checkReadPropertySet(
  { read, location }: ReadPropertySetPolicy,
  report: Report,
): void {
  if (read.length === 0) {
    const message = 'This ReadPropertySet has no Read and sets nothing.';
    report(diagnosticAt(location, 'warning', 'nothing-to-do', message, 'Add a Read.'));
  }
  for (const node of read) checkRead(node, report);
}

function checkRead({ name, key, assignTo, location }: ReadNode, report: Report): void {
  const isGiven = (node: ReadNode['name']): boolean =>
    (node?.value ?? '') !== '' || (node?.ref ?? '') !== '';
  const missing = [
    ...(isGiven(name) ? [] : ['Name']),
    ...(isGiven(key) ? [] : ['Key']),
    ...((assignTo?.value ?? '') === '' ? ['AssignTo'] : []),
  ];
  if (missing.length === 0) return;
  report(
    diagnosticAt(
      location,
      'warning',
      'incomplete-read',
      `This Read lacks ${missing.join(' and ')} and sets nothing.`,
      'Say which key of which property set goes into which variable.',
    ),
  );
}
