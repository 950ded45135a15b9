import type { Existing, KeyValueMaps, MapId } from './key-value-maps.ts';
import { StateUnavailableError } from './state.ts';

/** What an entry takes beside its texts, about. */
const entryOverhead = 100;

export interface MapBounds {
  readonly entries: number;
  readonly bytes: number;
}

/** Key-value maps in memory. What does not fit is refused, since an entry that goes missing may be a secret. */
export function createMemoryKeyValueMaps(most: MapBounds): KeyValueMaps {
  const maps = new Map<string, Map<string, readonly string[]>>();
  let entries = 0;
  let bytes = 0;

  const put = (id: MapId, key: string, values: readonly string[], existing: Existing): void => {
    const name = mapKey(id);
    const map = maps.get(name);
    const old = map?.get(key);
    if (old !== undefined && existing === 'keep') return;
    const growth = sizeOf(key, values) - (old === undefined ? 0 : sizeOf(key, old));
    const added = old === undefined ? 1 : 0;
    if (entries + added > most.entries || bytes + Math.max(growth, 0) > most.bytes) {
      throw new StateUnavailableError(
        `The key-value maps in memory are full: ${entries} entries, ${bytes} bytes`,
      );
    }
    entries += added;
    bytes += growth;
    const kept = [...values];
    if (map === undefined) maps.set(name, new Map([[key, kept]]));
    else map.set(key, kept);
  };

  return {
    get: (id, key) => maps.get(mapKey(id))?.get(key),
    put,
    delete(id, key) {
      const name = mapKey(id);
      const map = maps.get(name);
      const old = map?.get(key);
      if (map === undefined || old === undefined) return;
      map.delete(key);
      if (map.size === 0) maps.delete(name);
      entries -= 1;
      bytes -= sizeOf(key, old);
    },
    seed(id, seeds, existing) {
      for (const [key, values] of seeds) put(id, key, values, existing);
    },
  };
}

/** Self-delimiting, so that no names of another map give the same text. */
function mapKey({ scope, owner, name }: MapId): string {
  return JSON.stringify([scope, owner, name]);
}

/** Characters count double, as in memory. */
function sizeOf(key: string, values: readonly string[]): number {
  let characters = key.length;
  for (const value of values) characters += value.length;
  return entryOverhead + characters * 2;
}
