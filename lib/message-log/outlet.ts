import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';

/** What cannot be delivered, now or later; it is given up. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
}

export interface OutletOptions<Item> {
  /** For the operator: `syslog tcp://logs.example:514`. */
  readonly name: string;
  /**
   * Delivers some items, in order. Rejecting has them tried again later, unless with Undeliverable. It is
   * given up when the signal is aborted.
   */
  deliver(items: readonly Item[], signal: AbortSignal): Promise<void>;
  /** Bytes that an item takes. */
  sizeOf(item: Item): number;
  /** Items handed over at once, at most. */
  readonly batch: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Bounds of every outlet. Times are milliseconds. */
const bounds = {
  items: 10_000,
  bytes: 8 * 1024 * 1024,
  delivery: 10_000,
  firstRetry: 500,
  lastRetry: 30_000,
  closing: 2_000,
} as const;

/**
 * One destination's way out: takes items at once and delivers them one batch after another. While the
 * destination is slow or dead a bounded number waits, and what comes beyond is dropped and counted. The
 * operator is told once when that begins, and once how many it were.
 */
export class Outlet<Item> {
  readonly #options: OutletOptions<Item>;
  #waiting: Item[] = [];
  #bytes = 0;
  #dropped = 0;
  #failures = 0;
  #running: Promise<void> | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #wake: (() => void) | undefined;
  readonly #end = new AbortController();

  constructor(options: OutletOptions<Item>) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#running === undefined;
  }

  put(item: Item): void {
    const size = this.#options.sizeOf(item);
    const isFull = this.#waiting.length >= bounds.items || this.#bytes + size > bounds.bytes;
    if (isFull || this.#state !== 'open') {
      this.#drop(1);
      return;
    }
    this.#waiting.push(item);
    this.#bytes += size;
    this.#running ??= this.#run();
  }

  /** Delivers what waits, within two seconds; what is left then is dropped. */
  async close(): Promise<void> {
    if (this.#state === 'open') this.#state = 'closing';
    const timer = this.#options.clock.after(bounds.closing, () => {
      this.#end.abort();
      this.#wake?.();
    });
    this.#wake?.();
    await this.#running;
    timer.cancel();
    this.#state = 'closed';
    if (this.#waiting.length > 0) this.#drop(this.#waiting.length);
    this.#waiting = [];
    this.#reportDropped();
  }

  async #run(): Promise<void> {
    // Items that are put in one go become one batch.
    await Promise.resolve();
    while (this.#waiting.length > 0 && !this.#end.signal.aborted) {
      const items = this.#waiting.slice(0, this.#options.batch);
      const outcome = await this.#deliver(items);
      if (outcome === 'later') {
        // Whoever closes does not wait for a destination that has just failed.
        if (this.#state !== 'open') break;
        await this.#pause();
        continue;
      }
      this.#waiting.splice(0, items.length);
      for (const item of items) this.#bytes -= this.#options.sizeOf(item);
      if (outcome === 'done' && this.#waiting.length === 0) this.#reportDropped();
    }
    this.#running = undefined;
  }

  async #deliver(items: readonly Item[]): Promise<'done' | 'lost' | 'later'> {
    const { clock } = this.#options;
    const attempt = new AbortController();
    const abort = (): void => {
      attempt.abort();
    };
    const timer = clock.after(bounds.delivery, abort);
    this.#end.signal.addEventListener('abort', abort, { once: true });
    try {
      await Promise.race([this.#options.deliver(items, attempt.signal), aborted(attempt.signal)]);
      this.#failures = 0;
      return 'done';
    } catch (error) {
      if (error instanceof Undeliverable) {
        this.#reportFailure(error);
        this.#dropped += items.length;
        return 'lost';
      }
      this.#reportFailure(error);
      return 'later';
    } finally {
      timer.cancel();
      this.#end.signal.removeEventListener('abort', abort);
    }
  }

  async #pause(): Promise<void> {
    const delay = Math.min(bounds.firstRetry * 2 ** (this.#failures - 1), bounds.lastRetry);
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(delay, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #reportFailure(error: unknown): void {
    this.#failures += 1;
    // Once an outage, not once an attempt.
    if (this.#failures > 1) return;
    this.#tell({ destination: this.#options.name, error }, 'Log messages could not be delivered');
  }

  #drop(count: number): void {
    if (this.#dropped === 0) {
      this.#tell({ destination: this.#options.name }, 'Log messages are being dropped');
    }
    this.#dropped += count;
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    const details = { destination: this.#options.name, dropped: this.#dropped };
    this.#dropped = 0;
    this.#tell(details, 'Log messages were dropped');
  }

  #tell(details: Readonly<Record<string, unknown>>, message: string): void {
    try {
      this.#options.log.warn(details, message);
    } catch {
      // The operator's log must not stop the messages of others.
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(new Error('It took too long'));
      },
      { once: true },
    );
  });
}
