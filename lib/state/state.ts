import type { Caches } from './caches.ts';
import type { Counters } from './counters.ts';
import type { KeyValueMaps } from './key-value-maps.ts';

/** At once where the state lies in memory; a promise where it lies elsewhere. */
export type Awaitable<Value> = Value | Promise<Value>;

/** What outlives a request. One interface; memory and Redis behind it. */
export interface State {
  readonly maps: KeyValueMaps;
  readonly caches: Caches;
  readonly counters: Counters;
  close(): Promise<void>;
}

/** The store could not answer: it is down, too slow, full, or refused. What then happens is the policy's to say. */
export class StateUnavailableError extends Error {
  override readonly name = 'StateUnavailableError';
}
