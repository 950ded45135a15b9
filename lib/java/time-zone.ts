/** A time zone, as far as formatting needs it. */
export interface TimeZone {
  /** Milliseconds to add to UTC at an instant. */
  offsetAt(epochMilliseconds: number): number;
  /** What `z` (short) and `zzzz` (long) print. */
  nameAt(epochMilliseconds: number, style: 'short' | 'long'): string;
}

const minute = 60_000;
const hour = 60 * minute;

/** Instants beyond what Intl can tell; zones keep the rule of the last one within. */
const furthestInstant = 8.64e15;

function fixedZone(offset: number, short: string, long: string): TimeZone {
  return {
    offsetAt: () => offset,
    nameAt: (_instant, style) => (style === 'short' ? short : long),
  };
}

const utc = fixedZone(0, 'UTC', 'Coordinated Universal Time');
const gmt = fixedZone(0, 'GMT', 'Greenwich Mean Time');

const zones = new Map<string, TimeZone>();

/** A zone by its id, as TimeZone.getTimeZone reads it: what it does not know is GMT. */
export function timeZone(id: string): TimeZone {
  if (id === 'UTC') return utc;
  if (id === 'GMT') return gmt;
  const known = zones.get(id);
  if (known !== undefined) return known;
  const zone = customZone(id) ?? regionZone(id) ?? gmt;
  // A zone may come from a request; the memory that it may take is bounded.
  if (zones.size >= 1_000) zones.clear();
  zones.set(id, zone);
  return zone;
}

/** `GMT+2`, `GMT+0200`, `GMT+02:00`. */
function customZone(id: string): TimeZone | undefined {
  const parts = /^GMT([+-])(?:(\d{1,2}):(\d{2})|(\d{1,2})(\d{2})?)$/.exec(id);
  if (parts === null) return undefined;
  const hours = Number(parts[2] ?? parts[4] ?? 0);
  const minutes = Number(parts[3] ?? parts[5] ?? 0);
  if (hours > 23 || minutes > 59) return undefined;
  const offset = (hours * hour + minutes * minute) * (parts[1] === '-' ? -1 : 1);
  if (offset === 0) return gmt;
  const name = `GMT${offsetText(offset, ':')}`;
  return fixedZone(offset, name, name);
}

/** `Europe/Berlin`: rules and names are those of the JavaScript engine. */
function regionZone(id: string): TimeZone | undefined {
  if (/^[+-]/.test(id)) return undefined;
  let offsets: Intl.DateTimeFormat;
  try {
    offsets = new Intl.DateTimeFormat('en-US', { timeZone: id, timeZoneName: 'longOffset' });
  } catch {
    // RangeError: no such zone.
    return undefined;
  }
  return {
    offsetAt: (instant) => parseOffset(zoneName(offsets, instant)),
    nameAt(instant, style) {
      for (const locale of ['en-US', 'en-GB', 'en-AU', 'en-IN', 'ja-JP']) {
        const format = new Intl.DateTimeFormat(locale, { timeZone: id, timeZoneName: style });
        const name = zoneName(format, instant);
        // Each locale abbreviates only the zones that its readers know.
        if (style === 'long' || !/^GMT[+-]/.test(name)) return name;
      }
      return `GMT${offsetText(parseOffset(zoneName(offsets, instant)), ':')}`;
    },
  };
}

function zoneName(format: Intl.DateTimeFormat, instant: number): string {
  const within = Math.max(-furthestInstant, Math.min(furthestInstant, instant));
  const parts = format.formatToParts(within);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
}

function parseOffset(name: string): number {
  const parts = /^GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(name);
  if (parts === null) return 0;
  const size = Number(parts[2]) * hour + Number(parts[3]) * minute + Number(parts[4] ?? 0) * 1_000;
  return parts[1] === '-' ? -size : size;
}

/** `+02:00` or, without a separator, `+0200`. */
export function offsetText(offset: number, separator: '' | ':'): string {
  const minutes = Math.trunc(Math.abs(offset) / minute);
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  return sign + two(Math.trunc(minutes / 60)) + separator + two(minutes % 60);
}
