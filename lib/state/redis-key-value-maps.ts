import type { Existing, KeyValueMaps, MapId } from './key-value-maps.ts';
import type { RedisConnection } from './redis/connection.ts';

interface Seed {
  readonly map: MapId;
  readonly entries: ReadonlyMap<string, readonly string[]>;
  readonly existing: Existing;
}

/** Key-value maps in Redis: a hash each, and an entry's values as a JSON list. */
export function createRedisKeyValueMaps(connection: RedisConnection): KeyValueMaps {
  const hashOf = ({ scope, owner, name }: MapId): string =>
    connection.key('kvm', scope, ...owner, name);
  const seeds: Seed[] = [];
  let sowing: Promise<void> | undefined;

  const put = async (
    map: MapId,
    key: string,
    values: readonly string[],
    existing: Existing,
  ): Promise<void> => {
    const command = existing === 'keep' ? 'HSETNX' : 'HSET';
    await connection.text(command, hashOf(map), key, JSON.stringify(values));
  };
  const sow = async (): Promise<void> => {
    for (let seed = seeds[0]; seed !== undefined; seed = seeds[0]) {
      const { map, entries, existing } = seed;
      await Promise.all([...entries].map(([key, values]) => put(map, key, values, existing)));
      seeds.shift();
    }
  };
  /** @throws {StateUnavailableError} */
  const sown = async (): Promise<void> => {
    if (seeds.length === 0) return;
    sowing ??= sow().finally(() => {
      sowing = undefined;
    });
    await sowing;
  };
  connection.onReady(() => {
    // Who reads is told if that fails.
    sown().catch(() => undefined);
  });

  return {
    async get(map, key) {
      await sown();
      return valuesIn(await connection.text('HGET', hashOf(map), key));
    },
    async put(map, key, values, existing) {
      await sown();
      await put(map, key, values, existing);
    },
    async delete(map, key) {
      await sown();
      await connection.text('HDEL', hashOf(map), key);
    },
    seed(map, entries, existing) {
      if (entries.size === 0) return;
      seeds.push({ map, entries: new Map(entries), existing });
      sown().catch(() => undefined);
    },
  };
}

/** What somebody else wrote there counts as one value. */
function valuesIn(answer: unknown): readonly string[] | undefined {
  if (typeof answer !== 'string') return undefined;
  try {
    const values: unknown = JSON.parse(answer);
    if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return values;
  } catch {
    // No JSON.
  }
  return [answer];
}
