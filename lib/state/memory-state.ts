// CONTRACT SKETCH
import type { Clock } from '../host/clock.ts';
import { createMemoryCounters } from './memory-counters.ts';
import type { State } from './state.ts';

/** State that lives and dies with the process; bounded, and expiring by the given clock. */
export function createMemoryState({ clock }: { readonly clock: Clock }): State {
  const missing = (): never => {
    throw new Error('Not built yet');
  };
  return {
    maps: { get: missing, put: missing, delete: missing },
    caches: { get: missing, put: missing, delete: missing, deletePrefix: missing },
    counters: createMemoryCounters({ clock }),
    close: () => Promise.resolve(),
  };
}
