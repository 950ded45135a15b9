import { createRedisCaches } from './redis-caches.ts';
import { createRedisCounters } from './redis-counters.ts';
import { createRedisKeyValueMaps } from './redis-key-value-maps.ts';
import { RedisConnection, type RedisConnectionOptions } from './redis/connection.ts';
import type { State } from './state.ts';

export type RedisStateOptions = RedisConnectionOptions;

/**
 * State in a Redis or Valkey, shared by all processes that name it. It is connected to in the background:
 * while it is away everything throws StateUnavailableError after a bounded time, and `log` is told once.
 *
 * @param url `redis://[USER:PASSWORD@]HOST:PORT[/DATABASE]`, `rediss://...` for TLS, `unix:/PATH`
 * @throws {TypeError} for a URL that names no Redis
 */
export function createRedisState(url: string, options: RedisStateOptions): State {
  const connection = new RedisConnection(url, options);
  return {
    maps: createRedisKeyValueMaps(connection),
    caches: createRedisCaches(connection),
    counters: createRedisCounters(connection, { clock: options.clock }),
    close: () => connection.close(),
  };
}
