import type { Clock } from '../host/clock.ts';
import type { Counters, CounterId, CounterStore, Usage } from './counters.ts';
import type { FixedWindow } from './counting/fixed-window.ts';
import { exactUses, windowParts } from './counting/rolling-window.ts';
import { monthBlocks } from './counting/window.ts';
import { createMemoryCounterStore } from './memory-counters.ts';
import type { Argument, RedisConnection, Script } from './redis/connection.ts';
import {
  chargeFixed,
  chargeRolling,
  giveBackFixed,
  giveBackRolling,
  takeTokens,
} from './redis/counter-scripts.ts';
import { StateUnavailableError } from './state.ts';

export interface RedisCountersOptions {
  /** What this process's own counters are measured by. */
  readonly clock: Clock;
  /** Measures shared counters, in place of the store's own clock. */
  readonly sharedClock?: Clock;
}

/** Counters in Redis: each call is one round trip. Those of this process alone lie in its memory. */
export function createRedisCounters(
  connection: RedisConnection,
  { clock, sharedClock }: RedisCountersOptions,
): Counters {
  const run = async (
    script: Script,
    [kind, { family, bucket }]: readonly [kind: string, id: CounterId],
    args: readonly Argument[],
  ): Promise<unknown> => {
    const time = sharedClock === undefined ? '' : sharedClock.now();
    return connection.run(script, [connection.key(kind, family, bucket)], [time, ...args]);
  };
  const shared: CounterStore = {
    async charge(counter, charge) {
      const { window, weight, limit, mode } = charge;
      const call = [weight, limit, mode] as const;
      const reply =
        window.kind === 'rolling'
          ? await run(
              chargeRolling,
              ['rolling', counter],
              [...call, window.length, exactUses, windowParts],
            )
          : await run(
              chargeFixed,
              ['window', counter],
              [...call, ...windowArguments(window, sharedClock ?? clock)],
            );
      return usageOf(reply);
    },
    async giveBack(counter, kind, amount) {
      if (kind === 'rolling') await run(giveBackRolling, ['rolling', counter], [amount]);
      else await run(giveBackFixed, ['window', counter], [amount]);
    },
    async take(bucket, { messages, period, burst }, weight) {
      const args = [messages, period, burst, weight];
      return (await run(takeTokens, ['tokens', bucket], args)) === 1;
    },
  };
  return { shared, local: createMemoryCounterStore({ clock }) };
}

/** Months are worked out here; a clock that is off by less than a block has the script pick the right one. */
function windowArguments(window: FixedWindow, clock: Clock): readonly Argument[] {
  switch (window.kind) {
    case 'aligned':
      return [window.kind, window.origin, window.length];
    case 'flexi':
      return [window.kind, window.length];
    case 'months': {
      const { start, next, afterNext } = monthBlocks(window.count, clock.now());
      return [window.kind, start, next, afterNext];
    }
  }
}

/** @throws {StateUnavailableError} for an answer that no such script gives */
function usageOf(reply: unknown): Usage {
  const [allowed, used, end] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
  if (typeof used !== 'number' || typeof end !== 'number') {
    throw new StateUnavailableError('The state store gave an answer that is no count.');
  }
  return { allowed: allowed === 1, used, end };
}
