import { systemClock, type Clock, type Timer } from '../../lib/host/clock.ts';

/** The machine's clock, which a case may put forward. Timers keep to the machine's. */
export class ShiftedClock implements Clock {
  #shift = 0;

  advance(milliseconds: number): void {
    this.#shift += milliseconds;
  }

  now(): number {
    return systemClock.now() + this.#shift;
  }

  nanoseconds(): number {
    return systemClock.nanoseconds();
  }

  after(milliseconds: number, run: () => void): Timer {
    return systemClock.after(milliseconds, run);
  }
}
