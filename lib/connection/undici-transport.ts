import type { LookupFunction } from 'node:net';
import type { Clock } from '../host/clock.ts';
import { defaultLimits } from '../host/limits.ts';
import { BufferedResponse, settleable } from './buffered-response.ts';
import { Connection } from './connection.ts';
import { createConnector, type Route } from './connector.ts';
import { decodeBody } from './content-coding.ts';
import { egressGuard, platformLookup, type EgressPolicy } from './egress.ts';
import { Exchange, type ResponseReceiver } from './exchange.ts';
import { IdleConnections } from './idle-connections.ts';
import { StreamedBody, type BodyEnd } from './streamed-body.ts';
import { originKey } from './target-url.ts';
import {
  TransportError,
  type IncomingResponse,
  type StreamableRequest,
  type StreamedResponse,
  type TlsSettings,
  type Transport,
} from './transport.ts';
import { wireRequest, type WireRequest } from './wire-request.ts';

export interface UndiciTransportOptions {
  /** Drives every timeout. */
  readonly clock: Clock;
  /** Where requests may go; `any` unless given. */
  readonly egress?: EgressPolicy;
  /** Most bytes of a response's header block; Apigee's 60 KB unless given. */
  readonly responseHeaders?: number;
  /** Most connections kept open without a request, over all origins; 1024 unless given. */
  readonly idleConnections?: number;
  /** Resolves host names; the operating system's resolver unless given. */
  readonly lookup?: LookupFunction;
}

/** RFC 9110, section 9.2.2: sending these twice does no more than sending them once. */
const idempotent: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'DELETE',
]);

/**
 * HTTP/1.1 over undici: connections are kept alive and shared by requests to the same origin with
 * the same TLS settings. Host is written first and in lower case, then `connection`, then the
 * message's headers as given; Content-Length comes last.
 *
 * A kept-alive connection may turn out to be closed by the server. If that shows before the
 * request is written, or before the first byte of the response to an idempotent request, the
 * request goes out once more on a new connection; every other failure is final.
 */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  const { clock } = options;
  const headerLimit = options.responseHeaders ?? defaultLimits.responseHeaders;
  const connector = createConnector(
    clock,
    egressGuard(options.egress ?? 'any'),
    options.lookup ?? platformLookup,
  );
  const idle = new IdleConnections(clock, options.idleConnections ?? 1_024);
  let inFlight = 0;
  let isClosed = false;
  let drained: () => void = ignore;

  function dial({ origin, tls, proxy, limits }: StreamableRequest): Connection {
    const route: Route = { origin, tls, proxy };
    return new Connection(route, connector, limits.connectTimeout, headerLimit, clock);
  }

  /**
   * Runs an exchange on a connection that is kept alive, or else on a new one. It counts as in flight
   * until it fails, or whoever finishes it calls `end`.
   */
  function exchanged<Response, Result>(
    request: StreamableRequest,
    reception: Reception<Response, Result>,
  ): Promise<Result> {
    inFlight += 1;
    try {
      if (isClosed) throw aborted('The transport is closed');
      const { signal } = request;
      if (signal?.aborted === true) throw aborted(signal.reason);
      return exchange(request, wireRequest(request), reception);
    } catch (error) {
      return fail(error);
    }
  }

  function exchange<Response, Result>(
    request: StreamableRequest,
    wire: WireRequest,
    { receiving, finish }: Reception<Response, Result>,
  ): Promise<Result> {
    const key = routeKey(request);
    const start = clock.nanoseconds();
    const kept = idle.take(key, start);
    const over = (
      connection: Connection,
      now: number,
      failed: (error: unknown) => Promise<Result>,
    ): Promise<Result> => {
      const { receiver, response } = receiving();
      new Exchange(connection, request, clock, headerLimit, receiver).run(wire, start, now);
      return response.then((value) => finish(value, connection, key), failed);
    };
    if (kept === undefined) return over(dial(request), start, fail);
    return over(kept, start, (error) => {
      if (!isBroken(error) || !kept.isStale || !canRepeat(request)) return fail(error);
      return over(dial(request), clock.nanoseconds(), fail);
    });
  }

  function keep(connection: Connection, key: string, { limits }: StreamableRequest): void {
    idle.give(key, connection, isClosed ? 0 : limits.keepAlive);
  }

  function end(): void {
    inFlight -= 1;
    if (inFlight === 0) drained();
  }

  function fail(error: unknown): Promise<never> {
    return new Promise(() => {
      end();
      throw error;
    });
  }

  return {
    send: (request) =>
      exchanged(request, {
        receiving() {
          const receiver = new BufferedResponse(request.limits.responseBody);
          return { receiver, response: receiver.response };
        },
        finish(response, connection, key) {
          keep(connection, key, request);
          end();
          return decoded(response, request.limits.responseBody);
        },
      }),
    stream(request) {
      const closed = settleable<BodyEnd>();
      return exchanged(request, {
        receiving() {
          const { promise, resolve, reject } = settleable<StreamedResponse>();
          return { receiver: new StreamedBody(resolve, reject, closed.resolve), response: promise };
        },
        finish(response, connection, key) {
          void closed.promise.then((how) => {
            if (how === 'whole') keep(connection, key, request);
            end();
          });
          return response;
        },
      });
    },
    async reach({ origin, proxy, signal, connectTimeout }) {
      if (isClosed) throw aborted('The transport is closed');
      if (signal?.aborted === true) throw aborted(signal.reason);
      const attempt = connector.connect(
        {
          origin: { ...origin, scheme: 'http' },
          tls: undefined,
          // A proxy that is sent whole URLs would be reached itself, not what lies behind it.
          proxy: proxy === undefined ? undefined : { ...proxy, tunnel: 'always' },
        },
        connectTimeout,
      );
      const giveUp = (): void => {
        attempt.cancel();
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      try {
        (await attempt.socket).destroy();
      } finally {
        signal?.removeEventListener('abort', giveUp);
      }
    },
    async close() {
      isClosed = true;
      idle.closeAll();
      if (inFlight === 0) return;
      await new Promise<void>((resolve) => {
        const others = drained;
        drained = () => {
          others();
          resolve();
        };
      });
    },
  };
}

