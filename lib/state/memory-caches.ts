import type { Clock } from '../host/clock.ts';
import type { FlowValue } from '../message/flow-value.ts';
import { ownCopy, valueBytes } from './cached-value.ts';
import type { Caches } from './caches.ts';

/** What an entry takes beside its key and value, about. */
const entryOverhead = 150;
/** Entries that are looked at for one that has expired, before a good one has to go. */
const searched = 20;

export interface CacheBounds {
  readonly clock: Clock;
  readonly entries: number;
  readonly bytes: number;
}

interface Entry {
  readonly value: FlowValue;
  readonly expiry: number;
  readonly bytes: number;
}

/** Caches in memory, all within one pair of bounds. */
export function createMemoryCaches({
  clock,
  entries: mostEntries,
  bytes: mostBytes,
}: CacheBounds): Caches {
  // In the order of use, the longest unused first.
  const entries = new Map<string, Entry>();
  let bytes = 0;

  const remove = (key: string, entry: Entry): void => {
    entries.delete(key);
    bytes -= entry.bytes;
  };
  const makeRoom = (): void => {
    const now = clock.now();
    let looked = 0;
    for (const [key, entry] of entries) {
      if (entry.expiry <= now) remove(key, entry);
      if (++looked === searched) break;
    }
    for (const [key, entry] of entries) {
      if (entries.size <= mostEntries && bytes <= mostBytes) return;
      remove(key, entry);
    }
  };

  return {
    get(cache, key) {
      const whole = entryKey(cache, key);
      const entry = entries.get(whole);
      if (entry === undefined) return undefined;
      if (entry.expiry <= clock.now()) {
        remove(whole, entry);
        return undefined;
      }
      entries.delete(whole);
      entries.set(whole, entry);
      return ownCopy(entry.value);
    },
    put(cache, key, value, lifetime) {
      const whole = entryKey(cache, key);
      const old = entries.get(whole);
      if (old !== undefined) remove(whole, old);
      const size = entryOverhead + whole.length * 2 + valueBytes(value);
      if (!(lifetime > 0) || size > mostBytes) return;
      entries.set(whole, { value: ownCopy(value), expiry: clock.now() + lifetime, bytes: size });
      bytes += size;
      if (entries.size > mostEntries || bytes > mostBytes) makeRoom();
    },
    delete(cache, key) {
      const whole = entryKey(cache, key);
      const entry = entries.get(whole);
      if (entry !== undefined) remove(whole, entry);
    },
    deletePrefix(cache, prefix) {
      const start = entryKey(cache, prefix);
      for (const [key, entry] of entries) if (key.startsWith(start)) remove(key, entry);
    },
  };
}

/** The length in front keeps a cache's name and a key from passing for others. */
function entryKey(cache: string, key: string): string {
  return `${cache.length}:${cache}:${key}`;
}
