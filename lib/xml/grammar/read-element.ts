import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { placeOf } from '../../diagnostic/place.ts';
import type { Location } from '../../diagnostic/location.ts';
import { childElements, textOf, type XmlElement, type XmlText } from '../tree.ts';
import { writeXml } from '../write.ts';
import {
  spellingOf,
  type Attribute,
  type ElementSyntax,
  type Field,
  type Fields,
  type NodeOf,
} from './element.ts';
import type { ValueSyntax } from './value.ts';

/** What a child without a place in the grammar is called; Apigee's tools speak of misplaced ones in endpoints. */
export type Strangers = 'unknown' | 'misplaced';

/**
 * Reads an element by its grammar. Children may stand in any order; what the grammar does not know is
 * reported as a warning and left out, since published bundles carry such elements and run.
 */
export function readElement<E extends ElementSyntax>(
  xml: XmlElement,
  syntax: E,
  report: Report,
  strangers: Strangers = 'unknown',
): NodeOf<E> {
  // The one place where the runtime walk over a declaration meets the type computed from it.
  return readNode(xml, syntax, { report, strangers }) as unknown as NodeOf<E>;
}

type Node = Readonly<Record<string, unknown>> & { readonly location: Location };

interface Reading {
  readonly report: Report;
  readonly strangers: Strangers;
}

function readNode(xml: XmlElement, syntax: ElementSyntax, reading: Reading): Node {
  const { report } = reading;
  if (syntax.text === undefined) reportStrayText(xml, report);
  const attributes = readAttributes(xml, syntax, report);
  return {
    location: xml.location,
    ...attributes,
    ...(syntax.text === undefined ? undefined : readText(xml, syntax.text, report)),
    ...valueAttribute(xml, attributes),
    ...(syntax.text?.content === 'markup' ? {} : readChildren(xml, syntax.children ?? {}, reading)),
  };
}

/** An attribute called value stands for the text of an element without any. */
function valueAttribute(
  xml: XmlElement,
  { value }: Readonly<Record<string, unknown>>,
): { value: unknown } | undefined {
  return value === undefined || textOf(xml).trim() !== '' ? undefined : { value };
}

function readAttributes(
  xml: XmlElement,
  syntax: ElementSyntax,
  report: Report,
): Record<string, unknown> {
  const bySpelling = new Map<
    string,
    { readonly name: string; readonly declared: Attribute<unknown, unknown> }
  >();
  const values: Record<string, unknown> = {};
  for (const [name, declared] of Object.entries(syntax.attributes ?? {})) {
    values[name] = declared.fallback;
    bySpelling.set(spellingOf(name, declared), { name, declared });
  }
  for (const { prefix, local, value, location } of xml.attributes) {
    if (local === 'xmlns' || prefix !== '') continue;
    const known = bySpelling.get(local);
    if (known === undefined) {
      report(
        diagnosticAt(
          location,
          'warning',
          'unknown-attribute',
          `The attribute ${local} of ${xml.local} is not known and is ignored.`,
          suggestion(local, [...bySpelling.keys()]),
        ),
      );
      continue;
    }
    const subject = `attribute ${local} of ${xml.local}`;
    const { name, declared } = known;
    values[name] = declared.syntax.read(value, { location, subject, report }) ?? declared.fallback;
  }
  return values;
}

function readText(
  xml: XmlElement,
  syntax: ValueSyntax<unknown>,
  report: Report,
): { value: unknown; textLocation: Location } {
  const markup = syntax.content === 'markup' && xml.children.some(({ kind }) => kind === 'element');
  const raw = markup ? writeXml(xml.children) : textOf(xml);
  const first = xml.children.find(({ kind }) => markup || kind !== 'element');
  const location = first?.location ?? xml.location;
  const subject = `element ${xml.local}`;
  const value = syntax.read(raw, { location, subject, report });
  const skipped = typeof value === 'string' && !raw.startsWith(value) ? leadingSpace(raw) : '';
  return { value, textLocation: placeOf(location, skipped, skipped.length) };
}

