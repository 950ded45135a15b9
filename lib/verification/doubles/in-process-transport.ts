import { decodeBody } from '../../connection/content-coding.ts';
import {
  TransportError,
  type IncomingResponse,
  type OutgoingRequest,
  type StreamableRequest,
  type Transport,
  type TransportLimits,
} from '../../connection/transport.ts';
import type { ObservedCall } from '../matching/compare-message.ts';
import type { Answer, Failure } from '../suite/case.ts';
import { wireAnswer, type AnswerBook } from './answers.ts';
import type { PolicyDoubles } from './policy-doubles.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface InProcessTransportOptions {
  readonly book: Pick<AnswerBook, 'answer' | 'failureBefore'>;
  /** Asked before the book. */
  readonly doubles?: PolicyDoubles | undefined;
  readonly clock: VirtualClock;
  /** Told of every request that would have left, in order. */
  readonly onCall: (call: ObservedCall) => void;
  /** Told of a call that no answer is for; it fails as an origin that refuses connections. */
  readonly onUnexpected: (call: ObservedCall) => void;
}

/** An upstream left to itself answers never; callers without a limit of their own give up after this. */
const patience = 3_600_000;

/**
 * Upstreams without sockets, in virtual time: each call gets its answer from the book, and delays,
 * silences and failures show as they would on the wire.
 */
export function createInProcessTransport(options: InProcessTransportOptions): Transport {
  const { book, clock } = options;

  async function send(request: OutgoingRequest): Promise<IncomingResponse> {
    throwIfAborted(request.signal);
    const { scheme, host, port } = request.origin;
    const origin = new URL(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`).origin;
    const call: ObservedCall = {
      method: request.method,
      url: `${origin}${request.target}`,
      headers: request.headers,
      body: request.body ?? new Uint8Array(),
    };
    const answer = options.doubles?.answer(call) ?? book.answer(origin, call);
    if (answer === undefined) {
      options.onUnexpected(call);
      throw new TransportError('unreachable', `No answer is given for ${call.method} ${call.url}`);
    }
    const failure = failureBefore(answer.failure);
    if (failure !== undefined) throw failure;
    options.onCall(call);
    const response = await answered(answer, request, clock);
    throwIfAborted(request.signal);
    return response;
  }

  return {
    send,
    async stream(request: StreamableRequest) {
      const body = isStream(request.body) ? await collected(request.body) : request.body;
      const response = await send({ ...request, body });
      return { ...response, body: once(response.encodedBody ?? response.body) };
    },
    async reach({ origin: { scheme, host, port } }) {
      const failure = book.failureBefore(new URL(`${scheme}://${host}:${port}`).origin);
      if (failure === 'refused' || failure === 'unresolvable') {
        await Promise.reject(new TransportError('unreachable', 'The double refuses connections'));
      }
    },
    close: () => Promise.resolve(),
  };
}

/** How a call fails before any of it is sent. */
function failureBefore(failure: Failure | undefined): TransportError | undefined {
  switch (failure) {
    case 'refused':
      return new TransportError('unreachable', 'connect ECONNREFUSED');
    case 'unresolvable':
      return new TransportError('unreachable', 'getaddrinfo ENOTFOUND');
    case 'tls':
      return new TransportError('tls', 'The certificate is not trusted');
    case 'hang':
    case 'reset':
    case 'cut':
    case undefined:
      return undefined;
  }
}

async function answered(
  answer: Answer,
  { limits, signal, method }: OutgoingRequest,
  clock: VirtualClock,
): Promise<IncomingResponse> {
  const waiting = new Waiting(limits, signal, clock);
  if (answer.failure === 'hang') await waiting.silence(patience);
  if (answer.failure === 'reset') throw new TransportError('broken', 'read ECONNRESET');
  await waiting.silence(answer.delay ?? 0);
  const startedAt = clock.now();
  const { status, reason, headers, body } = wireAnswer(answer);
  if (answer.failure === 'cut') throw new TransportError('broken', 'The response ended too early');
  await waiting.silence(answer.stall ?? 0);
  if (body.byteLength > limits.responseBody) {
    throw new TransportError('too-large', `The body has more than ${limits.responseBody} bytes`);
  }
  const shown = method === 'HEAD' ? new Uint8Array() : body;
  const codings = headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .map(([, value]) => value)
    .join();
  const decoded =
    shown.byteLength === 0 ? shown : await decodeBody(shown, codings, limits.responseBody);
  return {
    status,
    reason,
    version: '1.1',
    headers: [...headers, ['Content-Length', String(body.byteLength)]],
    startedAt,
    ...(decoded === shown ? { body: shown } : { body: decoded, encodedBody: shown }),
  };
}

/** Silence of an upstream, ended early by the caller's limits. */
class Waiting {
  readonly #limits: TransportLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #clock: VirtualClock;
  readonly #started: number;

  constructor(limits: TransportLimits, signal: AbortSignal | undefined, clock: VirtualClock) {
    this.#limits = limits;
    this.#signal = signal;
    this.#clock = clock;
    this.#started = clock.now();
  }

  async silence(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return;
    const { idleTimeout, total = 0 } = this.#limits;
    const left = total === 0 ? Infinity : this.#started + total - this.#clock.now();
    const bearable = Math.min(idleTimeout === 0 ? Infinity : idleTimeout, left);
    await this.#sleep(Math.min(milliseconds, bearable));
    throwIfAborted(this.#signal);
    if (milliseconds >= bearable) {
      throw new TransportError('idle-timeout', `No answer within ${bearable} ms`);
    }
  }

  /** Ends at once when the caller gives up. */
  #sleep(milliseconds: number): Promise<void> {
    const signal = this.#signal;
    const asleep = this.#clock.sleep(milliseconds);
    if (signal === undefined) return asleep;
    return new Promise((resolve) => {
      const stop = (): void => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      signal.addEventListener('abort', stop);
      void asleep.then(stop);
    });
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new TransportError('aborted', 'The caller gave up', signal.reason);
  }
}

function isStream(body: StreamableRequest['body']): body is AsyncIterable<Uint8Array> {
  return body !== null && !(body instanceof Uint8Array);
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.byteLength > 0) yield await Promise.resolve(bytes);
}
