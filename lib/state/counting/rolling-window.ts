import type { Charge, Usage } from '../counters.ts';
import { hasRoom } from './room.ts';

/** So many uses keep their own time; of more, those close together are kept as one. */
export const exactUses = 100;
/** Of how many parts of a window each counts as close together. */
export const windowParts = 100;

/**
 * What was used in the time up to now, in bounded memory. Uses are merged into the later one, so that none
 * is forgotten too early: there may be room a hundredth of the window late, but never too much.
 */
export class RollingWindowCounter {
  /** When it may be forgotten: as the last use leaves the window. */
  expires = 0;
  /** When something was used, in milliseconds since 1970, and how much. */
  #times: number[] = [];
  #weights: number[] = [];
  /** Uses before this index are over; they are cut off now and then. */
  #first = 0;
  #used = 0;

  charge(now: number, length: number, { weight, limit, mode }: Omit<Charge, 'window'>): Usage {
    this.#forget(now, length);
    const allowed = mode === 'count' || hasRoom(this.#used, weight, limit);
    if (allowed && mode !== 'check' && weight > 0) this.#add(now, weight, length);
    const oldest = this.#times[this.#first] ?? now;
    return { allowed, used: this.#used, end: oldest + length };
  }

  /** The newest uses go first: those that would have counted for longest. */
  giveBack(amount: number): void {
    let rest = amount;
    for (let last = this.#times.length - 1; rest > 0 && last >= this.#first; last -= 1) {
      const weight = this.#weights[last] ?? 0;
      const given = Math.min(rest, weight);
      this.#used -= given;
      rest -= given;
      if (given < weight) {
        this.#weights[last] = weight - given;
      } else {
        this.#times.pop();
        this.#weights.pop();
      }
    }
  }

  #add(now: number, weight: number, length: number): void {
    this.#used += weight;
    this.expires = now + length;
    const last = this.#times.length - 1;
    const time = last < this.#first ? undefined : this.#times[last];
    if (time !== undefined && this.#areOne(time, now, length)) {
      this.#times[last] = now;
      this.#weights[last] = (this.#weights[last] ?? 0) + weight;
    } else {
      this.#times.push(now);
      this.#weights.push(weight);
    }
  }

  #areOne(time: number, now: number, length: number): boolean {
    if (time === now) return true;
    if (this.#times.length - this.#first < exactUses) return false;
    const part = length / windowParts;
    return Math.floor(time / part) === Math.floor(now / part);
  }

  #forget(now: number, length: number): void {
    for (;;) {
      const time = this.#times[this.#first];
      if (time === undefined || time > now - length) break;
      this.#used -= this.#weights[this.#first] ?? 0;
      this.#first += 1;
    }
    if (this.#first >= exactUses || (this.#first > 0 && this.#first === this.#times.length)) {
      this.#times = this.#times.slice(this.#first);
      this.#weights = this.#weights.slice(this.#first);
      this.#first = 0;
    }
    this.#followClock(now);
  }

  /** After a clock was set back, no use may lie in the future, where it would count for too long. */
  #followClock(now: number): void {
    if ((this.#times.at(-1) ?? 0) <= now) return;
    this.#times = this.#times.map((time) => Math.min(time, now));
  }
}
