import { readFile } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { setTimeout as wait } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import { RequestReader, type ReceivedRequest } from './request-reader.ts';

/** A header's value, or its values when it stands on several lines. */
export type HeaderLinesInit = Readonly<Record<string, string | readonly string[]>>;

/** What one call is answered with; everything left out comes from a small JSON success. */
export interface Answer {
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: HeaderLinesInit;
  readonly body?: string;
  readonly bodyBase64?: string;
  /** Bytes of a body that is nothing but `x`. */
  readonly bodySize?: number;
  readonly encoding?: 'gzip' | 'deflate';
  /** `close` sends no Content-Length and ends the body by closing the connection. */
  readonly framing?: 'length' | 'close';
  /** Milliseconds before the first byte. */
  readonly delay?: number;
  /** Milliseconds of silence in the middle of the body. */
  readonly stall?: number;
  /** Milliseconds after every byte of the body. */
  readonly gap?: number;
  /**
   * Instead of an answer. `refused` and `unresolvable` concern the whole origin, since no call ever
   * arrives; `hang` never answers, `reset` resets the connection, `cut` ends inside the body.
   */
  readonly failure?: 'refused' | 'unresolvable' | 'hang' | 'reset' | 'cut';
}

/** A server on loopback that stands for one origin. */
export interface Upstream {
  readonly url: string;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  /** The nth call gets the nth answer; the last answer serves all later calls. */
  readonly answers: readonly Answer[];
  /** Name of a certificate in fixtures/certificates; plain HTTP without one. */
  readonly certificate: string | undefined;
  readonly onCall: (request: ReceivedRequest) => void;
}

// Nobody listens on port 1, and no server of a test running beside this one can ever get it.
const refusingUrl = 'http://127.0.0.1:1';
// A label longer than DNS allows is turned down on this machine; no name server is asked.
const unresolvableUrl = `http://${'x'.repeat(64)}.test`;

export async function startUpstream(options: UpstreamOptions): Promise<Upstream> {
  const failure = options.answers[0]?.failure;
  if (failure === 'refused') return unserved(refusingUrl);
  if (failure === 'unresolvable') return unserved(unresolvableUrl);

  const sockets = new Set<Socket>();
  let calls = 0;
  const serve = (socket: Socket) => {
    sockets.add(socket);
    // Head and body are written apart; Nagle's algorithm would hold the body back for 40 ms.
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
    // A client that gives up resets its connection, which is no concern of the server's.
    socket.on('error', () => socket.destroy());
    const reader = new RequestReader((request) => {
      const answer = options.answers[Math.min(calls, options.answers.length - 1)] ?? {};
      calls += 1;
      options.onCall(request);
      void sendAnswer(socket, answer);
    });
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk);
    });
  };
  const server = await listening(options.certificate, serve);
  const { port } = addressOf(server);
  const scheme = options.certificate === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function unserved(url: string): Upstream {
  return { url, close: () => Promise.resolve() };
}

async function listening(
  certificate: string | undefined,
  serve: (socket: Socket) => void,
): Promise<Server> {
  const server =
    certificate === undefined
      ? createServer(serve)
      : createTlsServer(
          {
            cert: await readFile(certificateFile(`${certificate}.pem`)),
            key: await readFile(certificateFile(`${certificate}.key.pem`)),
          },
          serve,
        );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

function certificateFile(name: string): URL {
  return new URL(`../../fixtures/certificates/${name}`, import.meta.url);
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address;
}

async function sendAnswer(socket: Socket, answer: Answer): Promise<void> {
  const closed = new AbortController();
  const onClose = () => {
    closed.abort();
  };
  socket.once('close', onClose);
  const pause = (milliseconds: number) =>
    wait(milliseconds, undefined, { signal: closed.signal, ref: false });
  try {
    if (answer.failure === 'hang') return;
    if (answer.failure === 'reset') {
      socket.resetAndDestroy();
      return;
    }
    if (answer.delay !== undefined) await pause(answer.delay);
    const body = bodyOf(answer);
    socket.write(headOf(answer, body), 'latin1');
    if (answer.failure === 'cut') {
      socket.end(body.subarray(0, body.length / 2));
      return;
    }
    if (answer.gap !== undefined) {
      for (const byte of body) {
        socket.write(Buffer.of(byte));
        await pause(answer.gap);
      }
    } else if (answer.stall !== undefined) {
      socket.write(body.subarray(0, body.length / 2));
      await pause(answer.stall);
      socket.write(body.subarray(body.length / 2));
    } else {
      socket.write(body);
    }
    if (answer.framing === 'close') socket.end();
  } catch (error) {
    if (!closed.signal.aborted) throw error;
  } finally {
    socket.off('close', onClose);
  }
}

function bodyOf({ status, body, bodyBase64, bodySize, encoding }: Answer): Buffer {
  if (bodySize !== undefined) return Buffer.alloc(bodySize, 'x');
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, 'base64');
  const bytes = Buffer.from(body ?? (hasNoBody(status) ? '' : '{"ok":true}'));
  if (encoding === 'gzip') return gzipSync(bytes);
  return encoding === 'deflate' ? deflateSync(bytes) : bytes;
}

function headOf(answer: Answer, body: Buffer): string {
  const { status = 200, encoding, framing = 'length' } = answer;
  const lines = [`HTTP/1.1 ${status} ${answer.reason ?? STATUS_CODES[status] ?? ''}`];
  for (const [name, values] of Object.entries(answer.headers ?? standardHeaders)) {
    for (const value of typeof values === 'string' ? [values] : values) {
      lines.push(`${name}: ${value}`);
    }
  }
  if (encoding !== undefined) lines.push(`Content-Encoding: ${encoding}`);
  if (framing === 'length' && !hasNoBody(status)) lines.push(`Content-Length: ${body.length}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const standardHeaders: HeaderLinesInit = { 'Content-Type': 'application/json' };

function hasNoBody(status: number | undefined): boolean {
  return status === 204 || status === 304;
}
