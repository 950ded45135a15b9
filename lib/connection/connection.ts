import type { Socket } from 'node:net';
import { Client } from 'undici';
import type { Attempt, Connector, Route } from './connector.ts';
import { tapResponses, type ResponseTap } from './response-tap.ts';

/**
 * One HTTP/1.1 connection: an undici client that never has more than one request, and its socket.
 * The client dials when the first request is written, and again if the socket was closed while
 * unused and the next request was not yet written.
 */
export class Connection {
  readonly route: Route;
  readonly client: Client;
  /** Nanoseconds of the clock at which an unused connection is closed. */
  expiry = 0;
  /** Whether the present socket has already carried a whole exchange. */
  hasServed = false;
  /** Called for every chunk that comes in. */
  onBytes: (() => void) | undefined;
  /** Called when the socket is gone, whoever closed it. */
  onClose: (() => void) | undefined;
  private attempt: Attempt | undefined;
  private socket: Socket | undefined;
  private tap: ResponseTap | undefined;

  constructor(route: Route, connector: Connector, connectTimeout: number, headerLimit: number) {
    this.route = route;
    this.client = new Client('http://connection.invalid', {
      maxHeaderSize: headerLimit,
      // Time is the runtime's clock's business; a server's `Keep-Alive: timeout` still counts.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: longest,
      keepAliveMaxTimeout: longest,
      keepAliveTimeoutThreshold: 1_000,
      connect: (_options, callback) => {
        this.attempt = connector.connect(route, connectTimeout);
        this.attempt.socket.then(
          (socket) => {
            this.adopt(socket);
            callback(null, socket);
          },
          (error: unknown) => {
            callback(error instanceof Error ? error : new Error(String(error)), null);
          },
        );
      },
    });
  }

  get isOpen(): boolean {
    return this.socket?.destroyed === false;
  }

  /** Bytes of the response under way that have come in, and its HTTP version. */
  get response(): ResponseTap | undefined {
    return this.tap;
  }

  expectResponse(): void {
    this.tap?.expectResponse();
  }

  /** Closes at once; a request under way fails. */
  destroy(): void {
    this.onBytes = undefined;
    this.attempt?.cancel();
    this.socket?.destroy();
    void this.client.destroy();
  }

  private adopt(socket: Socket): void {
    this.socket = socket;
    this.hasServed = false;
    this.tap = tapResponses(socket, () => {
      this.onBytes?.();
    });
    socket.once('close', () => {
      if (this.socket === socket) this.onClose?.();
    });
  }
}

/** The longest time that a timer of Node's can hold, in milliseconds. */
const longest = 2 ** 31 - 1;
