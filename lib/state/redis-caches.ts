import type { FlowValue } from '../message/flow-value.ts';
import { decodeValue, encodeValue } from './cached-value.ts';
import type { Caches } from './caches.ts';
import { script, type RedisConnection } from './redis/connection.ts';

/** Longest lifetime that a Redis takes without overflow; nearly 300 years. */
const longestLifetime = 2 ** 43;

/**
 * Keeps an entry, and notes its key twice for the sake of prefixes: by name, and by when it expires.
 * Each put clears away the notes of a few entries that are gone.
 */
const putEntry = script(`
local entry, names, expiries = KEYS[1], KEYS[2], KEYS[3]
local name, value, lifetime = ARGV[1], ARGV[2], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', entry, value, 'PX', ARGV[3])
redis.call('ZADD', names, 0, name)
redis.call('ZADD', expiries, string.format('%d', now + lifetime), name)
for _, key in ipairs({ names, expiries }) do
  if redis.call('PTTL', key) < lifetime then redis.call('PEXPIRE', key, ARGV[3]) end
end
local gone = redis.call('ZRANGEBYSCORE', expiries, '-inf', string.format('%d', now), 'LIMIT', 0, 10)
if #gone > 0 then
  redis.call('ZREM', names, unpack(gone))
  redis.call('ZREM', expiries, unpack(gone))
end
`);

/** Removes up to a thousand entries whose key starts so; returns how many. */
const deleteSome = script(`
local names, expiries = KEYS[1], KEYS[2]
local start, prefix = ARGV[1], ARGV[2]
local found = redis.call('ZRANGEBYLEX', names, '[' .. prefix, '[' .. prefix .. '\\255', 'LIMIT', 0, 1000)
if #found == 0 then return 0 end
for _, name in ipairs(found) do redis.call('UNLINK', start .. name) end
redis.call('ZREM', names, unpack(found))
redis.call('ZREM', expiries, unpack(found))
return #found
`);

/** Caches in Redis: an entry is a key that expires. */
export function createRedisCaches(connection: RedisConnection): Caches {
  const startOf = (cache: string): string => connection.key('cache', cache);
  const notesOf = (cache: string): readonly [names: string, expiries: string] => [
    connection.key('cache-names', cache),
    connection.key('cache-expiries', cache),
  ];
  return {
    async get(cache, key): Promise<FlowValue> {
      const answer = await connection.bytes('GET', startOf(cache) + key);
      return answer instanceof Uint8Array ? decodeValue(answer) : undefined;
    },
    async put(cache, key, value, lifetime) {
      const entry = startOf(cache) + key;
      const whole = Math.min(Math.floor(lifetime), longestLifetime);
      if (!(whole > 0)) {
        await connection.text('UNLINK', entry);
        return;
      }
      await connection.run(putEntry, [entry, ...notesOf(cache)], [key, encodeValue(value), whole]);
    },
    async delete(cache, key) {
      await connection.text('UNLINK', startOf(cache) + key);
    },
    async deletePrefix(cache, prefix) {
      const notes = notesOf(cache);
      let removed: unknown;
      do removed = await connection.run(deleteSome, notes, [startOf(cache), prefix]);
      while (removed === 1000);
    },
  };
}
