/** One place where what was found is not what was expected. */
export interface Difference {
  /** Where: `response.headers.x-id`, `calls[1].body $.items[0].id`. */
  readonly at: string;
  /** As it would be written in a case; undefined if nothing was expected there. */
  readonly expected: unknown;
  /** Undefined if there was nothing. */
  readonly found: unknown;
  /** What else a reader needs to know, as a sentence. */
  readonly note?: string;
}
