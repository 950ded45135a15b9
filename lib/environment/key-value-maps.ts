import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { KeyValueMapSeed } from '../host/environment.ts';
import { asText, asTexts, fieldsOf, namedItems } from './fields.ts';
import type { LocatedMap, LocatedValue } from './located-value.ts';

/** Entries by map while files are read; what is read later replaces what was read before. */
export class GrowingMaps {
  readonly #maps = new Map<
    string,
    { seed: KeyValueMapSeed; entries: Map<string, readonly string[]> }
  >();

  entriesOf(map: Omit<KeyValueMapSeed, 'entries'>): Map<string, readonly string[]> {
    const id = JSON.stringify([map.scope, map.proxy, map.name]);
    const known = this.#maps.get(id);
    if (known !== undefined) return known.entries;
    const entries = new Map<string, readonly string[]>();
    this.#maps.set(id, { seed: { ...map, entries }, entries });
    return entries;
  }

  seeds(): readonly KeyValueMapSeed[] {
    return [...this.#maps.values()].map(({ seed }) => seed);
  }
}

/** Whose maps a file holds, unless an item of it says otherwise. */
export interface MapOwner {
  readonly scope: KeyValueMapSeed['scope'];
  readonly proxy?: string;
  /** Name of the environment that is read. */
  readonly environment: string;
}

/**
 * Reads key-value maps: an object from a map's name to its entries, or a list of maps as the management
 * API (`entry: [{ name, value }]`) and the emulator (`entries: { key: value }`) have them.
 */
export function readKeyValueMaps(
  value: LocatedValue,
  owner: MapOwner,
  maps: GrowingMaps,
  report: Report,
): void {
  for (const item of namedItems(value, 'The key-value maps', report)) {
    if (item.name !== undefined) {
      readEntries(item.value, maps.entriesOf({ ...scopeOf(owner), name: item.name }), report);
    } else if (item.value.kind === 'map') {
      readListedMap(item.value, owner, maps, report);
    } else {
      reportMissing(item.location, 'A key-value map', 'a name and entries', report);
    }
  }
}

function readListedMap(item: LocatedMap, owner: MapOwner, maps: GrowingMaps, report: Report): void {
  const fields = fieldsOf(item, report);
  const name = fields.text('name');
  if (name === undefined) {
    reportMissing(item.location, 'A key-value map', 'a name', report);
    return;
  }
  const environment = fields.text('environment') ?? owner.environment;
  const scope = scopeNamed(fields.text('scope'), fields.text('proxy', 'apiproxy'), owner);
  if (scope.scope === 'environment' && environment !== owner.environment) return;
  const entries = fields.entry('entries', 'entry', 'keyValueEntries');
  const known = maps.entriesOf({ ...scope, name });
  if (entries !== undefined) readEntries(entries.value, known, report);
}

type Scoped = Pick<KeyValueMapSeed, 'scope' | 'proxy'>;

function scopeOf({ scope, proxy }: MapOwner): Scoped {
  return proxy === undefined ? { scope } : { scope, proxy };
}

/** As the emulator does, a scope that is none of ours counts as the organization. */
function scopeNamed(
  written: string | undefined,
  proxy: string | undefined,
  owner: MapOwner,
): Scoped {
  switch (written?.trim().toLowerCase()) {
    case undefined:
      return scopeOf(owner);
    case 'environment':
    case 'env':
      return { scope: 'environment' };
    case 'apiproxy':
    case 'api': {
      const name = proxy ?? owner.proxy;
      return name === undefined ? { scope: 'organization' } : { scope: 'apiproxy', proxy: name };
    }
    default:
      return { scope: 'organization' };
  }
}

function readEntries(
  value: LocatedValue,
  entries: Map<string, readonly string[]>,
  report: Report,
): void {
  for (const item of namedItems(value, 'The entries of a key-value map', report)) {
    const listed = item.name === undefined && item.value.kind === 'map' ? item.value : undefined;
    const fields = listed === undefined ? undefined : fieldsOf(listed, report);
    const name = item.name ?? fields?.text('name', 'key');
    const written = fields === undefined ? item.value : fields.entry('value', 'values')?.value;
    const values = written === undefined ? undefined : textsIn(written);
    if (name === undefined || values === undefined) {
      reportMissing(item.location, 'An entry of a key-value map', 'a name and a text', report);
      continue;
    }
    entries.set(name, values);
  }
}

/** A text is one value, a list several; null is the empty text. */
function textsIn(value: LocatedValue): readonly string[] | undefined {
  if (value.kind === 'list') return asTexts(value);
  return value.kind === 'scalar' ? [asText(value) ?? ''] : undefined;
}

function reportMissing(place: Location, subject: string, needed: string, report: Report): void {
  const message = `${subject} needs ${needed}.`;
  const hint = 'Write e.g. { "name": "settings", "entries": { "url": "https://a.example" } }.';
  report(diagnosticAt(place, 'error', 'missing-field', message, hint));
}
