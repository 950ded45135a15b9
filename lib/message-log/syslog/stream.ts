import { connect as connectPlain, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { tlsOptions } from '../../connection/tls.ts';
import type { TlsSettings } from '../../connection/transport.ts';
import type { SyslogWire } from './wire.ts';

export interface StreamPlace {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsSettings | undefined;
}

/** Syslog over TCP (RFC 6587) or TLS (RFC 5425): one connection, opened when it is needed. */
export function streamWire(place: StreamPlace, lookup: LookupFunction): SyslogWire {
  let current: Socket | undefined;

  const opened = (signal: AbortSignal): Promise<Socket> => {
    if (current !== undefined) return Promise.resolve(current);
    const { socket, ready } = open(place, lookup);
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        socket.destroy();
        reject(error);
      };
      const abort = (): void => {
        fail(new Error('The connection took too long'));
      };
      signal.addEventListener('abort', abort, { once: true });
      socket.on('error', fail);
      socket.on('close', () => {
        if (current === socket) current = undefined;
        fail(new Error('The connection was closed'));
      });
      socket.once(ready, () => {
        signal.removeEventListener('abort', abort);
        current = socket;
        resolve(socket);
      });
      // Servers send nothing; unread, it would hide that they have gone.
      socket.resume();
    });
  };

  return {
    async send(frames, signal) {
      const socket = await opened(signal);
      socket.ref();
      try {
        await written(socket, frames, signal);
      } catch (error) {
        socket.destroy();
        throw error;
      } finally {
        // A connection that nobody uses does not keep the process alive.
        socket.unref();
      }
    },
    // What is written has been handed to the system by now.
    close() {
      current?.destroySoon();
      current = undefined;
    },
  };
}

function open(
  { host, port, tls }: StreamPlace,
  lookup: LookupFunction,
): { readonly socket: Socket; readonly ready: string } {
  if (tls === undefined) {
    return { socket: connectPlain({ host, port, lookup, keepAlive: true }), ready: 'connect' };
  }
  const options = tlsOptions(tls, { scheme: 'https', host, port });
  // There is no HTTP in it.
  delete options.ALPNProtocols;
  const socket = connectTls({ ...options, host, port, lookup });
  socket.setKeepAlive(true);
  return { socket, ready: 'secureConnect' };
}

function written(
  socket: Socket,
  frames: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null | undefined): void => {
      socket.off('close', closed);
      signal.removeEventListener('abort', abort);
      if (error === null || error === undefined) resolve();
      else reject(error);
    };
    const closed = (): void => {
      settle(new Error('The connection was closed'));
    };
    const abort = (): void => {
      settle(new Error('The server does not read'));
    };
    socket.once('close', closed);
    signal.addEventListener('abort', abort, { once: true });
    socket.write(Buffer.concat(frames), settle);
  });
}
