/** What `(?idmsuxU)` and the flags argument of Pattern.compile switch on. */
export interface Flags {
  /** `i`: CASE_INSENSITIVE, ASCII letters only unless `unicodeCase`. */
  readonly ignoreCase: boolean;
  /** `d`: UNIX_LINES, only `\n` ends a line. */
  readonly unixLines: boolean;
  /** `m`: MULTILINE. */
  readonly multiline: boolean;
  /** `s`: DOTALL. */
  readonly dotAll: boolean;
  /** `u`: UNICODE_CASE. */
  readonly unicodeCase: boolean;
  /** `x`: COMMENTS, white space and `# ...` in the expression are skipped. */
  readonly comments: boolean;
  /** `U`: UNICODE_CHARACTER_CLASS, implies `unicodeCase`. */
  readonly unicodeClass: boolean;
}

export const noFlags: Flags = {
  ignoreCase: false,
  unixLines: false,
  multiline: false,
  dotAll: false,
  unicodeCase: false,
  comments: false,
  unicodeClass: false,
};

/** The flags with one letter switched on or off; undefined when Java has no such letter. */
export function switchFlag(flags: Flags, letter: string, value: boolean): Flags | undefined {
  switch (letter) {
    case 'i':
      return { ...flags, ignoreCase: value };
    case 'd':
      return { ...flags, unixLines: value };
    case 'm':
      return { ...flags, multiline: value };
    case 's':
      return { ...flags, dotAll: value };
    case 'u':
      return { ...flags, unicodeCase: value };
    case 'x':
      return { ...flags, comments: value };
    case 'U':
      return { ...flags, unicodeClass: value, unicodeCase: value };
    case 'c':
      // CANON_EQ has no effect when it is switched on inside an expression.
      return flags;
    default:
      return undefined;
  }
}
