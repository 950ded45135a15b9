import { expect } from 'chai';
import fc from 'fast-check';
import { systemClock } from '../../lib/host/clock.ts';
import { silentLog } from '../../lib/host/log.ts';
import type { FlowValue } from '../../lib/message/flow-value.ts';
import { messageFrom } from '../../lib/message/message-init.ts';
import { Message } from '../../lib/message/message.ts';
import type { MapId } from '../../lib/state/key-value-maps.ts';
import { createMemoryState } from '../../lib/state/memory-state.ts';
import { createRedisState } from '../../lib/state/redis-state.ts';
import type { State } from '../../lib/state/state.ts';
import { redisIsMissing, startRedis, type RedisServer } from '../support/redis-server.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** A state under test, and how its time passes. */
interface Kept {
  readonly state: State;
  /** Resolves when `gone` does, after so many milliseconds or more have passed. */
  until(milliseconds: number, gone: () => Promise<boolean>): Promise<void>;
}

interface Implementation {
  readonly name: string;
  readonly missing: string | undefined;
  open(): Promise<Kept & { close(): Promise<void> }>;
}

const memory: Implementation = {
  name: 'memory',
  missing: undefined,
  open() {
    const clock = new VirtualClock();
    const state = createMemoryState({ clock });
    return Promise.resolve({
      state,
      async until(milliseconds: number, gone: () => Promise<boolean>) {
        clock.advance(milliseconds - 1);
        expect(await gone(), 'gone before its time').to.equal(false);
        clock.advance(1);
        expect(await gone(), 'gone').to.equal(true);
      },
      close: () => state.close(),
    });
  },
};

const redis: Implementation = {
  name: 'Redis',
  missing: redisIsMissing,
  async open() {
    const server: RedisServer = await startRedis();
    const state = createRedisState(server.url, { log: silentLog, clock: systemClock });
    return {
      state,
      async until(_milliseconds: number, gone: () => Promise<boolean>) {
        // The test's own timeout ends it.
        while (!(await gone())) await new Promise(setImmediate);
      },
      async close() {
        await state.close();
        await server.stop();
      },
    };
  },
};

const map = (name: string, owner: readonly string[] = ['acme', 'test']): MapId => ({
  scope: 'environment',
  owner,
  name,
});
const long = 60_000;

