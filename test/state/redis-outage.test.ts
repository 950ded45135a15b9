import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createRuntime, parsePolicy, Fault, StateUnavailableError } from '../../lib/index.ts';
import { systemClock } from '../../lib/host/clock.ts';
import type { MapId } from '../../lib/state/key-value-maps.ts';
import { createRedisState } from '../../lib/state/redis-state.ts';
import type { State } from '../../lib/state/state.ts';
import { redisIsMissing, startRedis, type RedisServer } from '../support/redis-server.ts';

const map: MapId = { scope: 'environment', owner: ['acme', 'test'], name: 'm' };

/** What the operator is told: `error` or `warn`, and the sentence. */
type Told = readonly [level: 'warn' | 'error', message: string];

const lost: Told = ['error', 'The state store does not answer; it is tried again until it does'];
const back: Told = ['warn', 'The state store answers again'];
const refused: Told = ['error', 'The state store refused a command'];

function openState(url: string): {
  readonly state: State;
  readonly told: Told[];
  readonly details: unknown[];
} {
  const told: Told[] = [];
  const details: unknown[] = [];
  const log = {
    warn(detail: unknown, message: string) {
      told.push(['warn', message]);
      details.push(detail);
    },
    error(detail: unknown, message: string) {
      told.push(['error', message]);
      details.push(detail);
    },
  };
  return { state: createRedisState(url, { log, clock: systemClock }), told, details };
}

/** The error that a use of the store ends with; undefined for none. */
async function failure(use: () => unknown): Promise<unknown> {
  try {
    await use();
    return undefined;
  } catch (error) {
    return error;
  }
}

async function expectUnavailable(use: () => unknown): Promise<void> {
  expect(await failure(use)).to.be.instanceOf(StateUnavailableError);
}

/** Tries until it succeeds; the test's timeout ends it. */
async function eventually<Value>(use: () => Value | Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await use();
    } catch (error) {
      if (!(error instanceof StateUnavailableError)) throw error;
      await new Promise(setImmediate);
    }
  }
}

describe('a Redis that fails', () => {
  if (redisIsMissing !== undefined) {
    it(`is tried where there is one: ${redisIsMissing}`);
    return;
  }
  let server: RedisServer;
  beforeEach(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    await server.stop();
  });

  it('is reconnected to after it was killed and started anew, and told of once', async () => {
    const { state, told } = openState(server.url);
    try {
      await state.maps.put(map, 'k', ['1'], 'keep');
      await server.kill();
      while (told.length === 0) {
        await expectUnavailable(() => state.maps.get(map, 'k'));
        await new Promise(setImmediate);
      }
      for (let count = 0; count < 20; count += 1)
        await expectUnavailable(() => state.maps.get(map, 'k'));
      await expectUnavailable(() => state.caches.put('c', 'k', 'v', 1000));
      expect(told).to.deep.equal([lost]);
      await server.restart();
      expect(await eventually(() => state.maps.get(map, 'k'))).to.equal(undefined);
      expect(told).to.deep.equal([lost, back]);
    } finally {
      await state.close();
    }
  });

  it('bounds the wait for one that hangs, and asks no more until it answers', async () => {
    const { state, told } = openState(server.url);
    try {
      await state.caches.put('c', 'k', 'v', 100_000);
      server.freeze();
      const uses = Array.from({ length: 50 }, () =>
        expectUnavailable(() => state.caches.get('c', 'k')),
      );
      await Promise.all(uses);
      await expectUnavailable(() => state.caches.get('c', 'k'));
      server.thaw();
      expect(await eventually(() => state.caches.get('c', 'k'))).to.equal('v');
      expect(told).to.deep.equal([lost, back]);
    } finally {
      server.thaw();
      await state.close();
    }
  });

  it('does not send later what somebody gave up', async () => {
    const { state } = openState(server.url);
    try {
      await state.maps.put(map, 'k', ['before'], 'replace');
      await server.kill();
      await expectUnavailable(() => state.maps.put(map, 'given-up', ['v'], 'replace'));
      await server.restart();
      await eventually(() => state.maps.get(map, 'k'));
      expect(await state.maps.get(map, 'given-up')).to.equal(undefined);
    } finally {
      await state.close();
    }
  });

  it('gets its seeds when it comes, and nothing is read before', async () => {
    await server.kill();
    const { state } = openState(server.url);
    try {
      state.maps.seed(map, new Map([['k', ['seeded']]]), 'keep');
      await expectUnavailable(() => state.maps.get(map, 'k'));
      await server.restart();
      expect(await eventually(() => state.maps.get(map, 'k'))).to.deep.equal(['seeded']);
    } finally {
      await state.close();
    }
  });

  it('is told of when it refuses, once for many refusals, and goes on answering others', async () => {
    const { state, told } = openState(server.url);
    const others = openState(server.url);
    try {
      // A text where a hash is expected.
      await others.state.caches.put('x', 'y', 'v', 100_000);
      const { Redis } = await import('ioredis');
      const direct = new Redis(server.url.replace('unix:', ''));
      await direct.set('apx:kvm:["environment","acme","test","m"]', 'no hash');
      direct.disconnect();
      for (let count = 0; count < 5; count += 1)
        await expectUnavailable(() => state.maps.get(map, 'k'));
      expect(await state.caches.get('x', 'y')).to.equal('v');
      expect(told).to.deep.equal([refused]);
    } finally {
      await state.close();
      await others.state.close();
    }
  });

  it('reads what somebody else wrote as nothing, or as one value', async () => {
    const { state } = openState(server.url);
    try {
      const { Redis } = await import('ioredis');
      const direct = new Redis(server.url.replace('unix:', ''));
      const entries = [
        '',
        'x',
        'm',
        'm\0\0\0\0',
        'm\0\0\0\x7f{}',
        'm\0\0\0\x02{}',
        'j{',
        'j{"message":1,"body":""}',
        `j${'['.repeat(5000)}${']'.repeat(5000)}`,
      ];
      for (const [index, value] of entries.entries()) {
        await direct.set(`apx:cache:["c"]${index}`, Buffer.from(value, 'latin1'));
      }
      await direct.hset('apx:kvm:["environment","acme","test","m"]', {
        plain: 'text',
        number: '7',
        object: '{"a":1}',
      });
      direct.disconnect();
      for (const [index, value] of entries.entries()) {
        const found = await state.caches.get('c', String(index));
        if (value.startsWith('j[')) expect(found).to.be.an('array');
        else expect(found, value.slice(0, 30)).to.equal(undefined);
      }
      expect(await state.maps.get(map, 'plain')).to.deep.equal(['text']);
      expect(await state.maps.get(map, 'number')).to.deep.equal(['7']);
      expect(await state.maps.get(map, 'object')).to.deep.equal(['{"a":1}']);
    } finally {
      await state.close();
    }
  });
});

