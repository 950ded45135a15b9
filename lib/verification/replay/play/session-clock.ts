import { VirtualClock } from '../../doubles/virtual-clock.ts';

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
}
