import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** What a collector got, as text. */
export interface Collector {
  readonly port: number;
  /** Datagrams one by one; of streams everything in one text for each connection. */
  readonly received: readonly string[];
  /** Resolves once the texts together are as long; rejects when they stay shorter. */
  holds(length: number): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds after which what has not come never will. */
const patience = 5_000;

class Received {
  readonly texts: string[] = [];
  readonly #arrivals = new EventEmitter();

  add(index: number, text: string): void {
    this.texts[index] = (this.texts[index] ?? '') + text;
    this.#arrivals.emit('data');
  }

  async holds(length: number): Promise<void> {
    const signal = AbortSignal.timeout(patience);
    while (this.texts.join('').length < length) await once(this.#arrivals, 'data', { signal });
  }
}

export async function udpCollector(): Promise<Collector> {
  const received = new Received();
  const socket = createSocket('udp4');
  socket.on('message', (message) => {
    received.add(received.texts.length, message.toString('utf8'));
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: socket.address().port,
    received: received.texts,
    holds: (length) => received.holds(length),
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}

/** Over TCP, or over TLS with `tls`. `port` is free unless given. */
export async function streamCollector(
  options: { readonly tls?: TlsOptions; readonly port?: number } = {},
): Promise<Collector> {
  const received = new Received();
  const sockets = new Set<Socket>();
  let count = 0;
  const accept = (socket: Socket): void => {
    const index = count++;
    sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      received.add(index, text);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const server =
    options.tls === undefined
      ? createTcpServer(accept)
      : createTlsServer(options.tls, accept).on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received: received.texts,
    holds: (length) => received.holds(length),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
