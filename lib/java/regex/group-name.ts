import { isAsciiDigit, isAsciiLetter, type PatternReader } from './pattern-reader.ts';

/** Reads the rest of a group's name and the `>` after it. */
export function readGroupName(reader: PatternReader, first: number): string {
  if (!isAsciiLetter(first)) {
    throw reader.error('capturing group name does not start with a Latin letter');
  }
  let name = '';
  let codePoint = first;
  do {
    name += String.fromCodePoint(codePoint);
    codePoint = reader.read();
  } while (isAsciiLetter(codePoint) || isAsciiDigit(codePoint));
  if (codePoint !== 0x3e) {
    throw reader.error("named capturing group is missing trailing '>'");
  }
  return name;
}
