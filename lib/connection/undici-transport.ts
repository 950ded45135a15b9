import type { LookupFunction } from 'node:net';
import type { Clock } from '../host/clock.ts';
import { defaultLimits } from '../host/limits.ts';
import { Connection } from './connection.ts';
import { createConnector, type Route } from './connector.ts';
import { decodeBody } from './content-coding.ts';
import { egressGuard, platformLookup, type EgressPolicy } from './egress.ts';
import { Exchange } from './exchange.ts';
import { IdleConnections } from './idle-connections.ts';
import { originKey } from './target-url.ts';
import {
  TransportError,
  type IncomingResponse,
  type OutgoingRequest,
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
  const inFlight = new Set<Promise<unknown>>();
  let isClosed = false;

  function dial({ origin, tls, proxy, limits }: OutgoingRequest): Connection {
    const route: Route = { origin, tls, proxy };
    return new Connection(route, connector, limits.connectTimeout, headerLimit);
  }

  async function exchange(
    key: string,
    connection: Connection,
    request: OutgoingRequest,
    wire: WireRequest,
  ): Promise<IncomingResponse> {
    const response = await new Exchange(connection, request, clock, headerLimit).run(wire);
    // Only now has undici had the chance to close what the response forbids to use again.
    idle.give(key, connection, isClosed ? 0 : request.limits.keepAlive);
    return response;
  }

  async function received(request: OutgoingRequest): Promise<IncomingResponse> {
    const wire = wireRequest(request);
    if (request.signal?.aborted === true) {
      throw new TransportError('aborted', 'The request was aborted', request.signal.reason);
    }
    const key = routeKey(request);
    const kept = idle.take(key);
    if (kept === undefined) return exchange(key, dial(request), request, wire);
    try {
      return await exchange(key, kept, request, wire);
    } catch (error) {
      if (!isStale(error, kept) || !idempotent.has(request.method)) throw error;
      return exchange(key, dial(request), request, wire);
    }
  }

  async function send(request: OutgoingRequest): Promise<IncomingResponse> {
    if (isClosed) throw new TransportError('aborted', 'The transport is closed');
    const response = await received(request);
    const coding = contentEncoding(response);
    if (coding === undefined || response.body.byteLength === 0) return response;
    const body = await decodeBody(response.body, coding, request.limits.responseBody);
    return { ...response, body };
  }

  return {
    send(request) {
      const sending = send(request);
      const done = sending.then(ignore, ignore).finally(() => inFlight.delete(done));
      inFlight.add(done);
      return sending;
    },
    async close() {
      isClosed = true;
      idle.closeAll();
      await Promise.all(inFlight);
    },
  };
}

/** Whether a kept-alive connection broke before the server can have said anything. */
function isStale(error: unknown, connection: Connection): boolean {
  return (
    error instanceof TransportError &&
    error.kind === 'broken' &&
    connection.hasServed &&
    connection.response?.received === 0
  );
}

const tlsKeys = new WeakMap<TlsSettings, string>();

/** Equal for requests that may share a connection. */
function routeKey({ origin, tls, proxy }: OutgoingRequest): string {
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
  // The caller holds the promise that carries the outcome.
}
