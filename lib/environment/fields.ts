import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { LocatedEntry, LocatedMap, LocatedValue } from './located-value.ts';

/**
 * The fields of one map, read as liberally as Apigee reads its entities: names in any case, booleans
 * and numbers also as texts, null as absent. What cannot be read is reported and answered as absent.
 */
export interface Fields {
  readonly location: Location;
  /** The first of `names` that is present and not null. */
  entry(...names: readonly string[]): LocatedEntry | undefined;
  text(...names: readonly string[]): string | undefined;
  flag(...names: readonly string[]): boolean | undefined;
  whole(...names: readonly string[]): number | undefined;
  texts(...names: readonly string[]): readonly string[];
  /** Warns of every field that nobody asked for. */
  warnOfOthers(): void;
}

export function fieldsOf(map: LocatedMap, report: Report): Fields {
  const byName = new Map<string, { written: string; entry: LocatedEntry }>();
  for (const [written, entry] of map.entries) byName.set(fold(written), { written, entry });
  const asked = new Set<string>();

  function entry(...names: readonly string[]): LocatedEntry | undefined {
    for (const name of names) asked.add(fold(name));
    for (const name of names) {
      const found = byName.get(fold(name))?.entry;
      if (found !== undefined && !isNull(found.value)) return found;
    }
    return undefined;
  }

  function read<T>(
    names: readonly string[],
    convert: (value: LocatedValue) => T | undefined,
    expected: string,
  ): T | undefined {
    const found = entry(...names);
    if (found === undefined) return undefined;
    const value = convert(found.value);
    if (value === undefined) {
      const what = `"${names[0] ?? ''}" must be ${expected}.`;
      report(
        diagnosticAt(found.value.location, 'error', 'invalid-value', what, `Give ${expected}.`),
      );
    }
    return value;
  }

  return {
    location: map.location,
    entry,
    text: (...names) => read(names, asText, 'a text'),
    flag: (...names) => read(names, asFlag, 'true or false'),
    whole: (...names) => read(names, asWhole, 'a whole number'),
    texts: (...names) => read(names, asTexts, 'a list of texts') ?? [],
    warnOfOthers() {
      for (const [name, { written, entry: other }] of byName) {
        if (asked.has(name)) continue;
        const message = `The field "${written}" is not known here and has no effect.`;
        const hint = `Remove it, or use one of: ${[...asked].join(', ')}.`;
        report(diagnosticAt(other.location, 'warning', 'unknown-field', message, hint));
      }
    },
  };
}

/** The map itself, or a report that one was expected. */
export function expectMap(
  value: LocatedValue,
  what: string,
  report: Report,
): LocatedMap | undefined {
  if (value.kind === 'map') return value;
  const message = `${what} must be an object with named fields.`;
  report(
    diagnosticAt(value.location, 'error', 'invalid-value', message, 'Write names and values.'),
  );
  return undefined;
}

/** One item of a collection; `name` is known when the collection is a map by name. */
export interface Named {
  readonly name: string | undefined;
  readonly location: Location;
  readonly value: LocatedValue;
}

/** The items of a list, or of a map from names to items. Null is an empty collection. */
export function namedItems(value: LocatedValue, what: string, report: Report): readonly Named[] {
  if (value.kind === 'list') {
    return value.items.map((item) => ({ name: undefined, location: item.location, value: item }));
  }
  if (value.kind === 'map') {
    return [...value.entries].map(([name, entry]) => ({
      name,
      location: entry.location,
      value: entry.value,
    }));
  }
  if (!isNull(value)) {
    const message = `${what} must be a list, or an object keyed by name.`;
    report(diagnosticAt(value.location, 'error', 'invalid-value', message, 'Write a list.'));
  }
  return [];
}

/** The text a value holds; numbers and booleans become their text. */
export function asText(value: LocatedValue): string | undefined {
  if (value.kind !== 'scalar' || value.value === null) return undefined;
  return String(value.value);
}

function asFlag(value: LocatedValue): boolean | undefined {
  if (value.kind !== 'scalar') return undefined;
  if (typeof value.value === 'boolean') return value.value;
  const text = asText(value)?.trim().toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function asWhole(value: LocatedValue): number | undefined {
  const text = asText(value)?.trim();
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Texts of a list; one text alone is a list of one. */
export function asTexts(value: LocatedValue): readonly string[] | undefined {
  if (value.kind === 'scalar') {
    const text = asText(value);
    return text === undefined ? [] : [text];
  }
  if (value.kind === 'map') return undefined;
  const texts = value.items.map(asText);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function isNull(value: LocatedValue): boolean {
  return value.kind === 'scalar' && value.value === null;
}

function fold(name: string): string {
  return name.toLowerCase();
}
