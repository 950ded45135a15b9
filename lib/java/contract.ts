/** CONTRACT SKETCH: the java room replaces this file by regex/, simple-date-format.ts and xeger.ts. */
export interface JavaMatch {
  readonly start: number;
  readonly end: number;
  /** Group 0 is the whole match; null where a group took no part. */
  readonly groups: readonly (string | null)[];
}

export interface JavaRegex {
  readonly source: string;
  /** Whole input matches (`String.matches`). */
  matches(input: string, budget?: number): JavaMatch | null;
  /** First match at or after `from` (`Matcher.find`). */
  find(input: string, from?: number, budget?: number): JavaMatch | null;
  /** `$1`, `${name}` and `\` as in Matcher.appendReplacement. */
  replaceAll(input: string, replacement: string, budget?: number): string;
  replaceFirst(input: string, replacement: string, budget?: number): string;
}

/** @throws {JavaRegexError} `message` and `position` as java.util.regex.PatternSyntaxException gives */
export declare function compileJavaRegex(source: string, flags?: string): JavaRegex;

/** @throws {RangeError} for a letter that SimpleDateFormat refuses */
export declare function compileDatePattern(
  pattern: string,
): (epochMilliseconds: number, zone?: string) => string;

/** Random text that the expression matches. */
export declare function compileXeger(source: string): (random: (bound: number) => number) => string;
