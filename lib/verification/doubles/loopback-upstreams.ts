import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ObservedCall } from '../matching/compare-message.ts';
import type { Answer } from '../suite/case.ts';
import { hasNoBody, wireAnswer, type AnswerBook } from './answers.ts';

export interface LoopbackOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Bytes of a request's body that are kept; a longer one is refused with 413. */
  readonly largestBody?: number;
}

/** The calls of one case, as they came in. */
export interface LoopbackCalls {
  readonly calls: readonly ObservedCall[];
  /** Those of them that no answer was for; they got a 502 that says so. */
  readonly unexpected: readonly ObservedCall[];
}

/**
 * The upstreams of a suite as one HTTP server on loopback, for gateways that are configured to call it. One
 * case at a time: its answers are given by `play`. Which upstream a call is meant for is told by its Host
 * header, or else by the answers that fit its path.
 */
export class LoopbackUpstreams {
  readonly #server: Server;
  readonly #largestBody: number;
  #book: AnswerBook | undefined;
  #calls: ObservedCall[] = [];
  #unexpected: ObservedCall[] = [];
  #waiting: (() => void) | undefined;

  private constructor(largestBody: number) {
    this.#largestBody = largestBody;
    this.#server = createServer({ keepAliveTimeout: 1_000 }, (request, response) => {
      void this.#serve(request, response);
    });
    // What a client does to its own connection is its own affair.
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** @throws {Error} with a system's code, such as EADDRINUSE */
  static async listen(options: LoopbackOptions): Promise<LoopbackUpstreams> {
    const upstreams = new LoopbackUpstreams(options.largestBody ?? 16 * 1024 * 1024);
    await new Promise<void>((resolve, reject) => {
      upstreams.#server.once('error', reject);
      upstreams.#server.listen(options.port, '127.0.0.1', () => {
        upstreams.#server.off('error', reject);
        resolve();
      });
    });
    return upstreams;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Begins a case: its answers serve from now on, and nothing has been called yet. */
  play(book: AnswerBook): void {
    this.#book = book;
    this.#calls = [];
    this.#unexpected = [];
  }

  /** The calls since `play`. */
  get seen(): LoopbackCalls {
    return { calls: this.#calls, unexpected: this.#unexpected };
  }

  /** Resolves when so many calls have come, or after so many milliseconds. */
  async arrived(count: number, patience: number): Promise<void> {
    if (this.#calls.length >= count) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting = undefined;
        resolve();
      };
      const timer = setTimeout(end, patience);
      this.#waiting = () => {
        if (this.#calls.length >= count) end();
      };
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request, this.#largestBody);
    if (body === 'broken') return;
    if (body === 'too-large') {
      response.writeHead(413).end('The body is longer than the double of the upstream keeps.');
      return;
    }
    const call = this.#callOf(request, body);
    this.#calls.push(call);
    this.#waiting?.();
    const answer = this.#book?.answer(new URL(call.url).origin, call);
    if (answer === undefined) {
      this.#unexpected.push(call);
      response.writeHead(502, { 'Content-Type': 'text/plain' });
      response.end(`No upstream of the case answers ${call.method} ${call.url}`);
      return;
    }
    await give(answer, request, response);
  }

  /** The call with the URL that the suite knows its upstream by. */
  #callOf(request: IncomingMessage, body: Uint8Array): ObservedCall {
    const headers = pairs(request.rawHeaders);
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const origins = this.#book?.origins ?? [];
    const host = (request.headers.host ?? '').toLowerCase();
    const ofOrigin = (origin: string): ObservedCall => ({
      method,
      url: `${origin}${target.startsWith('/') ? target : `/${target}`}`,
      headers,
      body,
    });
    const named = origins.find((origin) => new URL(origin).host === host);
    const fitting =
      named ?? origins.find((origin) => this.#book?.fits(origin, ofOrigin(origin)) === true);
    return ofOrigin(fitting ?? origins[0] ?? `http://${host === '' ? 'unknown' : host}`);
  }
}

async function give(
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { failure, delay = 0, stall = 0 } = answer;
  // A server that listens already cannot refuse; to break the connection comes nearest to it.
  if (failure !== undefined && failure !== 'hang' && failure !== 'cut') {
    request.socket.resetAndDestroy();
    return;
  }
  if (failure === 'hang') return;
  await pause(delay, response);
  const { status, reason, headers, body } = wireAnswer(answer);
  const lines = headers.flatMap(([name, value]) => [name, value]);
  if (!hasNoBody(status)) lines.push('Content-Length', String(body.byteLength));
  response.sendDate = false;
  response.writeHead(status, reason, lines);
  const middle = Math.floor(body.byteLength / 2);
  if (failure === 'cut') {
    response.write(body.subarray(0, middle), () => request.socket.destroy());
    return;
  }
  if (stall > 0) {
    response.write(body.subarray(0, middle));
    await pause(stall, response);
    response.end(body.subarray(middle));
  } else response.end(body);
}

/** Real time; ends early when the client has gone. */
async function pause(milliseconds: number, response: ServerResponse): Promise<void> {
  if (milliseconds === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function bodyOf(
  request: IncomingMessage,
  limit: number,
): Promise<Uint8Array | 'too-large' | 'broken'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > limit) return 'too-large';
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return 'broken';
  }
}

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return flat.flatMap((name, index) =>
    index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : [],
  );
}
