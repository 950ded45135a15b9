// CONTRACT SKETCH: replaced by the counters of Quota and SpikeArrest.
import type { Clock } from '../host/clock.ts';
import type { Counters } from './counters.ts';

export function createMemoryCounters(_options: { readonly clock: Clock }): Counters {
  return { reset: () => undefined };
}
