import type { FlowValue } from '../message/flow-value.ts';
import type { Awaitable } from './state.ts';

/** Named caches. Entries may go at any time to make room for others. */
export interface Caches {
  /** An entry that has not expired; a message is a copy of the reader's own. @throws {StateUnavailableError} */
  get(cache: string, key: string): Awaitable<FlowValue>;
  /** Keeps a value for so many milliseconds, in place of the one before. @throws {StateUnavailableError} */
  put(cache: string, key: string, value: FlowValue, lifetime: number): Awaitable<void>;
  /** @throws {StateUnavailableError} */
  delete(cache: string, key: string): Awaitable<void>;
  /** Removes every entry whose key starts so. @throws {StateUnavailableError} */
  deletePrefix(cache: string, prefix: string): Awaitable<void>;
}
