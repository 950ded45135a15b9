import type { Charge, Rate, Window } from '../../lib/state/counters.ts';

interface Use {
  readonly time: number;
  readonly weight: number;
}

/** Where a window begins and ends, worked out the slow way. */
export interface Bounds {
  /** Included. */
  readonly start: number;
  /** Not included. */
  readonly end: number;
}

function monthsBounds(count: number, time: number): Bounds {
  let start = Date.UTC(1970, 0);
  for (let first = 0; ; first += count) {
    const end = Date.UTC(1970, first + count);
    if (end > time) return { start, end };
    start = end;
  }
}

function alignedBounds(origin: number, length: number, time: number): Bounds {
  if (time < origin) return { start: -Infinity, end: origin + length };
  let start = origin;
  if (time - origin > length * 1_000) start += Math.floor((time - origin) / length - 2) * length;
  while (start + length <= time) start += length;
  return { start: start === origin ? -Infinity : start, end: start + length };
}

/** A counter that remembers every use and adds them up each time. */
export class CounterModel {
  readonly #uses: Use[] = [];
  readonly #window: Window;
  #flexiEnd = -Infinity;

  constructor(window: Window) {
    this.#window = window;
  }

  charge(time: number, { weight, limit, mode }: Omit<Charge, 'window'>) {
    const { start, end } = this.#bounds(time);
    const used = this.#uses
      .filter((use) => use.time >= start && use.time < end)
      .reduce((sum, use) => sum + use.weight, 0);
    const allowed = mode === 'count' || weight === 0 || used + weight <= limit;
    const counts = allowed && mode !== 'check' && weight > 0;
    if (counts) {
      this.#uses.push({ time, weight });
      if (this.#window.kind === 'flexi') this.#flexiEnd = end;
    }
    const first = this.#uses.find((use) => use.time >= start)?.time ?? time;
    return {
      allowed,
      used: counts ? used + weight : used,
      end: this.#window.kind === 'rolling' ? first + this.#window.length : end,
    };
  }

  #bounds(time: number): Bounds {
    const window = this.#window;
    switch (window.kind) {
      case 'aligned':
        return alignedBounds(window.origin, window.length, time);
      case 'months':
        return monthsBounds(window.count, time);
      case 'flexi': {
        const end = this.#flexiEnd > time ? this.#flexiEnd : time + window.length;
        return { start: end - window.length, end };
      }
      case 'rolling':
        return { start: time - window.length + 1, end: Infinity };
    }
  }
}

/** A token bucket that lets time pass one millisecond after the other, in parts of a token. */
export class BucketModel {
  #tokens: number;
  #time: number;
  readonly #rate: Rate;

  constructor(rate: Rate, start: number) {
    this.#rate = rate;
    this.#tokens = rate.burst * rate.period;
    this.#time = start;
  }

  take(time: number, weight: number): boolean {
    const { messages, period, burst } = this.#rate;
    for (; this.#time < time && this.#tokens < burst * period; this.#time += 1) {
      this.#tokens = Math.min(burst * period, this.#tokens + messages);
    }
    this.#time = time;
    if (weight > 0 && this.#tokens < Math.min(weight, burst) * period) return false;
    this.#tokens -= weight * period;
    return true;
  }
}
