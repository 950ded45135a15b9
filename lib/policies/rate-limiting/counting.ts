import type { Counters, CounterStore } from '../../state/counters.ts';
import { StateUnavailableError, type Awaitable } from '../../state/state.ts';
import type { Flow } from '../../variables/flow.ts';

/** Runs an operation where a policy counts. It fails for no reason of the store's. */
export type Counting = <Result>(
  flow: Flow,
  operation: (store: CounterStore) => Awaitable<Result>,
) => Awaitable<Result>;

/**
 * Counts for all processes together or for this one alone. While the shared store is away each process
 * counts for itself: limits then hold for each, and no request fails because of the store.
 */
export function compileCounting(
  { shared, local }: Counters,
  place: 'shared' | 'local',
  policy: string,
): Counting {
  if (place === 'local') return (_flow, operation) => operation(local);
  let isAway = false;
  const alone = <Result>(
    flow: Flow,
    operation: (store: CounterStore) => Awaitable<Result>,
    error: unknown,
  ): Awaitable<Result> => {
    if (!(error instanceof StateUnavailableError)) throw error;
    if (!isAway) {
      isAway = true;
      flow.host.log.warn(
        { policy, error },
        'A rate limit counts in this process alone while the state store is away',
      );
    }
    return operation(local);
  };
  return (flow, operation) => {
    let pending;
    try {
      pending = operation(shared);
    } catch (error) {
      return alone(flow, operation, error);
    }
    if (!(pending instanceof Promise)) return pending;
    return pending.then(
      (result) => {
        isAway = false;
        return result;
      },
      (error: unknown) => alone(flow, operation, error),
    );
  };
}

/** Goes on with a value: at once if it is there, else when it comes. */
export function afterwards<Value>(
  value: Awaitable<Value>,
  goOn: (value: Value) => void,
): void | Promise<void> {
  if (value instanceof Promise) return value.then(goOn);
  goOn(value);
  return undefined;
}
