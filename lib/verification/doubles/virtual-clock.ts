import type { Clock, Timer } from '../../host/clock.ts';

interface PendingTimer {
  readonly due: number;
  readonly run: () => void;
}

/**
 * Time that passes only when somebody sleeps: then it jumps to the end of the shortest sleep, and every
 * timer on the way fires in its order. What takes real time, such as a script, still counts in
 * `nanoseconds`, so that limits on it hold.
 */
export class VirtualClock implements Clock {
  readonly #start: number;
  readonly #timers = new Set<PendingTimer>();
  readonly #sleepers = new Set<PendingTimer>();
  #skipped = 0;
  #isPumping = false;

  /** @param start milliseconds since 1970 */
  constructor(start: number) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#skipped;
  }

  nanoseconds(): number {
    return Math.round((performance.now() + this.#skipped) * 1e6);
  }

  after(milliseconds: number, run: () => void): Timer {
    const timer = { due: this.#skipped + Math.max(0, milliseconds), run };
    this.#timers.add(timer);
    if (milliseconds <= 0) this.#pump();
    return {
      cancel: () => {
        this.#timers.delete(timer);
      },
    };
  }

  /** Resolves after so many virtual milliseconds, as soon as nothing else is left to do. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#sleepers.add({ due: this.#skipped + Math.max(0, milliseconds), run: resolve });
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    // Twice round the event loop: what is ready to run does so before time goes on.
    setImmediate(() =>
      setImmediate(() => {
        this.#isPumping = false;
        this.#advance();
      }),
    );
  }

  #advance(): void {
    const [sleeper] = [...this.#sleepers].sort(byDue);
    const due = sleeper?.due ?? this.#skipped;
    for (const timer of [...this.#timers].sort(byDue)) {
      if (timer.due > due) break;
      if (!this.#timers.delete(timer)) continue;
      this.#skipped = Math.max(this.#skipped, timer.due);
      timer.run();
      // What it set off comes before the rest.
      if (this.#sleepers.size > 0 || this.#isDue()) this.#pump();
      return;
    }
    if (sleeper === undefined) return;
    this.#skipped = Math.max(this.#skipped, due);
    this.#sleepers.delete(sleeper);
    sleeper.run();
    if (this.#sleepers.size > 0 || this.#isDue()) this.#pump();
  }

  #isDue(): boolean {
    return [...this.#timers].some(({ due }) => due <= this.#skipped);
  }
}

function byDue(one: PendingTimer, other: PendingTimer): number {
  return one.due - other.due;
}
