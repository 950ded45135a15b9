import type { Clock } from '../../lib/host/clock.ts';
import { silentLog } from '../../lib/host/log.ts';
import { systemClock } from '../../lib/host/clock.ts';
import type { CounterStore } from '../../lib/state/counters.ts';
import { createMemoryCounters } from '../../lib/state/memory-counters.ts';
import { createRedisCounters } from '../../lib/state/redis-counters.ts';
import { RedisConnection } from '../../lib/state/redis/connection.ts';
import { redisIsMissing, startRedis, type RedisServer } from '../support/redis-server.ts';

/** Counters of one kind, measured by a test's own clock. */
export interface CounterStores {
  readonly name: string;
  /** Why it cannot be tested here. */
  readonly missing: string | undefined;
  /** How many times a property is tried. */
  readonly tries: number;
  open(): Promise<void>;
  /** A store without any counters of before. */
  create(clock: Clock): CounterStore;
  close(): Promise<void>;
}

const inMemory: CounterStores = {
  name: 'in memory',
  missing: undefined,
  tries: 300,
  open: () => Promise.resolve(),
  create: (clock) => createMemoryCounters({ clock }).shared,
  close: () => Promise.resolve(),
};

class InRedis implements CounterStores {
  readonly name = 'in Redis';
  readonly missing = redisIsMissing;
  readonly tries = 25;
  #server: RedisServer | undefined;
  #connection: RedisConnection | undefined;
  #stores = 0;

  async open(): Promise<void> {
    this.#server = await startRedis();
    this.#connection = new RedisConnection(this.#server.url, {
      log: silentLog,
      clock: systemClock,
    });
  }

  create(clock: Clock): CounterStore {
    if (this.#connection === undefined) throw new Error('Not open.');
    this.#stores += 1;
    const { shared } = createRedisCounters(this.#connection, { clock, sharedClock: clock });
    const store = String(this.#stores);
    const own = ({ family, bucket }: { readonly family: string; readonly bucket: string }) => ({
      family: `${store}/${family}`,
      bucket,
    });
    return {
      charge: (counter, charge) => shared.charge(own(counter), charge),
      giveBack: (counter, kind, amount) => shared.giveBack(own(counter), kind, amount),
      take: (bucket, rate, weight) => shared.take(own(bucket), rate, weight),
    };
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    await this.#server?.stop();
  }
}

/** All implementations; each must do the same. */
export const counterStores: readonly CounterStores[] = [inMemory, new InRedis()];
