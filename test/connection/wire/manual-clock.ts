import type { Clock } from '../../../lib/host/clock.ts';

interface Pending {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  private time = 1_000_000;
  private readonly pending = new Set<Pending>();

  now(): number {
    return this.time;
  }

  nanoseconds(): number {
    return this.time * 1e6;
  }

  after(milliseconds: number, run: () => void): { cancel(): void } {
    const entry = { at: this.time + milliseconds, run };
    this.pending.add(entry);
    return { cancel: () => this.pending.delete(entry) };
  }

  get timers(): number {
    return this.pending.size;
  }

  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const [next] = [...this.pending].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.pending.delete(next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }
}
