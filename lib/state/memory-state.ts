import type { Clock } from '../host/clock.ts';
import { createMemoryCaches } from './memory-caches.ts';
import { createMemoryCounters } from './memory-counters.ts';
import { createMemoryKeyValueMaps } from './memory-key-value-maps.ts';
import type { State } from './state.ts';

export interface MemoryStateOptions {
  /** What lifetimes are measured by. */
  readonly clock: Clock;
  /** Most entries of all caches together; 100,000 unless given. */
  readonly cacheEntries?: number;
  /** Most bytes that keys and values of all caches take, about; 128 MiB unless given. */
  readonly cacheBytes?: number;
  /** Most entries of all key-value maps together; 100,000 unless given. */
  readonly mapEntries?: number;
  /** Most bytes that keys and values of all key-value maps take, about; 64 MiB unless given. */
  readonly mapBytes?: number;
}

/**
 * State that lives and dies with the process. Bounded: a full cache gives up what expired, then what was
 * not used for longest; a key-value map that is full takes no more.
 */
export function createMemoryState({
  clock,
  cacheEntries = 100_000,
  cacheBytes = 128 * 1024 ** 2,
  mapEntries = 100_000,
  mapBytes = 64 * 1024 ** 2,
}: MemoryStateOptions): State {
  return {
    maps: createMemoryKeyValueMaps({ entries: mapEntries, bytes: mapBytes }),
    caches: createMemoryCaches({ clock, entries: cacheEntries, bytes: cacheBytes }),
    counters: createMemoryCounters({ clock }),
    close: () => Promise.resolve(),
  };
}
