import { JsonPathError } from './error.ts';

/**
 * Values that one evaluation may visit, filters included. It lets `$..*` see every value of a document
 * of tens of megabytes, and ends `$..*..*..*` and a scan inside a scan's filter within about a second.
 */
export const maximumVisits = 4_000_000;

/** What is left of one evaluation's bound. */
export class Budget {
  #left: number;

  constructor(visits: number = maximumVisits) {
    this.#left = visits;
  }

  /** @throws {JsonPathError} when nothing is left */
  spend(visits: number): void {
    this.#left -= visits;
    if (this.#left < 0) {
      throw new JsonPathError(
        `the path visits more than ${maximumVisits} values; name the members on the way instead of scanning with '..'`,
        0,
      );
    }
  }
}
