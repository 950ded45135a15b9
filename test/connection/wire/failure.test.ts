import { expect } from 'chai';
import { getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import type {
  Transport,
  TransportFailureKind,
  TransportLimits,
} from '../../../lib/connection/transport.ts';
import { createUndiciTransport } from '../../../lib/connection/undici-transport.ts';
import { systemClock } from '../../../lib/host/clock.ts';
import { ManualClock } from './manual-clock.ts';
import { always, ok, RawServer, type Reply } from './raw-server.ts';
import { limits, outcome, requestTo } from './request.ts';

const head = 'HTTP/1.1 200 OK\r\n';

/** Writes the same bytes for as long as the connection lives. */
function forever(first: string, more: string | Buffer): Reply {
  return (socket) => {
    socket.write(first);
    const flood = (): void => {
      let room = true;
      while (room && !socket.destroyed) room = socket.write(more);
      if (!socket.destroyed) socket.once('drain', flood);
    };
    flood();
  };
}

const megabyte = Buffer.alloc(1024 * 1024, 'a');
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

const hostile: [title: string, reply: Reply, kind: TransportFailureKind][] = [
  ['closes without a word', (socket) => socket.end(), 'broken'],
  ['resets without a word', (socket) => socket.resetAndDestroy(), 'broken'],
  ['cuts the headers', (socket) => socket.end(`${head}Content-Le`), 'broken'],
  ['cuts the body', (socket) => socket.end(`${head}Content-Length: 10\r\n\r\nshort`), 'broken'],
  [
    'resets within the body',
    (socket) =>
      socket.write(`${head}Content-Length: 10\r\n\r\nshort`, () => socket.resetAndDestroy()),
    'broken',
  ],
  [
    'cuts a chunked body',
    (socket) => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\nab`),
    'broken',
  ],
  ['sends garbage', always('\0\x01\x02 what is this\r\n\r\n'), 'broken'],
  ['speaks another protocol', always('SSH-2.0-OpenSSH_9.6\r\n'), 'broken'],
  ['sends a wrong chunk size', always(`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`), 'broken'],
  [
    'names two lengths',
    always(`${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
    'broken',
  ],
  [
    'names a length and chunks',
    always(`${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    'broken',
  ],
  [
    'switches protocols unasked',
    always('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    'broken',
  ],
  ['sends early hints forever', forever('', 'HTTP/1.1 103 Early Hints\r\n\r\n'), 'broken'],
  ['sends 100 Continue forever', forever('', 'HTTP/1.1 100 Continue\r\n\r\n'), 'too-large'],
  ['sends headers forever', forever(head, `X-A: ${'b'.repeat(1000)}\r\n`), 'too-large'],
  ['sends one header forever', forever(`${head}X-A: `, megabyte), 'too-large'],
  ['sends a reason forever', forever('HTTP/1.1 200 ', megabyte), 'too-large'],
  ['announces too large a body', always(`${head}Content-Length: 1000000000\r\n\r\n`), 'too-large'],
  ['sends a body forever', forever(`${head}\r\n`, megabyte), 'too-large'],
  [
    'sends chunks forever',
    forever(`${head}Transfer-Encoding: chunked\r\n\r\n`, `1000\r\n${'a'.repeat(4096)}\r\n`),
    'too-large',
  ],
];

/** Responses that are whole, so that their connection stays in order. */
const wrongData: [title: string, reply: Reply, kind: TransportFailureKind][] = [
  [
    'sends a gzip bomb',
    (socket) => {
      socket.write(`${head}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    },
    'too-large',
  ],
  [
    'calls plain text gzip',
    always(`${head}Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain`),
    'undecodable',
  ],
  [
    'calls plain text deflate',
    always(`${head}Content-Encoding: deflate\r\nContent-Length: 5\r\n\r\nplain`),
    'undecodable',
  ],
  [
    'cuts the gzip data',
    always(
      Buffer.concat([
        Buffer.from(`${head}Content-Encoding: gzip\r\nContent-Length: 15\r\n\r\n`),
        gzipSync('plain text').subarray(0, 15),
      ]),
    ),
    'undecodable',
  ],
  [
    'stacks codings without end',
    always(`${head}Content-Encoding: ${'gzip,'.repeat(100)}\r\nContent-Length: 1\r\n\r\nx`),
    'undecodable',
  ],
];

describe('a server that', () => {
  let transport: Transport;
  beforeEach(() => {
    transport = createUndiciTransport({ clock: systemClock });
  });
  afterEach(() => transport.close());

  for (const [title, reply, kind] of [...hostile, ...wrongData]) {
    it(`${title} fails one call as ${kind} and no later one`, async () => {
      const server = await RawServer.start((socket, request, nth) => {
        if (request.startsWith('GET /fine')) socket.write(ok);
        else reply(socket, request, nth);
      });
      try {
        // Kept alive, so that the hostile call is at first on a connection that was in order.
        await transport.send(requestTo(server.port, { target: '/fine' }));
        const before = process.memoryUsage.rss();
        expect(await outcome(transport.send(requestTo(server.port, { method: 'POST' })))).to.equal(
          kind,
        );
        expect(process.memoryUsage.rss() - before).to.be.below(60 * 1024 * 1024);
        if (hostile.some(([name]) => name === title)) await server.abandoned();
        const again = await Promise.all(
          [1, 2, 3].map(() => transport.send(requestTo(server.port, { target: '/fine' }))),
        );
        expect(again.map(({ body }) => Buffer.from(body).toString())).to.deep.equal([
          'ok',
          'ok',
          'ok',
        ]);
      } finally {
        await server.close();
      }
    });
  }
});

describe('a failure of the transport', () => {
  it('keeps the error underneath as its cause', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const server = await RawServer.start((socket) => socket.resetAndDestroy());
    const error: unknown = await transport
      .send(requestTo(server.port))
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).with.property('cause').instanceOf(Error);
    await transport.close();
    await server.close();
  });

  it('is unreachable for a refused connection, an unknown host, and a name that cannot be one', async () => {
    const server = await RawServer.start(always(ok));
    const { port } = server;
    await server.close();
    const transport = createUndiciTransport({
      clock: systemClock,
      lookup: (host, _options, callback) => {
        callback(Object.assign(new Error(`unknown ${host}`), { code: 'ENOTFOUND' }), []);
      },
    });
    expect(await outcome(transport.send(requestTo(port)))).to.equal('unreachable');
    for (const host of ['unknown.test', '..', 'a'.repeat(300)]) {
      const origin = { scheme: 'http', host, port: 80 } as const;
      expect(await outcome(transport.send(requestTo(80, { origin })))).to.equal('unreachable');
    }
    await transport.close();
  });
});

