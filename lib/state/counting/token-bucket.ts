import type { Rate } from '../counters.ts';

/**
 * A token bucket in whole numbers: what it lacks to be full, in parts of a token of which each millisecond
 * brings as many as the rate has messages, and a token has as many as the period has milliseconds.
 */
export class TokenBucket {
  /** When it may be forgotten: as soon as it is full. */
  expires = 0;
  #lacking = 0;
  #time = 0;
  #period = 1;

  take(now: number, { messages, period, burst }: Rate, weight: number): boolean {
    if (period !== this.#period) this.#changePeriod(period);
    // A clock that was set back brings no tokens, but must not stop them from coming either.
    const passed = Math.max(0, now - this.#time);
    this.#lacking = Math.max(0, this.#lacking - passed * messages);
    this.#time = now;
    const allowed = weight === 0 || this.#lacking <= (burst - Math.min(weight, burst)) * period;
    if (allowed) this.#lacking += weight * period;
    this.expires = now + Math.ceil(this.#lacking / messages);
    return allowed;
  }

  #changePeriod(period: number): void {
    this.#lacking = Math.ceil((this.#lacking / this.#period) * period);
    this.#period = period;
  }
}
