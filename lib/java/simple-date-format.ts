import { civilDateOf, epochDayOf, weekdayOf, type CivilDate } from './civil-date.ts';
import { offsetText, timeZone, type TimeZone } from './time-zone.ts';

/** A pattern that java.text.SimpleDateFormat refuses; `message` is Java's. */
export class DatePatternError extends RangeError {
  constructor(message: string) {
    super(message);
    this.name = 'DatePatternError';
  }
}

/** An instant, spelled out in a zone. */
interface Moment {
  readonly instant: number;
  readonly zone: TimeZone;
  readonly offset: number;
  readonly epochDay: number;
  readonly date: CivilDate;
  /** Milliseconds since midnight. */
  readonly timeOfDay: number;
}

type Field = (moment: Moment) => string;

const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const weekdays = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Compiles a pattern of java.text.SimpleDateFormat (Locale.US: English names, weeks begin on
 * Sunday). The function that it gives formats milliseconds since 1970-01-01T00:00Z; its zone is
 * `UTC`, `GMT+02:00` or a region such as `Europe/Berlin`, and GMT when there is no such zone.
 * The time functions of Apigee's message templates take such patterns ("Message template
 * reference", timeFormatUTC).
 * @throws {DatePatternError} a RangeError, for a letter that SimpleDateFormat refuses
 */
export function compileDatePattern(
  pattern: string,
): (epochMilliseconds: number, zone?: string) => string {
  const fields = readPattern(pattern);
  return (epochMilliseconds, zone = 'UTC') => {
    const moment = momentOf(epochMilliseconds, timeZone(zone));
    return fields.map((field) => field(moment)).join('');
  };
}

function momentOf(epochMilliseconds: number, zone: TimeZone): Moment {
  const instant = Math.trunc(epochMilliseconds);
  const offset = zone.offsetAt(instant);
  const epochDay = Math.floor((instant + offset) / day);
  return {
    instant,
    zone,
    offset,
    epochDay,
    date: civilDateOf(epochDay),
    timeOfDay: instant + offset - epochDay * day,
  };
}

function readPattern(pattern: string): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern.charAt(at);
    if (character === "'") {
      const { text, end } = readQuoted(pattern, at);
      fields.push(() => text);
      at = end;
    } else if (/[A-Za-z]/.test(character)) {
      let end = at + 1;
      while (pattern.charAt(end) === character) end++;
      fields.push(fieldOf(character, end - at));
      at = end;
    } else {
      fields.push(() => character);
      at++;
    }
  }
  return fields;
}

/** `'text'` or `''`; the quote of a doubled one belongs to the text. */
function readQuoted(
  pattern: string,
  start: number,
): { readonly text: string; readonly end: number } {
  if (pattern.charAt(start + 1) === "'") return { text: "'", end: start + 2 };
  let text = '';
  for (let at = start + 1; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character !== "'") {
      text += character;
    } else if (pattern.charAt(at + 1) === "'") {
      text += "'";
      at++;
    } else {
      return { text, end: at + 1 };
    }
  }
  throw new DatePatternError('Unterminated quote');
}

function fieldOf(letter: string, count: number): Field {
  const number =
    (value: (moment: Moment) => number): Field =>
    (moment) =>
      padded(value(moment), count);
  const hourOf = ({ timeOfDay }: Moment): number => Math.floor(timeOfDay / hour);
  switch (letter) {
    case 'G':
      return ({ date }) => (date.year > 0 ? 'AD' : 'BC');
    case 'y':
      return ({ date }) => yearText(date.year > 0 ? date.year : 1 - date.year, count);
    case 'Y':
      return (moment) => yearText(weekYearOf(moment), count);
    case 'M':
    case 'L':
      if (count < 3) return number(({ date }) => date.month);
      return ({ date }) => named(months, date.month, count);
    case 'w':
      return number(weekOfYear);
    case 'W':
      return number(weekOfMonth);
    case 'D':
      return number((moment) => moment.epochDay - firstDayOfYear(moment.date.year) + 1);
    case 'd':
      return number(({ date }) => date.day);
    case 'F':
      // Days that passed, not the day's number: October 1582 lacks ten.
      return number(
        ({ epochDay, date }) => Math.floor((epochDay - epochDayOf({ ...date, day: 1 })) / 7) + 1,
      );
    case 'E':
      return ({ epochDay }) => named(weekdays, weekdayOf(epochDay), count);
    case 'u':
      return number(({ epochDay }) => weekdayOf(epochDay));
    case 'a':
      return (moment) => (hourOf(moment) < 12 ? 'AM' : 'PM');
    case 'H':
      return number(hourOf);
    case 'k':
      return number((moment) => hourOf(moment) || 24);
    case 'K':
      return number((moment) => hourOf(moment) % 12);
    case 'h':
      return number((moment) => hourOf(moment) % 12 || 12);
    case 'm':
      return number(({ timeOfDay }) => Math.floor(timeOfDay / 60_000) % 60);
    case 's':
      return number(({ timeOfDay }) => Math.floor(timeOfDay / 1_000) % 60);
    case 'S':
      return number(({ timeOfDay }) => timeOfDay % 1_000);
    case 'z':
      return ({ zone, instant }) => zone.nameAt(instant, count >= 4 ? 'long' : 'short');
    case 'Z':
      return ({ offset }) => offsetText(offset, '');
    case 'X':
      return isoOffset(count);
    default:
      throw new DatePatternError(`Illegal pattern character '${letter}'`);
  }
}

function isoOffset(count: number): Field {
  if (count > 3) throw new DatePatternError(`invalid ISO 8601 format: length=${count}`);
  return ({ offset }) => {
    if (offset === 0) return 'Z';
    const text = offsetText(offset, count === 3 ? ':' : '');
    return count === 1 ? text.slice(0, 3) : text;
  };
}

function named(names: readonly string[], ordinal: number, count: number): string {
  const name = names[ordinal - 1] ?? '';
  return count >= 4 ? name : name.slice(0, 3);
}

function padded(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(width, '0');
  return value < 0 ? `-${digits}` : digits;
}

/** Two letters print two digits; any other number of letters is a least width. */
function yearText(year: number, count: number): string {
  if (count !== 2) return padded(year, count);
  return padded(year % 100, 2);
}

function firstDayOfYear(year: number): number {
  return epochDayOf({ year, month: 1, day: 1 });
}

/** The Sunday on or before a day. */
function weekStart(epochDay: number): number {
  return epochDay - (weekdayOf(epochDay) % 7);
}

function isFirstWeekOfNextYear({ epochDay, date }: Moment): boolean {
  return weekStart(epochDay) + 6 >= firstDayOfYear(date.year + 1);
}

function weekYearOf(moment: Moment): number {
  return isFirstWeekOfNextYear(moment) ? moment.date.year + 1 : moment.date.year;
}

function weekOfYear(moment: Moment): number {
  if (isFirstWeekOfNextYear(moment)) return 1;
  const first = weekStart(firstDayOfYear(moment.date.year));
  return (weekStart(moment.epochDay) - first) / 7 + 1;
}

function weekOfMonth({ epochDay, date }: Moment): number {
  const first = weekStart(epochDayOf({ ...date, day: 1 }));
  return (weekStart(epochDay) - first) / 7 + 1;
}
