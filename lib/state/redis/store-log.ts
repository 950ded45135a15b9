import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';

/** Milliseconds in which one kind of refusal is told once. */
const quietTime = 60_000;
const mostKinds = 100;

/** Tells the operator of a store's outages, each once, and of its refusals, now and then. */
export class StoreLog {
  /** Whether the store is lost and that was told. */
  isOutage = false;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #store: string;
  readonly #refusals = new Map<string, number>();

  constructor(log: Log, clock: Clock, store: string) {
    this.#log = log;
    this.#clock = clock;
    this.#store = store;
  }

  lost(error: Error): void {
    if (this.isOutage) return;
    this.isOutage = true;
    this.#log.error(
      { store: this.#store, error },
      'The state store does not answer; it is tried again until it does',
    );
  }

  answers(): void {
    if (!this.isOutage) return;
    this.isOutage = false;
    this.#log.warn({ store: this.#store }, 'The state store answers again');
  }

  /** The store answered with an error, such as that its memory is full. */
  refused(error: Error): void {
    const [kind = ''] = error.message.split(' ', 1);
    const now = this.#clock.now();
    const told = this.#refusals.get(kind);
    if (told !== undefined && now - told < quietTime) return;
    if (this.#refusals.size >= mostKinds) this.#refusals.clear();
    this.#refusals.set(kind, now);
    this.#log.error({ store: this.#store, error }, 'The state store refused a command');
  }
}
