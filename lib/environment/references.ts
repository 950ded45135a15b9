import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import { asText, fieldsOf, namedItems } from './fields.ts';
import type { LocatedValue } from './located-value.ts';

/** Reads `[{ name, refers, resourceType }]`, or an object from reference name to store name. */
export function readReferences(
  value: LocatedValue,
  references: Map<string, string>,
  report: Report,
): void {
  for (const item of namedItems(value, 'The references', report)) {
    const fields = item.value.kind === 'map' ? fieldsOf(item.value, report) : undefined;
    const name = item.name ?? fields?.text('name');
    const refers = fields === undefined ? asText(item.value) : fields.text('refers', 'store');
    if (name === undefined || refers === undefined) {
      const message = 'A reference needs a name and the store it refers to.';
      const hint = 'Write "name" and "refers".';
      report(diagnosticAt(item.location, 'error', 'missing-field', message, hint));
      continue;
    }
    references.set(name, refers);
  }
}
