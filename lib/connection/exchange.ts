import { isUtf8 } from 'node:buffer';
import type { Dispatcher } from 'undici';
import type { Clock, Timer } from '../host/clock.ts';
import { BodyCollector } from './body-collector.ts';
import type { Connection } from './connection.ts';
import { isTunnelled } from './connector.ts';
import { hostHeader } from './target-url.ts';
import { TransportError, type IncomingResponse, type OutgoingRequest } from './transport.ts';
import type { WireRequest } from './wire-request.ts';

/** Interim responses (`103 Early Hints`) that one exchange may bring. */
const mostInterimResponses = 20;

/**
 * One request and its whole response over one connection. It fails once, with a TransportError,
 * and has then destroyed the connection.
 */
export class Exchange {
  private readonly connection: Connection;
  private readonly request: OutgoingRequest;
  private readonly clock: Clock;
  private readonly headerLimit: number;
  private readonly body = new BodyCollector();
  private resolve: (response: IncomingResponse) => void = ignore;
  private reject: (error: TransportError) => void = ignore;
  private isSettled = false;
  private idleTimer: Timer | undefined;
  private lastActivity = 0;
  private interimResponses = 0;
  private status = 0;
  private reason = '';
  private headers: IncomingResponse['headers'] = [];

  constructor(connection: Connection, request: OutgoingRequest, clock: Clock, headerLimit: number) {
    this.connection = connection;
    this.request = request;
    this.clock = clock;
    this.headerLimit = headerLimit;
  }

  /** Sends and waits; the body is as received, its Content-Encoding not undone. */
  run(wire: WireRequest): Promise<IncomingResponse> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      const { signal } = this.request;
      if (signal !== undefined) {
        if (signal.aborted) {
          this.aborted();
          return;
        }
        signal.addEventListener('abort', this.aborted, { once: true });
      }
      this.connection.client.dispatch(
        {
          path: this.requestTarget(wire.target),
          method: wire.method,
          headers: wire.headers,
          body: wire.body,
        },
        this.handler(),
      );
    });
  }

  /** A proxy that does not tunnel needs the whole URL. */
  private requestTarget(target: string): string {
    const { route } = this.connection;
    if (route.proxy === undefined || isTunnelled(route)) return target;
    return `http://${hostHeader(route.origin)}${target}`;
  }

  private handler(): Dispatcher.DispatchHandler {
    return {
      onRequestStart: () => {
        this.connection.expectResponse();
        this.connection.onBytes = this.onBytes;
        this.watchIdleness();
      },
      onResponseStart: (controller, status, _headers, reason) => {
        if (status < 200) {
          this.interimResponses += 1;
          if (this.interimResponses > mostInterimResponses) {
            this.fail(new TransportError('broken', 'The server sends interim responses only'));
          }
          return;
        }
        this.status = status;
        this.reason = reason ?? '';
        this.headers = headerLines(controller.rawHeaders);
        const declared = this.hasBody() ? declaredLength(this.headers) : 0;
        if (declared > this.request.limits.responseBody) this.fail(this.tooLarge());
      },
      onResponseData: (_controller, chunk) => {
        if (this.isSettled) return;
        if (this.body.size + chunk.length > this.request.limits.responseBody) {
          this.fail(this.tooLarge());
        } else {
          this.body.add(chunk);
        }
      },
      onResponseEnd: () => {
        if (this.isSettled) return;
        this.settle();
        this.connection.hasServed = true;
        this.resolve({
          status: this.status,
          reason: this.reason,
          version: this.connection.response?.version ?? '1.1',
          headers: this.headers,
          body: this.body.bytes(),
        });
      },
      onResponseError: (_controller, error) => {
        this.fail(failure(error, this.headerLimit));
      },
    };
  }

  private hasBody(): boolean {
    return this.request.method !== 'HEAD' && this.status !== 204 && this.status !== 304;
  }

  private readonly aborted = (): void => {
    this.fail(
      new TransportError('aborted', 'The request was aborted', this.request.signal?.reason),
    );
  };

  private readonly onBytes = (): void => {
    this.lastActivity = this.clock.nanoseconds();
    // undici bounds header fields; this bounds all that comes before the body, such as a status
    // line without end.
    const received = this.connection.response?.received ?? 0;
    if (this.status === 0 && received > this.headerLimit + slack) {
      this.fail(
        new TransportError(
          'too-large',
          `The response's header block exceeds ${this.headerLimit} bytes`,
        ),
      );
    }
  };

  private watchIdleness(): void {
    const { idleTimeout } = this.request.limits;
    if (idleTimeout <= 0 || this.isSettled) return;
    this.lastActivity = this.clock.nanoseconds();
    this.idleTimer?.cancel();
    this.idleTimer = this.clock.after(idleTimeout, this.checkIdleness);
  }

  private readonly checkIdleness = (): void => {
    const { idleTimeout } = this.request.limits;
    const left = idleTimeout - (this.clock.nanoseconds() - this.lastActivity) / 1e6;
    // A timer may fire a fraction of a millisecond early.
    if (left < 1) {
      this.fail(
        new TransportError('idle-timeout', `Nothing was received or sent for ${idleTimeout} ms`),
      );
    } else {
      this.idleTimer = this.clock.after(Math.ceil(left), this.checkIdleness);
    }
  };

  private tooLarge(): TransportError {
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
    this.idleTimer?.cancel();
    this.connection.onBytes = undefined;
    this.request.signal?.removeEventListener('abort', this.aborted);
  }
}

/** A chunk that ends the header block may bring up to a whole read of body along. */
const slack = 128 * 1024;

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

/** UTF-8 if it is that, else Latin-1: no byte is lost and nobody's umlaut is garbled. */
function fieldText(bytes: Buffer | string | undefined): string {
  if (bytes === undefined || typeof bytes === 'string') return bytes ?? '';
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
}

function declaredLength(headers: IncomingResponse['headers']): number {
  const line = headers.find(([name]) => name.toLowerCase() === 'content-length');
  return line === undefined ? 0 : Number(line[1]);
}

/** What an error of undici or of the socket means to the caller. */
function failure(error: Error, headerLimit: number): TransportError {
  if (error instanceof TransportError) return error;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new TransportError(
      'too-large',
      `The response's header block exceeds ${headerLimit} bytes`,
      error,
    );
  }
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return new TransportError('illegal-request', error.message, error);
  }
  return new TransportError(
    'broken',
    `The response broke off or is malformed: ${error.message}`,
    error,
  );
}

function ignore(): void {
  // Replaced before anything can be settled.
}
