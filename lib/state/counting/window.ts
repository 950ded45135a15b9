import type { Window } from '../counters.ts';

/** A window whose bounds depend on nothing but the time. */
export type CalendarWindow = Extract<Window, { kind: 'aligned' | 'months' }>;

/** When the window around a moment ends. */
export function windowEnd(window: CalendarWindow, now: number): number {
  if (window.kind === 'months') return monthBlocks(window.count, now).next;
  const { origin, length } = window;
  return origin + (Math.max(0, Math.floor((now - origin) / length)) + 1) * length;
}

/** Where the block of months around a moment begins, where the next one does, and the one after it. */
export function monthBlocks(
  count: number,
  now: number,
): { readonly start: number; readonly next: number; readonly afterNext: number } {
  const date = new Date(now);
  const months = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  const first = Math.floor(months / count) * count;
  return {
    start: Date.UTC(1970, first),
    next: Date.UTC(1970, first + count),
    afterNext: Date.UTC(1970, first + 2 * count),
  };
}