/** A server that treats what it gets in its own way. */
async function hostileServer(
  treat: (socket: Socket) => void,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    treat(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://user:canary-password@127.0.0.1:${port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const treatments: Readonly<Record<string, (socket: Socket) => void>> = {
  'never answers': (socket) => socket.resume(),
  'closes every connection': (socket) => socket.destroy(),
  'closes when it is asked something': (socket) => socket.once('data', () => socket.destroy()),
  'answers every command with an error': (socket) =>
    socket.on('data', () => socket.write('-ERR out of order\r\n')),
  'speaks another protocol': (socket) =>
    socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
};

describe('a server that is no Redis', () => {
  for (const [manner, treat] of Object.entries(treatments)) {
    it(`and ${manner} makes every use fail, and does not show its password`, async () => {
      const server = await hostileServer(treat);
      const { state, told, details } = openState(server.url);
      try {
        await expectUnavailable(() => state.maps.get(map, 'k'));
        await expectUnavailable(() => state.caches.get('c', 'k'));
        await expectUnavailable(() => state.caches.deletePrefix('c', 'k'));
        expect(told.length).to.be.below(3);
        expect(JSON.stringify(details)).to.not.include('canary-password');
      } finally {
        await state.close();
        await server.close();
      }
    });
  }
});

describe('a URL of a Redis', () => {
  for (const url of [
    '',
    'memory',
    'http://127.0.0.1',
    'redis://h:canary-password@[',
    'redis://127.0.0.1/name',
  ]) {
    it(`is not "${url}"`, () => {
      const open = () => openState(url);
      expect(open).to.throw(TypeError);
      expect(open).to.not.throw('canary-password');
    });
  }
});

describe('policies whose store is away', () => {
  const absent = 'redis://127.0.0.1:1';

  it('fault if they need a key-value map', async () => {
    const { state } = openState(absent);
    const runtime = createRuntime({ stores: state });
    try {
      const policy = runtime.compile(
        parsePolicy(
          '<KeyValueMapOperations name="K" mapIdentifier="m"><Get assignTo="private.secret"><Key><Parameter>k</Parameter></Key></Get></KeyValueMapOperations>',
        ),
      );
      const flow = runtime.newFlow();
      const error = await failure(() => policy.run(flow));
      if (!(error instanceof Fault)) throw error;
      expect([error.code, error.status, error.faultstring]).to.deep.equal([
        'steps.keyvaluemapoperations.StoreUnavailable',
        500,
        'Key value map m is not available in KeyValueMapStepDefinition K',
      ]);
      expect(flow.variables.get('keyvaluemapoperations.K.failed')).to.equal(true);
    } finally {
      await runtime.close();
    }
  });

  it('find nothing and keep nothing if they need a cache', async () => {
    const { state } = openState(absent);
    const runtime = createRuntime({ stores: state });
    try {
      const flow = runtime.newFlow({ variables: { v: 'X' } });
      const key = '<CacheKey><KeyFragment>k</KeyFragment></CacheKey>';
      for (const text of [
        `<PopulateCache name="P">${key}<Source>v</Source></PopulateCache>`,
        `<LookupCache name="L">${key}<AssignTo>c</AssignTo></LookupCache>`,
        `<InvalidateCache name="I">${key}</InvalidateCache>`,
        `<InvalidateCache name="I2">${key}<PurgeChildEntries>true</PurgeChildEntries></InvalidateCache>`,
        `<ResponseCache name="R">${key}</ResponseCache>`,
      ]) {
        await runtime.compile(parsePolicy(text)).run(flow);
      }
      expect(flow.variables.get('lookupcache.L.cachehit')).to.equal(false);
      expect(flow.variables.get('responsecache.R.cachehit')).to.equal(false);
      expect(flow.variables.get('c')).to.equal(null);
    } finally {
      await runtime.close();
    }
  });
});