describe('time, by a clock that stands still unless told,', () => {
  const stalls: [title: string, first: string][] = [
    ['before the first byte', ''],
    ['within the status line', 'HTTP/1.1 2'],
    ['within the headers', `${head}X-A: b\r\n`],
    ['within the body', `${head}Content-Length: 10\r\n\r\nabc`],
    ['within a chunk', `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nab`],
  ];

  async function stalled(first: string, changes: Partial<TransportLimits>) {
    const clock = new ManualClock();
    const transport = createUndiciTransport({ clock });
    let answered: () => void = () => undefined;
    const writing = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const server = await RawServer.start((socket) => {
      if (first === '') answered();
      else socket.write(first, answered);
    });
    const result = outcome(
      transport.send(requestTo(server.port, { limits: { ...limits, ...changes } })),
    );
    await writing;
    return {
      clock,
      result,
      server,
      async close() {
        await transport.close();
        await server.close();
      },
    };
  }

  for (const [title, first] of stalls) {
    it(`ends a call that stalls ${title} and destroys its socket`, async () => {
      const call = await stalled(first, { idleTimeout: 55_000 });
      await turns(20);
      call.clock.advance(54_000);
      await turns(5);
      expect(call.server.sockets.size).to.equal(1);
      call.clock.advance(1_001);
      expect(await call.result).to.equal('idle-timeout');
      await call.server.abandoned();
      expect(call.clock.timers).to.equal(0);
      await call.close();
    });
  }

  it('lets a trickle live for as long as bytes keep coming, up to the total', async () => {
    const call = await stalled(`${head}Content-Length: 1000\r\n\r\n`, {
      idleTimeout: 1_000,
      total: 10_000,
    });
    for (let step = 0; step < 12; step += 1) {
      for (const socket of call.server.sockets)
        await new Promise((resolve) => socket.write('a', resolve));
      await turns(20);
      call.clock.advance(900);
    }
    expect(await call.result).to.equal('idle-timeout');
    expect(call.clock.now()).to.be.at.least(1_000_000 + 10_000);
    await call.close();
  });

  it('ends a lookup that never comes back', async () => {
    const clock = new ManualClock();
    let asked: () => void = () => undefined;
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const transport = createUndiciTransport({
      clock,
      lookup: () => {
        asked();
      },
    });
    const origin = { scheme: 'http', host: 'slow.test', port: 80 } as const;
    const result = outcome(transport.send(requestTo(80, { origin })));
    await asking;
    clock.advance(2_999);
    await turns(3);
    clock.advance(2);
    expect(await result).to.equal('connect-timeout');
    expect(clock.timers).to.equal(0);
    await transport.close();
  });

  it('ends a TLS handshake that never comes back', async () => {
    const clock = new ManualClock();
    const transport = createUndiciTransport({ clock });
    let greeted: () => void = () => undefined;
    const greeting = new Promise<void>((resolve) => {
      greeted = resolve;
    });
    const server = createServer((socket) => {
      socket.on('error', () => undefined).once('data', greeted);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const origin = { scheme: 'https', host: '127.0.0.1', port } as const;
    const result = outcome(transport.send(requestTo(port, { origin })));
    await greeting;
    clock.advance(3_001);
    expect(await result).to.equal('connect-timeout');
    await transport.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a signal', () => {
  it('that is aborted already keeps the request from being sent', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const server = await RawServer.start(always(ok));
    const signal = AbortSignal.abort();
    expect(await outcome(transport.send(requestTo(server.port, { signal })))).to.equal('aborted');
    expect(server.connections).to.equal(0);
    await transport.close();
    await server.close();
  });

  it('destroys the socket of a call under way', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const controller = new AbortController();
    const server = await RawServer.start((socket) => {
      socket.write(`${head}Content-Length: 10\r\n\r\nabc`, () => {
        controller.abort(new Error('enough'));
      });
    });
    expect(
      await outcome(transport.send(requestTo(server.port, { signal: controller.signal }))),
    ).to.equal('aborted');
    await server.abandoned();
    await transport.close();
    await server.close();
  });

  it('ends a call that is still connecting', async () => {
    const controller = new AbortController();
    const transport = createUndiciTransport({
      clock: systemClock,
      lookup: () => {
        controller.abort();
      },
    });
    const origin = { scheme: 'http', host: 'slow.test', port: 80 } as const;
    expect(
      await outcome(transport.send(requestTo(80, { origin, signal: controller.signal }))),
    ).to.equal('aborted');
    await transport.close();
  });

  it('is left without listeners after the call', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const server = await RawServer.start(always(ok));
    const { signal } = new AbortController();
    await transport.send(requestTo(server.port, { signal }));
    expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
    await transport.close();
    await server.close();
  });
});

/** Lets the event loop go round, so that what is under way on loopback can happen. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
