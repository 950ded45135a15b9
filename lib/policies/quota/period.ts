import { wholeNumber } from '../../xml/grammar/value.ts';

const second = 1_000;
const day = 86_400 * second;

/** Milliseconds of each time unit; a month where it does not mean one of the calendar. */
export const unitLengths = {
  second,
  minute: 60 * second,
  hour: 3_600 * second,
  day,
  week: 7 * day,
  month: 28 * day,
} as const;

export type TimeUnit = keyof typeof unitLengths;

/** How long an interval is. */
export interface Period {
  /** A whole number above 0. */
  readonly interval: number;
  readonly unit: TimeUnit;
}

/** A thousand years, so that no sum of times leaves what a Date can hold. */
const longestPeriod = 365_250 * day;

/** The number that a text or a variable gives for Interval; undefined if it is none above 0. */
export function readInterval(text: string): number | undefined {
  const number = wholeNumber(text);
  return number !== undefined && number > 0 ? number : undefined;
}

export function readTimeUnit(text: string): TimeUnit | undefined {
  const word = text.trim().toLowerCase();
  return isTimeUnit(word) ? word : undefined;
}

function isTimeUnit(word: string): word is TimeUnit {
  return Object.hasOwn(unitLengths, word);
}

/** Milliseconds; what is longer than a thousand years counts as a thousand years. */
export function periodLength({ interval, unit }: Period): number {
  return Math.min(interval * unitLengths[unit], longestPeriod);
}