/** A response that is on its way, and who takes it in. */
interface Receiving<Response> {
  readonly receiver: ResponseReceiver;
  readonly response: Promise<Response>;
}

interface Reception<Response, Result> {
  readonly receiving: () => Receiving<Response>;
  /** Called in a turn after undici's own, which by then has closed what the response forbids to use again. */
  readonly finish: (
    response: Response,
    connection: Connection,
    key: string,
  ) => Result | Promise<Result>;
}

function canRepeat({ method, body }: StreamableRequest): boolean {
  return idempotent.has(method) && (body === null || body instanceof Uint8Array);
}

function aborted(reason: unknown): TransportError {
  return new TransportError('aborted', 'The request was aborted', reason);
}

function isBroken(error: unknown): boolean {
  return error instanceof TransportError && error.kind === 'broken';
}

function decoded(
  response: IncomingResponse,
  limit: number,
): IncomingResponse | Promise<IncomingResponse> {
  const coding = contentEncoding(response);
  if (coding === undefined || response.body.byteLength === 0) return response;
  return decodeBody(response.body, coding, limit).then((body) => ({
    ...response,
    body,
    encodedBody: response.body,
  }));
}

const tlsKeys = new WeakMap<TlsSettings, string>();

/** Equal for requests that may share a connection. */
function routeKey({ origin, tls, proxy }: StreamableRequest): string {
  let key = originKey(origin);
  if (proxy !== undefined) key += ` ${proxy.host}:${proxy.port} ${proxy.tunnel}`;
  if (tls === undefined || origin.scheme === 'http') return key;
  let settings = tlsKeys.get(tls);
  if (settings === undefined) {
    settings = JSON.stringify(tls);
    tlsKeys.set(tls, settings);
  }
  return `${key} ${settings}`;
}

function contentEncoding({ headers }: IncomingResponse): string | undefined {
  let coding: string | undefined;
  for (const [name, value] of headers) {
    if (name.length !== 16 || name.toLowerCase() !== 'content-encoding') continue;
    coding = coding === undefined ? value : `${coding},${value}`;
  }
  return coding;
}

function ignore(): void {
  // Nobody waits for the last response yet.
}
