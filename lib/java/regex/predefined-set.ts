import { complement, rangeSet, setOf, union, type CharacterSet } from './character-set.ts';

export const digits = rangeSet(0x30, 0x39);
export const unicodeDigits = setOf(/^\p{Nd}$/u);

/** `\s`: space, `\t`, `\n`, `\x0B`, `\f`, `\r`. */
export const spaces: CharacterSet = (codePoint) =>
  codePoint === 0x20 || (codePoint >= 9 && codePoint <= 13);
export const unicodeSpaces = setOf(/^\p{White_Space}$/u);

export const wordCharacters: CharacterSet = (codePoint) =>
  (codePoint >= 0x61 && codePoint <= 0x7a) ||
  (codePoint >= 0x41 && codePoint <= 0x5a) ||
  (codePoint >= 0x30 && codePoint <= 0x39) ||
  codePoint === 0x5f;
export const unicodeWordCharacters = setOf(
  /^[\p{Alphabetic}\p{Mn}\p{Me}\p{Mc}\p{Nd}\p{Pc}\p{Join_Control}]$/u,
);

/** What counts as a word character for `\b`: wider than `\w` up to and including JDK 18. */
export const boundaryCharacters = setOf(/^[\p{L}\p{Nd}_]$/u);
export const nonSpacingMarks = setOf(/^\p{Mn}$/u);

/** `\h`. */
export const horizontalSpaces: CharacterSet = (codePoint) =>
  codePoint === 0x20 ||
  codePoint === 9 ||
  codePoint === 0xa0 ||
  codePoint === 0x1680 ||
  codePoint === 0x180e ||
  (codePoint >= 0x2000 && codePoint <= 0x200a) ||
  codePoint === 0x202f ||
  codePoint === 0x205f ||
  codePoint === 0x3000;

/** `\v`. */
export const verticalSpaces: CharacterSet = (codePoint) =>
  (codePoint >= 10 && codePoint <= 13) ||
  codePoint === 0x85 ||
  codePoint === 0x2028 ||
  codePoint === 0x2029;

export const everyCharacter: CharacterSet = () => true;
export const notLineFeed: CharacterSet = (codePoint) => codePoint !== 10;

/** `.` without flags. */
export const notLineTerminator = complement(
  union(
    (codePoint) => codePoint === 10 || codePoint === 13 || codePoint === 0x85,
    rangeSet(0x2028, 0x2029),
  ),
);
