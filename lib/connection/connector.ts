import { connect as connectTcp, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Client, type Dispatcher } from 'undici';
import type { Clock } from '../host/clock.ts';
import { forbidden, guardedLookup, type EgressGuard } from './egress.ts';
import { tlsOptions } from './tls.ts';
import { TransportError, type ForwardProxy, type Origin, type TlsSettings } from './transport.ts';

/** Where a connection leads and how. */
export interface Route {
  readonly origin: Origin;
  readonly tls: TlsSettings | undefined;
  readonly proxy: ForwardProxy | undefined;
}

/** An attempt to connect. */
export interface Attempt {
  /** Resolves to a socket that is ready for HTTP; rejects with a TransportError only. */
  readonly socket: Promise<Socket>;
  /** Gives up; harmless once the socket is there. */
  cancel(): void;
}

export interface Connector {
  connect(route: Route, timeout: number): Attempt;
}

/** Opens sockets: lookup under the egress guard, TCP, tunnel through a forward proxy, TLS. */
export function createConnector(
  clock: Clock,
  guard: EgressGuard,
  lookup: LookupFunction,
): Connector {
  const guarded = guardedLookup(guard, lookup);

  async function open(route: Route, abort: AbortSignal): Promise<Socket> {
    const { origin, proxy } = route;
    if (!guard.permitsHost(origin.host)) throw forbidden(origin.host);
    if (proxy === undefined) {
      const socket = await tcp(origin.host, origin.port, guarded, abort);
      return origin.scheme === 'https' ? await secured(socket, route, abort) : socket;
    }
    // The proxy is the operator's own choice; its name is not under the egress policy.
    if (!isTunnelled(route)) return tcp(proxy.host, proxy.port, lookup, abort);
    const socket = await tunnel(proxy, origin, abort, () =>
      tcp(proxy.host, proxy.port, lookup, abort),
    );
    return origin.scheme === 'https' ? await secured(socket, route, abort) : socket;
  }

  return {
    connect(route, timeout) {
      const controller = new AbortController();
      const { host, port } = route.origin;
      const timer =
        timeout > 0
          ? clock.after(timeout, () => {
              controller.abort(
                new TransportError(
                  'connect-timeout',
                  `No connection to ${host}:${port} within ${timeout} ms`,
                ),
              );
            })
          : undefined;
      return {
        socket: open(route, controller.signal).finally(() => timer?.cancel()),
        cancel() {
          controller.abort(new TransportError('aborted', 'The request was aborted'));
        },
      };
    },
  };
}

/** Whether the proxy only carries bytes; otherwise it is sent the absolute URL. */
export function isTunnelled({ origin, proxy }: Route): boolean {
  return proxy !== undefined && (origin.scheme === 'https' || proxy.tunnel === 'always');
}

function tcp(
  host: string,
  port: number,
  lookup: LookupFunction,
  abort: AbortSignal,
): Promise<Socket> {
  const socket = connectTcp({ host, port, lookup, noDelay: true, keepAlive: true });
  return settled(socket, 'connect', abort, (error) =>
    error instanceof TransportError
      ? error
      : new TransportError('unreachable', `Cannot connect to ${host}:${port}`, error),
  );
}

async function secured(plain: Socket, route: Route, abort: AbortSignal): Promise<Socket> {
  const { origin, tls } = route;
  let socket;
  try {
    socket = connectTls({ ...tlsOptions(tls, origin), socket: plain });
  } catch (error) {
    plain.destroy();
    throw tlsFailure(origin, error);
  }
  return settled(socket, 'secureConnect', abort, (error) => tlsFailure(origin, error));
}

function tlsFailure(origin: Origin, error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new TransportError(
    'tls',
    `TLS with ${origin.host}:${origin.port} failed: ${reason}`,
    error,
  );
}

/** Waits for a socket's `event`; destroys the socket on every other outcome. */
function settled<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  abort: AbortSignal,
  failure: (error: unknown) => TransportError,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      socket.off(event, ready).off('error', failed).off('close', closed);
      abort.removeEventListener('abort', aborted);
    };
    const ready = (): void => {
      finish();
      resolve(socket);
    };
    const failed = (error: unknown): void => {
      finish();
      // A socket may report more than one error; none may become an uncaught exception.
      socket.on('error', ignore).destroy();
      reject(failure(error));
    };
    const closed = (): void => {
      failed(new Error('The connection was closed'));
    };
    const aborted = (): void => {
      failed(abort.reason);
    };
    socket.once(event, ready).once('error', failed).once('close', closed);
    if (abort.aborted) aborted();
    else abort.addEventListener('abort', aborted, { once: true });
  });
}

/** A connection through the proxy to the origin (RFC 9110, CONNECT). */
async function tunnel(
  proxy: ForwardProxy,
  origin: Origin,
  abort: AbortSignal,
  connect: () => Promise<Socket>,
): Promise<Socket> {
  let carrier: Socket | undefined;
  const client = new Client('http://proxy.invalid', {
    connect: (_options, callback) => {
      connect().then(
        (socket) => {
          carrier = socket;
          callback(null, socket);
        },
        (error: unknown) => {
          callback(asError(error), null);
        },
      );
    },
  });
  const giveUp = (): void => {
    carrier?.destroy();
    void client.destroy();
  };
  abort.addEventListener('abort', giveUp, { once: true });
  const authority = `${origin.host.includes(':') ? `[${origin.host}]` : origin.host}:${origin.port}`;
  try {
    const { statusCode } = await new Promise<Dispatcher.ConnectData>((resolve, reject) => {
      client.connect({ path: authority, headers: { host: authority } }, (error, data) => {
        if (error === null) resolve(data);
        else reject(error);
      });
    });
    if (carrier !== undefined && statusCode === 200) return carrier;
    throw new Error(`The proxy answered ${statusCode} to CONNECT ${authority}`);
  } catch (error) {
    carrier?.destroy();
    if (abort.reason instanceof TransportError) throw abort.reason;
    if (error instanceof TransportError) throw error;
    const through = `${proxy.host}:${proxy.port}`;
    throw new TransportError('unreachable', `No tunnel to ${authority} through ${through}`, error);
  } finally {
    abort.removeEventListener('abort', giveUp);
    void client.destroy();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function ignore(): void {
  // The socket is being given up; its last words change nothing.
}
