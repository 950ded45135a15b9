import type { Socket } from 'node:net';
import { Client } from 'undici';
import type { Clock, Timer } from '../host/clock.ts';
import type { Attempt, Connector, Route } from './connector.ts';
import { peerOf, type Peer } from './peer.ts';
import { tapResponses, type ResponseTap } from './response-tap.ts';

/** Whoever has the use of a connection, for one request and its response. */
export interface ConnectionListener {
  /** @param received bytes of the response so far, the newest chunk included */
  onBytes(received: number): void;
  /** The time that `wakeBy` was given has come, or is to come: another user of the connection may have set it. */
  onTime(): void;
}

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
  /** Called when the socket is gone, whoever closed it. */
  onClose: (() => void) | undefined;
  /** Undefined until the connection is open for the first time. */
  peer: Peer | undefined;
  private readonly clock: Clock;
  private listener: ConnectionListener | undefined;
  /** Whether what comes in now belongs to the response that the listener waits for. */
  private isExpecting = false;
  /** Outlives the exchange that set it: the next one rarely needs an earlier time. */
  private timer: Timer | undefined;
  private timerEnd = Infinity;
  /** Whether the present socket has already carried a whole exchange. */
  private hasServed = false;
  private attempt: Attempt | undefined;
  private socket: Socket | undefined;
  private tap: ResponseTap | undefined;

  constructor(
    route: Route,
    connector: Connector,
    connectTimeout: number,
    headerLimit: number,
    clock: Clock,
  ) {
    this.route = route;
    this.clock = clock;
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

  /**
   * Whether the connection was kept alive and brought no byte of the response expected last: the
   * server closed it, or was about to, before it saw the request.
   */
  get isStale(): boolean {
    return this.hasServed && this.tap?.received === 0;
  }

  /** Gives the connection to one exchange, until its response is finished. */
  begin(listener: ConnectionListener): void {
    this.listener = listener;
    this.isExpecting = false;
  }

  /** A request is about to be written. */
  expectResponse(): void {
    this.isExpecting = true;
    this.tap?.expectResponse();
  }

  /** Has the listener asked no later than `end`, both in nanoseconds of the clock. */
  wakeBy(end: number, now: number): void {
    if (this.timerEnd <= end) return;
    this.timer?.cancel();
    this.timerEnd = end;
    this.timer = this.clock.after(Math.ceil((end - now) / 1e6), () => {
      this.timer = undefined;
      this.timerEnd = Infinity;
      this.listener?.onTime();
    });
  }

  /** HTTP version of the response whose head has come in. */
  get version(): string {
    return this.tap?.version ?? '1.1';
  }

  /** The response has come in whole. */
  finishResponse(): void {
    this.listener = undefined;
    this.hasServed = true;
  }

  /** Closes at once; a request under way fails. */
  destroy(): void {
    this.listener = undefined;
    this.timer?.cancel();
    this.timer = undefined;
    this.timerEnd = Infinity;
    this.attempt?.cancel();
    this.socket?.destroy();
    void this.client.destroy();
  }

  private adopt(socket: Socket): void {
    this.socket = socket;
    // Asked now, since a socket that is closed no longer knows.
    this.peer = peerOf(socket);
    this.hasServed = false;
    this.tap = tapResponses(socket, (received) => {
      if (this.isExpecting) this.listener?.onBytes(received);
    });
    socket.once('close', () => {
      if (this.socket === socket) this.onClose?.();
    });
  }
}

/** The longest time that a timer of Node's can hold, in milliseconds. */
const longest = 2 ** 31 - 1;
