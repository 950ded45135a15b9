import type { Charge, Usage, Window } from '../counters.ts';
import { hasRoom } from './room.ts';
import { windowEnd } from './window.ts';

export type FixedWindow = Exclude<Window, { kind: 'rolling' }>;

/** What was used of the window under way. */
export class FixedWindowCounter {
  /** When it may be forgotten: the end of the window. */
  expires = 0;
  #used = 0;

  charge(now: number, window: FixedWindow, { weight, limit, mode }: Omit<Charge, 'window'>): Usage {
    const isUnderWay = this.expires > now;
    if (!isUnderWay) this.#used = 0;
    const end = this.#end(now, window);
    const allowed = mode === 'count' || hasRoom(this.#used, weight, limit);
    if (allowed && mode !== 'check') this.#used += weight;
    // A window of another length goes on with what was used; one without any use does not begin.
    if (isUnderWay || this.#used > 0) this.expires = end;
    return { allowed, used: this.#used, end };
  }

  giveBack(now: number, amount: number): void {
    if (this.expires > now) this.#used = Math.max(0, this.#used - amount);
  }

  #end(now: number, window: FixedWindow): number {
    if (window.kind !== 'flexi') return windowEnd(window, now);
    const latest = now + window.length;
    return this.expires > now ? Math.min(this.expires, latest) : latest;
  }
}