function reportStrayText(xml: XmlElement, report: Report): void {
  const stray = xml.children.find(
    (child): child is XmlText => child.kind !== 'element' && child.value.trim() !== '',
  );
  if (stray !== undefined) {
    report(
      diagnosticAt(
        placeOf(stray.location, stray.value, leadingSpace(stray.value).length),
        'warning',
        'stray-text',
        `The text in ${xml.local} has no meaning and is ignored.`,
        'Remove it, or move it into the element it belongs to.',
      ),
    );
  }
}

function leadingSpace(raw: string): string {
  return raw.slice(0, raw.length - raw.trimStart().length);
}

function readChildren(xml: XmlElement, fields: Fields, reading: Reading): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const byName = new Map<string, { readonly key: string; readonly field: Field }>();
  for (const [key, field] of Object.entries(fields)) {
    if (field.kind === 'many' || field.kind === 'ordered') values[key] = [];
    for (const name of elementNames(field)) byName.set(name, { key, field });
  }
  for (const child of childElements(xml)) {
    const known = byName.get(child.local);
    if (known === undefined) reportStranger(child, xml, [...byName.keys()], reading);
    else readField(child, xml, known.key, known.field, values, reading);
  }
  return values;
}

function elementNames(field: Field): readonly string[] {
  return field.kind === 'ordered' ? Object.keys(field.elements) : field.names;
}

function readField(
  child: XmlElement,
  parent: XmlElement,
  key: string,
  field: Field,
  values: Record<string, unknown>,
  reading: Reading,
): void {
  switch (field.kind) {
    case 'ignored':
      return;
    case 'optional':
      if (values[key] !== undefined) {
        reportDuplicate(child, parent, field.counts, reading.report);
        if (field.counts === 'first') return;
      }
      values[key] = readNode(child, field.element, reading);
      return;
    case 'many':
      append(values, key, readNode(child, field.element, reading));
      return;
    case 'ordered': {
      const syntax = field.elements[child.local];
      if (syntax !== undefined)
        append(values, key, { type: child.local, ...readNode(child, syntax, reading) });
    }
  }
}

function append(values: Record<string, unknown>, key: string, node: Node): void {
  const list = values[key];
  if (Array.isArray(list)) list.push(node);
}

function reportDuplicate(
  child: XmlElement,
  parent: XmlElement,
  counts: 'first' | 'last',
  report: Report,
): void {
  const { local, location } = child;
  const finding =
    counts === 'first'
      ? diagnosticAt(
          location,
          'warning',
          'extra-element',
          `Extra ${local} element`,
          `${parent.local} has one already, which counts; move what this one holds there.`,
        )
      : diagnosticAt(
          location,
          'warning',
          'duplicate-element',
          `${parent.local} has more than one ${local}; the last one counts.`,
          `Leave one ${local}.`,
        );
  report(finding);
}

function reportStranger(
  child: XmlElement,
  parent: XmlElement,
  known: readonly string[],
  { report, strangers }: Reading,
): void {
  const misplaced = strangers === 'misplaced';
  report(
    diagnosticAt(
      child.location,
      'warning',
      misplaced ? 'misplaced-element' : 'unknown-element',
      misplaced
        ? `Misplaced '${child.local}' element child of ${parent.local}`
        : `The element ${child.local} has no meaning in ${parent.local} and is ignored.`,
      suggestion(child.local, known),
    ),
  );
}

/** A kind word about a name that is not known: the one that was probably meant, or all there are. */
function suggestion(name: string, known: readonly string[]): string {
  const plain = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '');
  const meant = known.find((word) => plain(word) === plain(name));
  if (meant !== undefined) return `Did you mean ${meant}?`;
  if (known.length === 0) return 'Remove it; nothing is expected here.';
  return `Remove it, or write one of ${known.join(', ')}.`;
}
