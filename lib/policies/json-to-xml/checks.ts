import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { JsonToXmlPolicy } from './grammar.ts';

/** No page names a rule for deployment; that Options stands in every example is worth a word. */
export function checkJsonToXml({ name, options, location }: JsonToXmlPolicy, report: Report): void {
  if (options !== undefined) return;
  report(
    diagnosticAt(
      location,
      'warning',
      'no-options',
      `JSONToXML[${name}] has no Options; their defaults are used.`,
      'Add <Options/>.',
    ),
  );
}
