import type { Clock } from '../../lib/host/clock.ts';

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it on. */
export class VirtualClock implements Clock {
  #now: number;
  #alarms: Alarm[] = [];

  /** @param start milliseconds since 1970, or a date as text */
  constructor(start: number | string = '2024-01-01T00:00:00Z') {
    this.#now = typeof start === 'number' ? start : Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  nanoseconds(): number {
    return this.#now * 1e6;
  }

  after(milliseconds: number, run: () => void) {
    const alarm: Alarm = { at: this.#now + milliseconds, run };
    this.#alarms.push(alarm);
    return {
      cancel: () => {
        this.#alarms = this.#alarms.filter((one) => one !== alarm);
      },
    };
  }

  /** Runs the timers on the way, in their order. A negative number sets the clock back. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#alarms.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#alarms = this.#alarms.filter((one) => one !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}
