import { isUtf8 } from 'node:buffer';
import type { Dispatcher } from 'undici';
import type { Clock, Timer } from '../host/clock.ts';
import { BodyCollector } from './body-collector.ts';
import type { Connection, ConnectionListener } from './connection.ts';
import { isTunnelled } from './connector.ts';
import { hostHeader } from './target-url.ts';
import { TransportError, type IncomingResponse, type OutgoingRequest } from './transport.ts';
import type { WireRequest } from './wire-request.ts';

/** Interim responses (`103 Early Hints`) that one exchange may bring. */
const mostInterimResponses = 20;

/** The chunk that ends the header block may bring a whole read of body along. */
const slack = 128 * 1024;

const lengthMismatch = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';

/**
 * One request and its whole response over one connection. It fails once, with a TransportError,
 * and has then destroyed the connection.
 */
export class Exchange implements Dispatcher.DispatchHandler, ConnectionListener {
  private readonly connection: Connection;
  private readonly request: OutgoingRequest;
  private readonly clock: Clock;
  private readonly headerLimit: number;
  private readonly body = new BodyCollector();
  private resolve: (response: IncomingResponse) => void = ignore;
  private reject: (error: TransportError) => void = ignore;
  private stopListening: () => void = ignore;
  private isSettled = false;
  private isWritten = false;
  private timer: Timer | undefined;
  /** Nanoseconds of the clock. */
  private start = 0;
  private lastActivity = 0;
  private interimResponses = 0;
  private status = 0;
  private reason = '';
  private startedAt = 0;
  private headers: IncomingResponse['headers'] = [];

  constructor(connection: Connection, request: OutgoingRequest, clock: Clock, headerLimit: number) {
    this.connection = connection;
    this.request = request;
    this.clock = clock;
    this.headerLimit = headerLimit;
  }

  /**
   * Sends and waits; the body is as received, its Content-Encoding not undone.
   *
   * @param start the clock's nanoseconds from which the total time counts
   */
  run(wire: WireRequest, start: number): Promise<IncomingResponse> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.start = start;
      this.listenTo(this.request.signal);
      this.checkTime();
      if (this.isSettled) return;
      this.connection.client.dispatch(
        {
          path: this.requestTarget(wire.target),
          method: wire.method,
          headers: wire.headers,
          body: wire.body,
        },
        this,
      );
    });
  }

  /** The request is about to be written. */
  onRequestStart(): void {
    this.isWritten = true;
    this.lastActivity = this.clock.nanoseconds();
    this.connection.expectResponse(this);
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

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    reason?: string,
  ): void {
    if (status < 200) {
      this.interimResponses += 1;
      if (this.interimResponses > mostInterimResponses) {
        this.fail(new TransportError('broken', 'The server sends interim responses only'));
      }
      return;
    }
    this.status = status;
    this.reason = reason ?? '';
    this.startedAt = this.clock.now();
    this.headers = headerLines(controller.rawHeaders);
    if (this.hasBody() && declaredLength(this.headers) > this.request.limits.responseBody) {
      this.fail(this.bodyTooLarge());
    }
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.isSettled) return;
    if (this.body.size + chunk.length > this.request.limits.responseBody) {
      this.fail(this.bodyTooLarge());
    } else {
      this.body.add(chunk);
    }
  }

  onResponseEnd(): void {
    if (this.isSettled) return;
    this.settle();
    this.resolve({
      status: this.status,
      reason: this.reason,
      version: this.connection.finishResponse(),
      headers: this.headers,
      body: this.body.bytes(),
      peer: this.connection.peer,
      startedAt: this.startedAt,
    });
  }

  onResponseError(_controller: unknown, error: Error): void {
    // undici misses the body that a 204 or 304 announces by Content-Length but cannot have.
    if (this.status !== 0 && !this.hasBody() && codeOf(error) === lengthMismatch) {
      this.onResponseEnd();
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

  /** Fails when a limit is reached, and otherwise comes back when the next one may be. */
  private checkTime(): void {
    const { idleTimeout, total = 0 } = this.request.limits;
    const now = this.clock.nanoseconds();
    const totalLeft = total > 0 ? total - (now - this.start) / 1e6 : Infinity;
    // While connecting, the connect timeout is in force instead.
    const since = this.isWritten ? now - this.lastActivity : 0;
    const idleLeft = idleTimeout > 0 ? idleTimeout - since / 1e6 : Infinity;
    const left = Math.min(totalLeft, idleLeft);
    if (left === Infinity) return;
    // A timer may fire a fraction of a millisecond early.
    if (left >= 1 || now === this.start) {
      this.timer = this.clock.after(Math.ceil(left), () => {
        this.checkTime();
      });
    } else if (idleLeft < totalLeft) {
      this.fail(
        new TransportError('idle-timeout', `Not a byte came or went for ${idleTimeout} ms`),
      );
    } else {
      this.fail(new TransportError('idle-timeout', `No whole response within ${total} ms`));
    }
  }

  private bodyTooLarge(): TransportError {
    const { responseBody } = this.request.limits;
    return new TransportError('too-large', `The response's body exceeds ${responseBody} bytes`);
  }

  private fail(error: TransportError): void {
    if (this.isSettled) return;
    this.settle();
    this.connection.destroy();
    this.reject(error);
  }

  private settle(): void {
    this.isSettled = true;
    this.timer?.cancel();
    this.stopListening();
  }
}

function headerLines(
  raw: Dispatcher.DispatchController['rawHeaders'],
): IncomingResponse['headers'] {
  if (!Array.isArray(raw)) return [];
  const lines: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    lines.push([fieldText(raw[index]), fieldText(raw[index + 1])]);
  }
  return lines;
}

const beyondAscii = /[\x80-\xff]/;

/** UTF-8 if it is that, else Latin-1: no byte is lost and nobody's umlaut is garbled. */
function fieldText(bytes: Buffer | string | undefined): string {
  if (bytes === undefined || typeof bytes === 'string') return bytes ?? '';
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
