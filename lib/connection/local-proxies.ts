import { defaultLimits } from '../host/limits.ts';
import type { IncomingResponse, Origin, Transport, TransportLimits } from './transport.ts';

/** Which proxy endpoint of the same environment a `LocalTargetConnection` means. */
export type LocalTarget =
  | { readonly kind: 'endpoint'; readonly proxy: string; readonly endpoint: string }
  /** Base path of a proxy endpoint, and any suffix. */
  | { readonly kind: 'path'; readonly path: string };

export interface LocalRequest {
  readonly method: string;
  /** The message's own path, joined behind the target's; may be empty. */
  readonly path: string;
  /** Encoded, without the question mark; may be empty. */
  readonly query: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | null;
  /** Aborted when the caller gives up. */
  readonly signal: AbortSignal | undefined;
  /** When the caller's own time is up, in nanoseconds of the host's clock; no limit unless given. */
  readonly deadline?: number;
}

export type LocalCallFailure = 'not-found' | 'too-deep';

/** Why a local call did not start. A call that starts fails as a transport does. */
export class LocalCallError extends Error {
  readonly kind: LocalCallFailure;

  constructor(kind: LocalCallFailure, message: string) {
    super(message);
    this.name = 'LocalCallError';
    this.kind = kind;
  }
}

/** Calls to proxies of the same environment ("Connecting proxies to other proxies"). */
export interface LocalProxies {
  /**
   * `depth` counts the local calls under way, this one included: 1 for a call by a proxy that a client
   * called.
   * @throws {LocalCallError} when no proxy matches, or calls nest too deeply
   * @throws {TransportError} when no whole response came
   */
  call(target: LocalTarget, request: LocalRequest, depth: number): Promise<IncomingResponse>;
}

/**
 * Refuses a call whose nesting passes the limit, which is what ends a proxy that calls itself.
 * @throws {LocalCallError}
 */
export function checkDepth(depth: number, limit: number): void {
  if (depth <= limit) return;
  const message = `Local calls nest more than ${limit} deep. Does a proxy call itself?`;
  throw new LocalCallError('too-deep', message);
}

/** The path a local call asks for: the target's, then the message's, with one slash between. */
function localPath(target: LocalTarget, messagePath: string): string {
  const base =
    target.kind === 'path'
      ? target.path
      : `/${encodeURIComponent(target.proxy)}/${encodeURIComponent(target.endpoint)}`;
  return joinPaths(base, messagePath);
}

const forwardingLimits: TransportLimits = {
  connectTimeout: 3_000,
  idleTimeout: 55_000,
  keepAlive: 60_000,
  responseBody: 10 * 1024 * 1024,
};

/**
 * Local calls for a policy that runs alone: forwarded to a server that stands for the environment's
 * proxies. A `Path` is asked for as given, a proxy and endpoint as `/APIProxy/ProxyEndpoint`, both
 * below the URL's own path.
 */
export function forwardingLocalProxies(
  transport: Pick<Transport, 'send'>,
  url: URL,
  limits: TransportLimits = forwardingLimits,
  depthLimit: number = defaultLimits.localDepth,
): LocalProxies {
  const origin = originOf(url);
  return {
    async call(target, request, depth) {
      checkDepth(depth, depthLimit);
      const [path = '', ...rest] = localPath(target, '').split('?');
      const full = joinPaths(joinPaths(url.pathname, path), request.path);
      const query = [rest.join('?'), request.query].filter((part) => part !== '').join('&');
      return transport.send({
        origin,
        method: request.method,
        target: query === '' ? full : `${full}?${query}`,
        headers: [
          ['Host', url.host],
          ...request.headers.filter(([name]) => name.toLowerCase() !== 'host'),
        ],
        body: request.body,
        tls:
          origin.scheme === 'https'
            ? {
                certificateAuthorities: undefined,
                verification: 'verify',
                ciphers: [],
                protocols: [],
              }
            : undefined,
        limits,
        signal: request.signal,
      });
    },
  };
}

function originOf({ protocol, hostname, port }: URL): Origin {
  const scheme = protocol === 'https:' ? 'https' : 'http';
  const standard = scheme === 'https' ? 443 : 80;
  return {
    scheme,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? standard : Number(port),
  };
}

function joinPaths(base: string, path: string): string {
  const start = base.startsWith('/') ? base : `/${base}`;
  if (path === '') return start;
  return `${start.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}
