import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import { StateUnavailableError } from '../state.ts';
import { StoreLog } from './store-log.ts';

/** Milliseconds that a command waits for its answer, and a lost connection for its return. */
const patience = 1_000;
/** Milliseconds between two attempts to connect, at most. */
const longestPause = 2_000;

export interface RedisConnectionOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** Begins every key; `apx` unless given. */
  readonly prefix?: string;
}

/** What a command may be given. */
export type Argument = string | number | Uint8Array;

/** A Lua script, known to the server by its digest. */
export interface Script {
  readonly source: string;
  readonly digest: string;
}

export function script(source: string): Script {
  return { source, digest: createHash('sha1').update(source).digest('hex') };
}

/**
 * One connection to Redis or Valkey. A command waits a bounded time; nothing is sent twice, and nothing
 * is sent after whoever asked has given up. A connection that is lost comes back by itself.
 */
export class RedisConnection {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #log: StoreLog;
  readonly #prefix: string;
  readonly #readyListeners: (() => void)[] = [];
  /** Settles when a lost connection is back, or when that has taken too long; undefined otherwise. */
  #return: Promise<void> | undefined;
  #endWait: () => void = () => undefined;
  #lastError: Error | undefined;
  #isClosed = false;
  #isDropping = false;

  /** @throws {TypeError} for a URL that names no Redis */
  constructor(url: string, { log, clock, prefix = 'apx' }: RedisConnectionOptions) {
    const address = addressOf(url);
    this.#clock = clock;
    this.#log = new StoreLog(log, clock, shownAddress(url));
    this.#prefix = prefix;
    this.#redis = new Redis({
      ...address,
      protocol: 2,
      disableClientInfo: true,
      connectTimeout: 2 * patience,
      commandTimeout: patience,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(2 ** attempt * 10, longestPause),
      // A primary that became a replica; its name may lead to the new primary by now.
      reconnectOnError: ({ message }) => message.startsWith('READONLY'),
    });
    this.#awaitReturn();
    this.#redis.on('error', (error) => {
      this.#lastError = withoutCommand(error);
    });
    this.#redis.on('ready', () => {
      this.#lastError = undefined;
      this.#endWait();
      this.#log.answers();
      for (const listener of this.#readyListeners) listener();
    });
    this.#redis.on('close', () => {
      this.#isDropping = false;
      if (this.#isClosed) return;
      if (!this.#log.isOutage) this.#awaitReturn();
      this.#lastError ??= new Error('The connection was closed');
      this.#log.lost(this.#lastError);
    });
  }

  /** A key that no other kind and no other parts have, and none of them begins with, whatever the parts hold. */
  key(kind: string, ...parts: readonly string[]): string {
    return `${this.#prefix}:${kind}:${JSON.stringify(parts)}`;
  }

  /** Calls `listener` each time that the store begins to answer. */
  onReady(listener: () => void): void {
    this.#readyListeners.push(listener);
    if (this.#redis.status === 'ready') listener();
  }

  /** Sends one command; texts in its answer are strings. @throws {StateUnavailableError} */
  async text(command: string, ...args: readonly Argument[]): Promise<unknown> {
    return this.#ask(() => this.#redis.call(command, args.map(sendable)));
  }

  /** Sends one command; texts in its answer are bytes. @throws {StateUnavailableError} */
  async bytes(command: string, ...args: readonly Argument[]): Promise<unknown> {
    return this.#ask(() => this.#redis.callBuffer(command, args.map(sendable)));
  }

  /** Runs a script, in one round trip if the server knows it. @throws {StateUnavailableError} */
  async run(
    { source, digest }: Script,
    keys: readonly string[],
    args: readonly Argument[],
  ): Promise<unknown> {
    const rest = [keys.length, ...keys, ...args].map(sendable);
    return this.#ask(async () => {
      try {
        return await this.#redis.call('EVALSHA', [digest, ...rest]);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return await this.#redis.call('EVAL', [source, ...rest]);
      }
    });
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#endWait();
    this.#redis.disconnect();
    return Promise.resolve();
  }

  async #ask(send: () => Promise<unknown>): Promise<unknown> {
    if (this.#redis.status !== 'ready' && this.#return !== undefined) await this.#return;
    try {
      const answer = await send();
      return answer;
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  #unavailable(thrown: unknown): StateUnavailableError {
    const error = withoutCommand(thrown);
    const isRefusal = error.name === 'ReplyError';
    if (isRefusal) this.#log.refused(error);
    // Whoever hangs once would hold up each request; from here on they are refused at once.
    else if (error.message === 'Command timed out') this.#drop(error);
    const cause = isRefusal ? error : (this.#lastError ?? error);
    return new StateUnavailableError(`The state store did not answer: ${cause.message}`, { cause });
  }

  #drop(error: Error): void {
    if (this.#redis.status !== 'ready' || this.#isDropping) return;
    this.#isDropping = true;
    this.#lastError = error;
    this.#redis.disconnect(true);
  }

  #awaitReturn(): void {
    if (this.#return !== undefined) return;
    this.#return = new Promise((resolve) => {
      const timer = this.#clock.after(patience, () => {
        this.#endWait();
      });
      this.#endWait = () => {
        timer.cancel();
        this.#return = undefined;
        this.#endWait = () => undefined;
        resolve();
      };
    });
  }
}

/** The client hangs on its errors what was sent, which may be a password or a secret entry. */
function withoutCommand(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const plain = new Error(message);
  plain.name = name;
  return plain;
}

function sendable(argument: Argument): string | number | Buffer {
  if (typeof argument !== 'object') return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}

type Address =
  | { readonly path: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly db: number;
      readonly username?: string;
      readonly password?: string;
      readonly tls?: { readonly servername: string };
    };

/** @throws {TypeError} */
function addressOf(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'unix:') return { path: decodeURIComponent(url.pathname) };
  if (url === undefined || (url.protocol !== 'redis:' && url.protocol !== 'rediss:')) {
    throw new TypeError(
      `"${shownAddress(text)}" is no state store; write redis://HOST:PORT, rediss://HOST:PORT or unix:/PATH`,
    );
  }
  const database = /^\/(\d{1,9})?$/.exec(url.pathname === '' ? '/' : url.pathname);
  if (database === null) {
    throw new TypeError(
      `"${shownAddress(text)}": a path in the URL of a Redis is the number of its database`,
    );
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: url.port === '' ? 6379 : Number(url.port),
    db: Number(database[1] ?? 0),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' ? { tls: { servername: url.hostname } } : {}),
  };
}

/** Without the password. */
function shownAddress(text: string): string {
  return text.replace(/\/\/.*@/s, '//');
}
