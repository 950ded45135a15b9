import { VirtualClock } from '../../doubles/virtual-clock.ts';

/**
 * How many times slower this clock runs while something works. A script that was in time when it was
 * recorded must not fail for this machine being busy; one that never ends still does.
 */
const slowness = 10;

/** Virtual time that jumps to the moment at which a recorded transaction began. */
export class SessionClock extends VirtualClock {
  readonly #shift: number;
  #offset = 0;

  /** @param shift milliseconds that this clock is ahead of the recorded times */
  constructor(shift: number) {
    super(0);
    this.#shift = shift;
  }

  startAt(time: number): void {
    this.#offset = time + this.#shift - super.now();
  }

  override now(): number {
    return super.now() + this.#offset;
  }

  override nanoseconds(): number {
    const skipped = super.now() * 1e6;
    return Math.round((super.nanoseconds() - skipped) / slowness + skipped);
  }
}