for (const implementation of [memory, redis]) {
  const { name, missing } = implementation;
  describe(`state in ${name}`, () => {
    if (missing !== undefined) {
      it(`is tried where there is one: ${missing}`);
      return;
    }
    let kept: Awaited<ReturnType<Implementation['open']>>;
    let state: State;
    before(async () => {
      kept = await implementation.open();
      ({ state } = kept);
    });
    after(async () => {
      await kept.close();
    });

    describe('key-value maps', () => {
      it('give back what was put', async () => {
        await state.maps.put(map('a'), 'k', ['x', 'y'], 'keep');
        expect(await state.maps.get(map('a'), 'k')).to.deep.equal(['x', 'y']);
      });

      it('have nothing where nothing was put', async () => {
        expect(await state.maps.get(map('a'), 'absent')).to.equal(undefined);
        expect(await state.maps.get(map('absent'), 'k')).to.equal(undefined);
      });

      it('keep an entry that exists, or replace it, as they are told', async () => {
        await state.maps.put(map('b'), 'k', ['1'], 'keep');
        await state.maps.put(map('b'), 'k', ['2'], 'keep');
        expect(await state.maps.get(map('b'), 'k')).to.deep.equal(['1']);
        await state.maps.put(map('b'), 'k', ['3'], 'replace');
        expect(await state.maps.get(map('b'), 'k')).to.deep.equal(['3']);
      });

      it('forget what was deleted, and let what never was be deleted', async () => {
        await state.maps.put(map('c'), 'k', ['1'], 'keep');
        await state.maps.delete(map('c'), 'k');
        await state.maps.delete(map('c'), 'k');
        expect(await state.maps.get(map('c'), 'k')).to.equal(undefined);
        await state.maps.put(map('c'), 'k', ['2'], 'keep');
        expect(await state.maps.get(map('c'), 'k')).to.deep.equal(['2']);
      });

      it('seed entries before anything is read', async () => {
        const seeds = new Map([
          ['k', ['1']],
          ['l', ['2', '3']],
        ]);
        state.maps.seed(map('d'), seeds, 'keep');
        expect(await state.maps.get(map('d'), 'k')).to.deep.equal(['1']);
        expect(await state.maps.get(map('d'), 'l')).to.deep.equal(['2', '3']);
        state.maps.seed(map('d'), new Map([['k', ['4']]]), 'keep');
        expect(await state.maps.get(map('d'), 'k')).to.deep.equal(['1']);
        state.maps.seed(map('d'), new Map([['k', ['5']]]), 'replace');
        expect(await state.maps.get(map('d'), 'k')).to.deep.equal(['5']);
      });

      it('tell maps apart by scope, owner and name, whatever separators these hold', async () => {
        const maps: readonly MapId[] = [
          { scope: 'environment', owner: ['a', 'b'], name: 'c' },
          { scope: 'apiproxy', owner: ['a', 'b'], name: 'c' },
          { scope: 'environment', owner: ['a', 'b', 'c'], name: '' },
          { scope: 'environment', owner: ['a'], name: 'b","c' },
          { scope: 'environment', owner: ['a","b'], name: 'c' },
          { scope: 'environment', owner: ['a__b'], name: 'c' },
          { scope: 'environment', owner: ['a:b'], name: 'c' },
          { scope: 'organization', owner: ['a\0b'], name: 'c' },
          { scope: 'organization', owner: ['a'], name: '\0b\0c' },
        ];
        for (const [index, one] of maps.entries()) {
          await state.maps.put(one, 'k', [String(index)], 'replace');
        }
        for (const [index, one] of maps.entries()) {
          expect(await state.maps.get(one, 'k'), JSON.stringify(one)).to.deep.equal([
            String(index),
          ]);
        }
      });

      it('take any key and any values', async () => {
        const key = fc.oneof(
          fc.constantFrom('__proto__', 'constructor', '', '\0', 'a\r\nb', '*', 'k?', '[a]'),
          fc.string({ unit: 'grapheme' }),
        );
        await fc.assert(
          fc.asyncProperty(key, fc.array(fc.string()), async (entry, values) => {
            await state.maps.put(map('any'), entry, values, 'replace');
            expect(await state.maps.get(map('any'), entry)).to.deep.equal(values);
          }),
          { numRuns: 200 },
        );
        expect(Object.keys(Object.prototype)).to.deep.equal([]);
      });

      it('take a key of a megabyte', async () => {
        const key = 'k'.repeat(1024 ** 2);
        await state.maps.put(map('long'), key, ['v'], 'keep');
        expect(await state.maps.get(map('long'), key)).to.deep.equal(['v']);
        expect(await state.maps.get(map('long'), `${key}k`)).to.equal(undefined);
      });
    });

    describe('caches', () => {
      it('give back values with their types', async () => {
        const values: readonly FlowValue[] = [
          'text',
          '',
          '\ud800 alone',
          0,
          -0,
          1.5,
          NaN,
          -Infinity,
          true,
          false,
          12345678901234567890n,
          [],
          ['a', 1, null, [true, 2n]],
        ];
        for (const value of values) {
          await state.caches.put('types', 'k', value, long);
          expect(await state.caches.get('types', 'k')).to.deep.equal(value);
        }
      });

      it('give back any value that a cache can keep', async () => {
        const { tree } = fc.letrec<{ tree: FlowValue }>((tie) => ({
          tree: fc.oneof(
            { depthSize: 'small' },
            fc.string({ unit: 'binary' }),
            fc.double(),
            fc.boolean(),
            fc.bigInt(),
            fc.array(tie('tree')),
          ),
        }));
        await fc.assert(
          fc.asyncProperty(tree, async (value) => {
            await state.caches.put('any', 'k', value, long);
            expect(await state.caches.get('any', 'k')).to.deep.equal(value);
          }),
          { numRuns: 200 },
        );
      });

      it('give back a message with its status, header lines and bytes', async () => {
        const response = messageFrom({
          message: 'response',
          statusCode: 418,
          reasonPhrase: 'Teapot',
          version: 'HTTP/1.0',
          headers: { 'Set-Cookie': ['a=1', 'b=2'], 'X-Empty': '' },
          content: Uint8Array.of(0, 255, 10, 13),
        });
        const request = messageFrom({
          message: 'request',
          verb: 'PUT',
          path: '/a?b=%20&b=2',
          content: 'ü',
        });
        request.url = 'http://a.test/a';
        for (const message of [response, request, new Message('request')]) {
          await state.caches.put('messages', 'k', message, long);
          const found = await state.caches.get('messages', 'k');
          expect(found).to.be.instanceOf(Message);
          expect(partsOf(found)).to.deep.equal(partsOf(message));
          await state.caches.put('messages', 'k', [message], long);
          const list = await state.caches.get('messages', 'k');
          expect(Array.isArray(list) ? partsOf(list[0] as FlowValue) : list).to.deep.equal(
            partsOf(message),
          );
        }
      });

      it('keep a message as it was, whoever alters theirs', async () => {
        const message = messageFrom({ message: 'response', content: 'before' });
        await state.caches.put('snapshots', 'k', message, long);
        message.content = 'after';
        message.headers.set('X', '1');
        const first = await state.caches.get('snapshots', 'k');
        if (!(first instanceof Message)) throw new Error('no message');
        expect(first.content).to.equal('before');
        first.content = 'mine';
        first.headers.set('Y', '1');
        const second = await state.caches.get('snapshots', 'k');
        if (!(second instanceof Message)) throw new Error('no message');
        expect([second.content, second.headers.lines()]).to.deep.equal(['before', []]);
      });

      it('have nothing where nothing was put', async () => {
        expect(await state.caches.get('empty', 'k')).to.equal(undefined);
      });

      it('replace an entry, and delete it', async () => {
        await state.caches.put('c', 'k', 1, long);
        await state.caches.put('c', 'k', 2, long);
        expect(await state.caches.get('c', 'k')).to.equal(2);
        await state.caches.delete('c', 'k');
        await state.caches.delete('c', 'k');
        expect(await state.caches.get('c', 'k')).to.equal(undefined);
      });

      it('tell caches and keys apart, whatever separators these hold', async () => {
        const entries = [
          ['a', 'b:c'],
          ['a:b', 'c'],
          ['a"]', 'b'],
          ['a', '"]b'],
          ['', 'a:b'],
          ['a:', 'b'],
          ['__proto__', 'b'],
          ['1:a', ':b'],
        ] as const;
        for (const [cache, key] of entries) await state.caches.put(cache, key, cache + key, long);
        for (const [cache, key] of entries) {
          expect(await state.caches.get(cache, key)).to.equal(cache + key);
        }
      });

      it('give an entry no more after its lifetime', async () => {
        await state.caches.put('expiry', 'k', 'v', 50);
        await state.caches.put('expiry', 'other', 'v', long);
        await kept.until(50, async () => (await state.caches.get('expiry', 'k')) === undefined);
        expect(await state.caches.get('expiry', 'other')).to.equal('v');
      });

      it('begin the lifetime anew when an entry is replaced', async () => {
        await state.caches.put('renewal', 'k', 'v', 40);
        await state.caches.put('renewal', 'k', 'w', long);
        await state.caches.put('renewal', 'l', 'v', 50);
        await kept.until(50, async () => (await state.caches.get('renewal', 'l')) === undefined);
        expect(await state.caches.get('renewal', 'k')).to.equal('w');
      });

      it('never give an entry whose lifetime is over before it begins', async () => {
        for (const lifetime of [0, -1, -1e9, NaN, 0.5]) {
          await state.caches.put('past', 'k', 'before', long);
          await state.caches.put('past', 'k', 'v', lifetime);
          if (lifetime === 0.5) continue;
          expect(await state.caches.get('past', 'k'), String(lifetime)).to.equal(undefined);
        }
      });

      it('remove by prefix what begins so, in one cache', async () => {
        const keys = ['User_Key', 'User_Key__a', 'User_Key__b', 'User_Ke', 'a__User_Key', 'User*'];
        for (const key of keys) {
          await state.caches.put('one', key, key, long);
          await state.caches.put('two', key, key, long);
        }
        await state.caches.deletePrefix('one', 'User_Key');
        const left = async (cache: string): Promise<readonly string[]> => {
          const values = await Promise.all(keys.map(async (key) => state.caches.get(cache, key)));
          return keys.filter((_, index) => values[index] !== undefined);
        };
        expect(await left('one')).to.deep.equal(['User_Ke', 'a__User_Key', 'User*']);
        expect(await left('two')).to.deep.equal(keys);
        await state.caches.deletePrefix('one', '');
        expect(await left('one')).to.deep.equal([]);
      });

      it('remove thousands by prefix', async () => {
        const keys = Array.from({ length: 2500 }, (_, index) => `many__${index}`);
        await Promise.all(keys.map(async (key) => state.caches.put('many', key, 1, long)));
        await state.caches.put('many', 'other', 1, long);
        await state.caches.deletePrefix('many', 'many__');
        const found = await Promise.all(keys.map(async (key) => state.caches.get('many', key)));
        expect(found.filter((value) => value !== undefined)).to.deep.equal([]);
        expect(await state.caches.get('many', 'other')).to.equal(1);
      });

      it('remove by prefix also what was put after its first life was over', async () => {
        await state.caches.put('again', 'p__k', 1, 30);
        await kept.until(30, async () => (await state.caches.get('again', 'p__k')) === undefined);
        await state.caches.put('again', 'p__k', 2, long);
        for (let other = 0; other < 20; other += 1) {
          await state.caches.put('again', `p__${other}`, 2, long);
        }
        await state.caches.deletePrefix('again', 'p__');
        expect(await state.caches.get('again', 'p__k')).to.equal(undefined);
      });
    });
  });
}

function partsOf(value: FlowValue): unknown {
  if (!(value instanceof Message)) return value;
  const { kind, verb, uri, version, url, statusCode, reasonPhrase } = value;
  const { headers, bytes } = value;
  return {
    ...{ kind, verb, uri, version, url, statusCode, reasonPhrase },
    headers: headers.lines(),
    body: [...bytes],
  };
}
