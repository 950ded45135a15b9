import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { systemClock } from '../../host/clock.ts';
import type { ObservedCall } from '../matching/compare-message.ts';
import type { Answer } from '../suite/case.ts';
import { hasNoBody, originOf, wireAnswer, type AnswerBook } from './answers.ts';

/** Where an upstream is found on loopback. */
export interface LoopbackDoor {
  /** 0 lets the system choose; doors of one port share it. */
  readonly port: number;
  /** Path that stands before that of every call, without a slash at its end. */
  readonly prefix: string;
  /** What is behind it; undefined: any upstream, told by the Host header, or else by the answers that fit. */
  readonly origin: string | undefined;
}

/** The calls of one case, as they came in. */
export interface LoopbackCalls {
  readonly calls: readonly ObservedCall[];
  /** Those of them that no answer was for; they got a 502 that says so. */
  readonly unexpected: readonly ObservedCall[];
}

export interface Settling {
  /** Calls that are waited for. */
  readonly calls: number;
  /** Milliseconds to wait for them, and for those under way to end. */
  readonly patience: number;
  /** Milliseconds without a new call, after which none is thought to come. */
  readonly quiet: number;
}

/** One case's turn: a call belongs to the turn in which its head came in. */
interface Turn {
  readonly book: AnswerBook;
  readonly calls: ObservedCall[];
  readonly unexpected: ObservedCall[];
}

interface OpenCall {
  readonly turn: Turn;
  readonly socket: Socket;
}

/** Bytes of a request's body that are kept; a longer one is refused with 413. */
const largestBody = 16 * 1024 * 1024;

/**
 * The upstreams of a suite as HTTP servers on loopback, for gateways that are configured to call them. One
 * case at a time: its answers are given by `play`.
 */
export class LoopbackUpstreams {
  readonly #servers = new Map<number, Server>();
  #turn: Turn | undefined;
  readonly #open = new Set<OpenCall>();
  #arrivals = 0;
  #onChange: (() => void) | undefined;

  private constructor() {
    // Made by `listen`.
  }

  /** @throws {PortError} for a port that cannot be had */
  static async listen(doors: readonly LoopbackDoor[]): Promise<LoopbackUpstreams> {
    const upstreams = new LoopbackUpstreams();
    try {
      for (const port of new Set(doors.map((door) => door.port))) {
        const behind = doors
          .filter((door) => door.port === port)
          .sort((one, other) => other.prefix.length - one.prefix.length);
        await upstreams.#listen(port, behind);
      }
    } catch (error) {
      await upstreams.close();
      throw error;
    }
    return upstreams;
  }

  /** The URL of a port that was asked for; 0 for the one that the system chose. */
  url(port: number): string {
    const address = this.#servers.get(port)?.address() as AddressInfo | null | undefined;
    return `http://127.0.0.1:${address?.port ?? port}`;
  }

  /**
   * Begins a case: its answers serve from now on.
   * @returns its calls, which grow while they come in
   */
  play(book: AnswerBook): LoopbackCalls {
    this.hangUp();
    this.#turn = { book, calls: [], unexpected: [] };
    return this.#turn;
  }

  /** Ends every call that still waits for its answer. */
  hangUp(): void {
    for (const { socket } of this.#open) socket.destroy();
    this.#open.clear();
  }

  /** Resolves when the calls have come and been answered, and no other has come for a while. */
  async settled({ calls, patience, quiet }: Settling): Promise<void> {
    const deadline = systemClock.nanoseconds() + patience * 1e6;
    for (;;) {
      const left = (deadline - systemClock.nanoseconds()) / 1e6;
      if (left <= 0) return;
      const isDone = this.#open.size === 0 && (this.#turn?.calls.length ?? 0) >= calls;
      const arrivals = this.#arrivals;
      await this.#changed(isDone ? Math.min(quiet, left) : left);
      if (isDone && this.#arrivals === arrivals) return;
    }
  }

  async close(): Promise<void> {
    const closed = [...this.#servers.values()].map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
          server.closeAllConnections();
        }),
    );
    await Promise.all(closed);
  }

  async #listen(port: number, doors: readonly LoopbackDoor[]): Promise<void> {
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      void this.#serve(request, response, doors);
    });
    // What a client does to its own connection is its own affair.
    server.on('clientError', (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => {
        reject(new PortError(port, error));
      });
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#servers.set(port, server);
  }

  /** Resolves at the next change, or after so many milliseconds. */
  #changed(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        this.#onChange = undefined;
        resolve();
      };
      const timer = systemClock.after(milliseconds, end);
      this.#onChange = end;
    });
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    doors: readonly LoopbackDoor[],
  ): Promise<void> {
    const turn = this.#turn;
    if (turn === undefined) {
      response.writeHead(503).end('No case is being run.');
      return;
    }
    const open: OpenCall = { turn, socket: request.socket };
    this.#open.add(open);
    this.#arrivals += 1;
    response.once('close', () => {
      this.#open.delete(open);
      this.#onChange?.();
    });
    const body = await bodyOf(request);
    if (body === 'broken') return;
    if (body === 'too-large') {
      response.writeHead(413, { Connection: 'close' });
      response.end('The body is longer than the double of the upstream keeps.');
      return;
    }
    const call = callOf(request, body, { turn, doors });
    turn.calls.push(call);
    this.#onChange?.();
    const answer = turn.book.answer(originOf(new URL(call.url).origin), call);
    if (answer === undefined) {
      turn.unexpected.push(call);
      response.writeHead(502, { 'Content-Type': 'text/plain' });
      response.end(`No upstream of the case answers ${call.method} ${call.url}`);
      return;
    }
    await give(answer, request, response);
  }
}

/** A port of loopback that nobody can have. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly port: number;

  constructor(port: number, cause: NodeJS.ErrnoException) {
    const why =
      cause.code === 'EADDRINUSE'
        ? 'somebody listens there already'
        : (cause.code ?? cause.message);
    super(`cannot listen on 127.0.0.1:${port}: ${why}`, { cause });
    this.port = port;
  }
}

/** The call with the URL that the suite knows its upstream by. */
function callOf(
  request: IncomingMessage,
  body: Uint8Array,
  { turn: { book }, doors }: { readonly turn: Turn; readonly doors: readonly LoopbackDoor[] },
): ObservedCall {
  const target = request.url ?? '/';
  const door = doors.find(({ prefix }) => isBelow(target, prefix));
  const path = target.slice(door?.prefix.length ?? 0);
  const call = (origin: string): ObservedCall => ({
    method: request.method ?? 'GET',
    url: `${origin}${path.startsWith('/') ? path : `/${path}`}`,
    headers: pairs(request.rawHeaders),
    body,
  });
  if (door?.origin !== undefined) return call(originOf(door.origin));
  const host = (request.headers.host ?? '').toLowerCase();
  const origin =
    book.origins.find((one) => new URL(one).host === host) ??
    book.origins.find((one) => book.fits(one, call(one))) ??
    (book.origins.length === 1 ? book.origins[0] : undefined);
  return call(origin ?? (URL.canParse(`http://${host}`) ? `http://${host}` : 'http://unknown'));
}

function isBelow(target: string, prefix: string): boolean {
  return target.startsWith(prefix) && /^(?:[/?]|$)/.test(target.slice(prefix.length));
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
  const isFramed = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  if (!hasNoBody(status) && !isFramed) lines.push('Content-Length', String(body.byteLength));
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
    const timer = systemClock.after(milliseconds, resolve);
    response.once('close', () => {
      timer.cancel();
      resolve();
    });
  });
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | 'too-large' | 'broken'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > largestBody) return 'too-large';
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
