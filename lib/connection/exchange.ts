import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Clock } from '../host/clock.ts';
import type { Connection, ConnectionListener } from './connection.ts';
import { isTunnelled } from './connector.ts';
import { hostHeader } from './target-url.ts';
import {
  TransportError,
  type IncomingResponse,
  type StreamableRequest,
  type ResponseHead,
} from './transport.ts';
import type { WireRequest } from './wire-request.ts';

/** Interim responses (`103 Early Hints`) that one exchange may bring. */
const mostInterimResponses = 20;

/** The chunk that ends the header block may bring a whole read of body along. */
const slack = 128 * 1024;

const lengthMismatch = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';

/** What a receiver may do about the response that it gets. */
export interface ResponseControl {
  /** Reads nothing more from the wire, and counts no time, until `resume`. */
  pause(): void;
  resume(): void;
  /** Closes the connection; the receiver is told nothing more. */
  abandon(): void;
}

/** Takes a response in. Told of the end or of a failure, once; of a failure possibly before the head. */
export interface ResponseReceiver {
  /** Most bytes of body; one more is a failure. */
  readonly limit: number;
  /** Whether the total time is for the whole response or for its head. */
  readonly total: 'whole' | 'head';
  onHead(head: ResponseHead, control: ResponseControl): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(error: TransportError): void;
}

/**
 * One request and its response over one connection. It fails once, with a TransportError, and has then
 * destroyed the connection.
 *
 * undici is told of it by the handler methods that it calls itself. Its newer ones (`onResponseStart` and
 * so on) are an adapter around these, which makes an object of all headers for every response.
 */
export class Exchange implements Dispatcher.DispatchHandler, ConnectionListener, ResponseControl {
  private readonly connection: Connection;
  private readonly request: StreamableRequest;
  private readonly clock: Clock;
  private readonly headerLimit: number;
  private readonly receiver: ResponseReceiver;
  private stopListening: () => void = ignore;
  private isSettled = false;
  private isWritten = false;
  /** Nanoseconds of the clock. */
  private start = 0;
  private lastActivity = 0;
  private interimResponses = 0;
  private status = 0;
  /** Bytes of body so far. */
  private size = 0;
  /** Has undici read on. */
  private readOn: () => void = ignore;
  private isPaused = false;
  private sending: AsyncIterator<Uint8Array> | undefined;

  constructor(
    connection: Connection,
    request: StreamableRequest,
    clock: Clock,
    headerLimit: number,
    receiver: ResponseReceiver,
  ) {
    this.connection = connection;
    this.request = request;
    this.clock = clock;
    this.headerLimit = headerLimit;
    this.receiver = receiver;
  }

  /**
   * Sends the request; all else is told the receiver. The body is as received, its Content-Encoding not
   * undone.
   *
   * @param start the clock's nanoseconds from which the total time counts
   * @param now the clock's nanoseconds
   */
  run({ target, method, headers, body }: WireRequest, start: number, now: number): void {
    this.start = start;
    this.connection.begin(this);
    this.listenTo(this.request.signal);
    this.checkTime(now);
    if (this.isSettled) return;
    this.connection.client.dispatch(
      {
        path: this.requestTarget(target),
        method,
        headers,
        body: body === null || body instanceof Uint8Array ? body : Readable.from(this.sent(body)),
      },
      this,
    );
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    if (!this.isPaused || this.isSettled) return;
    this.isPaused = false;
    this.lastActivity = this.clock.nanoseconds();
    this.readOn();
  }

  abandon(): void {
    if (this.isSettled) return;
    this.settle();
    this.connection.destroy();
  }

  /** The request is about to be written. */
  onConnect(): void {
    this.isWritten = true;
    this.lastActivity = this.clock.nanoseconds();
    this.connection.expectResponse();
  }

  /** Bytes have come in. */
  onBytes(received: number): void {
    this.lastActivity = this.clock.nanoseconds();
    // undici bounds header fields; this bounds all that comes before the body, such as a status
    // line without end.
    if (this.status === 0 && received > this.headerLimit + slack) {
      this.fail(headersTooLarge(this.headerLimit));
    }
  }

  /** @returns whether to read on */
  onHeaders(status: number, rawHeaders: readonly Buffer[], readOn: () => void, reason: string) {
    if (status < 200) {
      this.interimResponses += 1;
      if (this.interimResponses > mostInterimResponses) {
        this.fail(new TransportError('broken', 'The server sends interim responses only'));
      }
      return true;
    }
    this.status = status;
    this.readOn = readOn;
    const headers = headerLines(rawHeaders);
    if (this.hasBody() && declaredLength(headers) > this.receiver.limit) {
      this.fail(this.bodyTooLarge());
      return true;
    }
    const { version, peer } = this.connection;
    const startedAt = this.clock.now();
    this.receiver.onHead({ status, reason, version, headers, peer, startedAt }, this);
    return !this.isPaused;
  }

