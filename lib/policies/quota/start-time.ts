const syntax = /^(\d{4})-(\d{1,2})-(\d{1,2})\s+(\d{1,2}):(\d{1,2}):(\d{1,2})$/;

/**
 * Milliseconds since 1970 of a StartTime, which is UTC; undefined if it is none. Numbers need not have
 * leading zeros: bundles in production leave them out.
 */
export function readStartTime(text: string): number | undefined {
  const parts = syntax.exec(text.trim())?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
  date.setUTCFullYear(year, month - 1, day);
  const read = [date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours()];
  const isDate = read[0] === month && read[1] === day && read[2] === hour;
  return isDate && minute < 60 && second < 60 ? date.getTime() : undefined;
}
