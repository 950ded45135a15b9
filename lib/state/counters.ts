// CONTRACT SKETCH
import type { Awaitable } from './state.ts';

/** Counters of Quota and SpikeArrest. */
export interface Counters {
  /** Gives back what is kept for a counter. @throws {StateUnavailableError} */
  reset(counter: string): Awaitable<void>;
}
