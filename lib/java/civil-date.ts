/** A date of Java's GregorianCalendar: Julian before 15 October 1582, Gregorian from then on. */
export interface CivilDate {
  /** Astronomical: 0 is 1 BC, -1 is 2 BC. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** 15 October 1582, in days since 1970-01-01. */
const firstGregorianDay = -141_427;

/** Days from 1 March of year 0 to 1970-01-01, in each calendar. */
const gregorianShift = 719_468;
const julianShift = 719_470;

const daysOf4Years = 1_461;
const daysOf400Years = 146_097;

/** The date of a day, counted from 1970-01-01. */
export function civilDateOf(epochDay: number): CivilDate {
  const gregorian = epochDay >= firstGregorianDay;
  // Years that begin in March put the leap day at the end.
  const shifted = epochDay + (gregorian ? gregorianShift : julianShift);
  const cycleDays = gregorian ? daysOf400Years : daysOf4Years;
  const cycle = Math.floor(shifted / cycleDays);
  const dayOfCycle = shifted - cycle * cycleDays;
  const yearOfCycle = gregorian
    ? Math.floor(
        (dayOfCycle -
          Math.floor(dayOfCycle / 1_460) +
          Math.floor(dayOfCycle / 36_524) -
          Math.floor(dayOfCycle / 146_096)) /
          365,
      )
    : Math.floor((dayOfCycle - Math.floor(dayOfCycle / 1_460)) / 365);
  const leapDays = gregorian
    ? Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100)
    : Math.floor(yearOfCycle / 4);
  const dayOfYear = dayOfCycle - 365 * yearOfCycle - leapDays;
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const marchYear = cycle * (gregorian ? 400 : 4) + yearOfCycle;
  return {
    year: month <= 2 ? marchYear + 1 : marchYear,
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** The day, counted from 1970-01-01, of a date that the calendar has. */
export function epochDayOf({ year, month, day }: CivilDate): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const marchMonth = month > 2 ? month - 3 : month + 9;
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  const days = marchYear * 365 + Math.floor(marchYear / 4) + dayOfYear;
  const gregorian =
    days - Math.floor(marchYear / 100) + Math.floor(marchYear / 400) - gregorianShift;
  return gregorian >= firstGregorianDay ? gregorian : days - julianShift;
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(epochDay: number): number {
  return ((((epochDay + 3) % 7) + 7) % 7) + 1;
}
