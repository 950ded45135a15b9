import { expect } from 'chai';
import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import type { StreamedResponse, Transport } from '../../../lib/connection/transport.ts';
import { createUndiciTransport } from '../../../lib/connection/undici-transport.ts';
import { ManualClock } from './manual-clock.ts';
import { always, ok, RawServer, type Reply } from './raw-server.ts';
import { limits, outcome, requestTo } from './request.ts';

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const lastChunk = '0\r\n\r\n';

function reader({ body }: StreamedResponse) {
  const chunks = body[Symbol.asyncIterator]();
  return {
    text: async (): Promise<string | undefined> => {
      const next = await chunks.next();
      return next.done === true ? undefined : Buffer.from(next.value).toString();
    },
    stop: async (): Promise<void> => {
      await chunks.return?.();
    },
  };
}

async function whole({ body }: StreamedResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const part of body) chunks.push(part);
  return Buffer.concat(chunks).toString();
}

describe('a streamed exchange', () => {
  let clock: ManualClock;
  let transport: Transport;
  let server: RawServer | undefined;
  const serve = async (reply: Reply): Promise<number> =>
    (server = await RawServer.start(reply)).port;

  beforeEach(() => {
    clock = new ManualClock();
    transport = createUndiciTransport({ clock });
  });
  afterEach(async () => {
    await server?.close();
    await transport.close();
    expect(clock.timers).to.equal(0);
  });

  it('answers with the headers, and hands on each part before the next is sent', async () => {
    let socket: Socket | undefined;
    const port = await serve((accepted) => {
      socket = accepted;
      accepted.write(chunked);
    });
    const response = await transport.stream(requestTo(port));
    expect(response.status).to.equal(200);
    const { text } = reader(response);
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      socket?.write(chunk(event));
      expect(await text()).to.equal(event);
    }
    socket?.write(lastChunk);
    expect(await text()).to.equal(undefined);
    expect(await text()).to.equal(undefined);
  });

  it('keeps the connection for the next request once the body has come in', async () => {
    const port = await serve(always(ok));
    for (let call = 0; call < 3; call += 1) {
      expect(await whole(await transport.stream(requestTo(port)))).to.equal('ok');
    }
    expect(server?.connections).to.equal(1);
  });

  const bodiless: [title: string, method: string, reply: string][] = [
    ['HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
    ['204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['a length of 0', 'GET', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ];
  for (const [title, method, reply] of bodiless) {
    it(`ends at once where there is no body: ${title}`, async () => {
      const port = await serve(always(reply));
      expect(await whole(await transport.stream(requestTo(port, { method })))).to.equal('');
    });
  }

  it('closes the connection when the reader stops', async () => {
    const port = await serve((socket) => socket.write(chunked + chunk('one')));
    const { text, stop } = reader(await transport.stream(requestTo(port)));
    expect(await text()).to.equal('one');
    await stop();
    await server?.abandoned();
    expect(await text()).to.equal(undefined);
  });

  it('closes the connection when the caller gives up', async () => {
    const port = await serve((socket) => socket.write(chunked + chunk('one')));
    const { signal, abort } = abortable();
    const response = await transport.stream(requestTo(port, { signal }));
    abort();
    expect(await outcome(whole(response))).to.equal('aborted');
    await server?.abandoned();
  });

  it('reads no further than the reader does', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'a');
    let written = 0;
    const port = await serve((socket) => {
      socket.write(`${head}\r\n`);
      const flood = (): void => {
        let hasRoom = true;
        while (hasRoom && written < 64) {
          hasRoom = socket.write(megabyte);
          written += 1;
        }
        if (written < 64) socket.once('drain', flood);
        else socket.end();
      };
      flood();
    });
    const response = await transport.stream(requestTo(port));
    // What sockets of this machine hold is not ours to bound; a body of 64 MB exceeds it by far.
    await settledAt(() => written);
    expect(written).to.be.below(32);
    let size = 0;
    for await (const part of response.body) size += part.length;
    expect(size).to.equal(64 * megabyte.length);
  });

  it('has no limit for the body, unlike a buffered one', async () => {
    const port = await serve(always(`${head}Content-Length: 3000000\r\n\r\n${'x'.repeat(3e6)}`));
    const { length } = await whole(await transport.stream(requestTo(port)));
    expect(length).to.equal(3_000_000);
    expect(await outcome(transport.send(requestTo(port)))).to.equal('too-large');
  });

  it('fails before the headers as a buffered one does', async () => {
    const port = await serve((socket) => socket.end());
    expect(await outcome(transport.stream(requestTo(port)))).to.equal('broken');
    expect(await outcome(transport.stream(requestTo(1)))).to.equal('unreachable');
  });

  it('breaks off where the server does', async () => {
    const port = await serve((socket) => socket.end(chunked + chunk('one')));
    const { text } = reader(await transport.stream(requestTo(port)));
    expect(await text()).to.equal('one');
    expect(await outcome(text())).to.equal('broken');
    expect(await text()).to.equal(undefined);
  });

  it('breaks off when nothing comes for the idle time', async () => {
    const port = await serve((socket) => socket.write(chunked + chunk('one')));
    const { text } = reader(await transport.stream(requestTo(port)));
    expect(await text()).to.equal('one');
    clock.advance(limits.idleTimeout - 100);
    const next = outcome(text());
    clock.advance(200);
    expect(await next).to.equal('idle-timeout');
    await server?.abandoned();
  });

  it('does not hold the time that a slow reader takes against the server', async () => {
    const large = 'x'.repeat(512 * 1024);
    const port = await serve(always(`${chunked}${chunk(large)}${lastChunk}`));
    const response = await transport.stream(requestTo(port));
    // By then the part that may wait is here, and the rest is left on the wire.
    await settledAt(() => 0);
    clock.advance(10 * limits.idleTimeout);
    expect(await whole(response)).to.equal(large);
  });

  it('counts the total time up to the headers only', async () => {
    let socket: Socket | undefined;
    const port = await serve((accepted) => {
      socket = accepted;
      accepted.write(chunked);
    });
    const given = { limits: { ...limits, total: 1_000 } };
    const response = await transport.stream(requestTo(port, given));
    clock.advance(2_000);
    socket?.write(chunk('late') + lastChunk);
    expect(await whole(response)).to.equal('late');
    server?.sockets.forEach((open) => open.destroy());
    await server?.abandoned();

    await server?.close();
    const silent = await serve(() => undefined);
    const answered = outcome(transport.stream(requestTo(silent, given)));
    await settledAt(() => server?.requests.length ?? 0, 1);
    clock.advance(1_100);
    expect(await answered).to.equal('idle-timeout');
  });

  describe('with a body that is still coming', () => {
    /** Parts that are given one at a time. */
    function parts() {
      const given = new EventEmitter();
      const state = { stopped: false };
      async function* body(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) {
            const [text] = (await once(given, 'part')) as [string | undefined];
            if (text === undefined) return;
            yield Buffer.from(text);
          }
        } finally {
          state.stopped = true;
        }
      }
      return {
        state,
        body: body(),
        give: (text?: string) => given.emit('part', text),
        asked: () => settledAt(() => given.listenerCount('part'), 1),
      };
    }

    /** Answers once it has seen the last chunk, and tells all bytes that come. */
    async function listening(): Promise<{
      port: number;
      seen: () => string;
      until: (text: string) => Promise<void>;
    }> {
      const bytes = new EventEmitter();
      let text = '';
      const { createServer } = await import('node:net');
      const listener = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (data) => {
          text += data.toString();
          bytes.emit('bytes');
          if (text.endsWith(lastChunk)) socket.write(ok);
        });
      });
      listeners.push(listener);
      await once(listener.listen(0, '127.0.0.1'), 'listening');
      const address = listener.address();
      return {
        port: address === null || typeof address === 'string' ? 0 : address.port,
        seen: () => text,
        async until(wanted) {
          while (!text.includes(wanted)) await once(bytes, 'bytes');
        },
      };
    }
    const listeners: { close(): unknown }[] = [];
    afterEach(() => {
      for (const listener of listeners.splice(0)) listener.close();
    });

    it('sends each part as it comes, in chunks', async () => {
      const { body, give, asked } = parts();
      const { port, seen, until } = await listening();
      const responding = transport.stream({ ...requestTo(port), method: 'POST', body });
      for (const text of ['one', 'two']) {
        await asked();
        give(text);
        await until(chunk(text).trim());
      }
      await asked();
      give();
      expect(await whole(await responding)).to.equal('ok');
      expect(seen()).to.match(/transfer-encoding: chunked/i);
      expect(seen()).not.to.match(/content-length/i);
    });

    it('stops the giver when the exchange fails', async () => {
      const { body, state, give, asked } = parts();
      const port = await serve((socket) => socket.destroy());
      const responding = outcome(transport.stream({ ...requestTo(port), method: 'PUT', body }));
      await asked();
      give('one');
      expect(await responding).to.equal('broken');
      // A giver that waits for its own source learns of it when the next part comes.
      give('two');
      await settledAt(() => (state.stopped ? 1 : 0), 1);
      // Nothing of a body that was sent in part can be sent again.
      expect(server?.connections).to.equal(1);
    });

    it('ends the request when the giver fails', async () => {
      // eslint-disable-next-line @typescript-eslint/require-await -- It has to be asynchronous.
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('one');
        throw new Error('The client went away');
      }
      const { port } = await listening();
      const body = failing();
      const sent = transport.stream({ ...requestTo(port), method: 'POST', body });
      expect(await outcome(sent)).to.equal('broken');
    });
  });
});

function abortable() {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    abort: () => {
      controller.abort();
    },
  };
}

/** Waits until a count has reached `least`, or without it until it rests. */
async function settledAt(count: () => number, least?: number): Promise<void> {
  let before = -1;
  let resting = 0;
  while (least === undefined ? resting < 50 : count() < least) {
    const now = count();
    resting = now === before ? resting + 1 : 0;
    before = now;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
