// CONTRACT SKETCH: replaced by the counters of Quota and SpikeArrest.
import type { Clock } from '../host/clock.ts';
import type { Counters } from './counters.ts';
import type { RedisConnection } from './redis/connection.ts';

export function createRedisCounters(
  _connection: RedisConnection,
  _options: { readonly clock: Clock },
): Counters {
  return { reset: () => undefined };
}