  /** @returns whether to read on */
  onData(chunk: Buffer): boolean {
    if (this.isSettled) return true;
    this.size += chunk.length;
    if (this.size > this.receiver.limit) this.fail(this.bodyTooLarge());
    else this.receiver.onData(chunk);
    return !this.isPaused;
  }

  onComplete(): void {
    this.end();
  }

  onError(error: Error): void {
    // undici misses the body that a 204 or 304 announces by Content-Length but cannot have.
    if (this.status !== 0 && !this.hasBody() && codeOf(error) === lengthMismatch) {
      this.end();
      return;
    }
    this.fail(failure(error, this.headerLimit));
  }

  /** A proxy that does not tunnel needs the whole URL. */
  private requestTarget(target: string): string {
    const { route } = this.connection;
    if (route.proxy === undefined || isTunnelled(route)) return target;
    return `http://${hostHeader(route.origin)}${target}`;
  }

  private hasBody(): boolean {
    return this.request.method !== 'HEAD' && this.status !== 204 && this.status !== 304;
  }

  private listenTo(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const aborted = (): void => {
      this.fail(new TransportError('aborted', 'The request was aborted', signal.reason));
    };
    signal.addEventListener('abort', aborted, { once: true });
    this.stopListening = () => {
      signal.removeEventListener('abort', aborted);
    };
  }

  onTime(): void {
    this.checkTime(this.clock.nanoseconds());
  }

  /** Fails when a limit is reached, and otherwise comes back when the next one may be. */
  private checkTime(now: number): void {
    const { idleTimeout, total = 0 } = this.request.limits;
    const isOver = this.receiver.total === 'head' && this.status !== 0;
    const totalLeft = total > 0 && !isOver ? total - (now - this.start) / 1e6 : Infinity;
    // While connecting, the connect timeout is in force instead.
    const since = this.isWritten && !this.isPaused ? now - this.lastActivity : 0;
    const idleLeft = idleTimeout > 0 ? idleTimeout - since / 1e6 : Infinity;
    const left = Math.min(totalLeft, idleLeft);
    if (left === Infinity) return;
    // A timer may fire a fraction of a millisecond early.
    if (left >= 1 || now === this.start) this.connection.wakeBy(now + left * 1e6, now);
    else if (idleLeft < totalLeft) {
      this.fail(
        new TransportError('idle-timeout', `Not a byte came or went for ${idleTimeout} ms`),
      );
    } else {
      this.fail(new TransportError('idle-timeout', `No whole response within ${total} ms`));
    }
  }

  private bodyTooLarge(): TransportError {
    const { limit } = this.receiver;
    return new TransportError('too-large', `The response's body exceeds ${limit} bytes`);
  }

  private end(): void {
    if (this.isSettled) return;
    this.settle();
    this.connection.finishResponse();
    this.receiver.onEnd();
  }

  private fail(error: TransportError): void {
    if (this.isSettled) return;
    this.settle();
    this.connection.destroy();
    this.receiver.onFailure(error);
  }

  private settle(): void {
    this.isSettled = true;
    this.stopListening();
    // Whoever gives the body is told that nobody takes it any more; how that ends is of no interest.
    this.sending?.return?.().catch(ignore);
  }

  /** A body that is sent as it comes, each chunk of it a sign of life. */
  private async *sent(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const chunks = body[Symbol.asyncIterator]();
    this.sending = chunks;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      this.lastActivity = this.clock.nanoseconds();
      yield next.value;
    }
    this.sending = undefined;
  }
}

function headerLines(raw: readonly Buffer[]): IncomingResponse['headers'] {
  const lines: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    lines.push([fieldText(raw[index]), fieldText(raw[index + 1])]);
  }
  return lines;
}

const beyondAscii = /[\x80-\xff]/;

/** UTF-8 if it is that, else Latin-1: no byte is lost and nobody's umlaut is garbled. */
function fieldText(bytes: Buffer | undefined): string {
  if (bytes === undefined) return '';
  const text = bytes.toString('latin1');
  return beyondAscii.test(text) && isUtf8(bytes) ? bytes.toString('utf8') : text;
}

function declaredLength(headers: IncomingResponse['headers']): number {
  for (const [name, value] of headers) {
    if (name.length === 14 && name.toLowerCase() === 'content-length') return Number(value);
  }
  return 0;
}

/** What an error of undici or of the socket means to the caller. */
function failure(error: Error, headerLimit: number): TransportError {
  if (error instanceof TransportError) return error;
  const code = codeOf(error);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return headersTooLarge(headerLimit, error);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return new TransportError('illegal-request', error.message, error);
  }
  const message = `The response broke off or is malformed: ${error.message}`;
  return new TransportError('broken', message, error);
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}

function headersTooLarge(limit: number, cause?: Error): TransportError {
  return new TransportError('too-large', `The response's headers exceed ${limit} bytes`, cause);
}

function ignore(): void {
  // Stands in until there is something to do.
}
