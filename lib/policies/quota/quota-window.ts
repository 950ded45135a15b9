import type { Window } from '../../state/counters.ts';
import type { QuotaPolicy, QuotaType } from './grammar.ts';
import { periodLength, unitLengths, type Period } from './period.ts';
import { readStartTime } from './start-time.ts';

/** Weeks end with Sunday; 1970 began on a Thursday. */
const someMonday = -3 * unitLengths.day;
/** More months than the longest period has. */
const mostMonths = 12_000;

/** A StartTime makes a Quota without a type one of type calendar, as Google's own samples need. */
export function effectiveType({ quotaType, startTime }: QuotaPolicy): QuotaType {
  return quotaType ?? (startTime === undefined ? 'default' : 'calendar');
}

/** The window that a Quota of some type counts in ("Quota policy", types of quota). */
export function compileWindow(policy: QuotaPolicy): (period: Period) => Window {
  const type = effectiveType(policy);
  const origin = readStartTime(policy.startTime?.value ?? '') ?? 0;
  switch (type) {
    case 'default':
      return boundaryWindow;
    case 'calendar':
      return (period) => ({ kind: 'aligned', origin, length: periodLength(period) });
    case 'flexi':
      return (period) => ({ kind: 'flexi', length: periodLength(period) });
    case 'rollingwindow':
      return (period) => ({ kind: 'rolling', length: periodLength(period) });
  }
}

/** Ends with the minute, hour, day, week or month; several of them in blocks counted from 1970. */
function boundaryWindow(period: Period): Window {
  const { interval, unit } = period;
  if (unit === 'month') return { kind: 'months', count: Math.min(interval, mostMonths) };
  const origin = unit === 'week' ? someMonday : 0;
  return { kind: 'aligned', origin, length: periodLength(period) };
}
