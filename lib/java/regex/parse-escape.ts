import type { Anchor, RegexNode } from './ast.ts';
import { complement, type CharacterSet } from './character-set.ts';
import type { Flags } from './flags.ts';
import { isAsciiDigit, isAsciiLetter, type PatternReader } from './pattern-reader.ts';
import * as predefined from './predefined-set.ts';
import { readGroupName } from './group-name.ts';

/** What stands after a backslash. */
export type Escape =
  | { readonly kind: 'character'; readonly codePoint: number }
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'node'; readonly node: RegexNode };

/** Where an escape stands: some mean nothing in a class, and `\v` is one character in a range. */
export type EscapePlace = 'outside' | 'class' | 'range';

/** The groups that a back reference may name. */
export interface GroupTable {
  /** Group 0 included. */
  readonly count: number;
  readonly names: ReadonlyMap<string, number>;
}

const simpleEscapes: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['e', 27],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
]);

/** Reads an escape; the cursor stands on its backslash. */
export function readEscape(reader: PatternReader, groups: GroupTable, place: EscapePlace): Escape {
  const codePoint = reader.skip();
  const letter = String.fromCodePoint(codePoint);
  const simple = simpleEscapes.get(letter);
  if (simple !== undefined) return character(simple);
  const set = predefinedSet(letter, reader.flags, place);
  if (set !== undefined) return { kind: 'set', set };
  switch (letter) {
    case '0':
      return character(readOctal(reader));
    case 'c':
      return character(readControl(reader));
    case 'u':
      return character(readUnicode(reader));
    case 'x':
      return character(readHexadecimal(reader));
    case 'v':
      return character(11);
    case 'N':
      throw readCharacterName(reader);
  }
  if (place === 'outside') {
    const node = readNodeEscape(codePoint, reader, groups);
    if (node !== undefined) return { kind: 'node', node };
  }
  if (isAsciiLetter(codePoint) || (isAsciiDigit(codePoint) && place !== 'outside')) {
    throw reader.error('Illegal/unsupported escape sequence');
  }
  return character(codePoint);
}

function character(codePoint: number): Escape {
  return { kind: 'character', codePoint };
}

function predefinedSet(letter: string, flags: Flags, place: EscapePlace): CharacterSet | undefined {
  const wide = flags.unicodeClass;
  switch (letter) {
    case 'd':
      return wide ? predefined.unicodeDigits : predefined.digits;
    case 'D':
      return complement(wide ? predefined.unicodeDigits : predefined.digits);
    case 's':
      return wide ? predefined.unicodeSpaces : predefined.spaces;
    case 'S':
      return complement(wide ? predefined.unicodeSpaces : predefined.spaces);
    case 'w':
      return wide ? predefined.unicodeWordCharacters : predefined.wordCharacters;
    case 'W':
      return complement(wide ? predefined.unicodeWordCharacters : predefined.wordCharacters);
    case 'h':
      return predefined.horizontalSpaces;
    case 'H':
      return complement(predefined.horizontalSpaces);
    case 'v':
      return place === 'range' ? undefined : predefined.verticalSpaces;
    case 'V':
      return complement(predefined.verticalSpaces);
    default:
      return undefined;
  }
}

function readNodeEscape(
  codePoint: number,
  reader: PatternReader,
  groups: GroupTable,
): RegexNode | undefined {
  const letter = String.fromCodePoint(codePoint);
  const { flags } = reader;
  switch (letter) {
    case 'A':
      return anchor('beginning');
    case 'B':
      return anchor(flags.unicodeClass ? 'not unicode word boundary' : 'not word boundary');
    case 'b':
      // \b{g}, the grapheme boundary, is the one form that this engine leaves out.
      return anchor(flags.unicodeClass ? 'unicode word boundary' : 'word boundary');
    case 'G':
      return anchor('last match');
    case 'R':
      return { kind: 'line break' };
    case 'X':
      return { kind: 'grapheme' };
    case 'Z':
      return anchor(flags.unixLines ? 'unix last line end' : 'last line end');
    case 'z':
      return anchor('end');
    case 'k': {
      if (reader.read() !== 0x3c) {
        throw reader.error("\\k is not followed by '<' for named capturing group");
      }
      const name = readGroupName(reader, reader.read());
      const group = groups.names.get(name);
      if (group === undefined) {
        throw reader.error(`named capturing group <${name}> does not exist`);
      }
      return backReference(group, flags);
    }
  }
  if (codePoint >= 0x31 && codePoint <= 0x39) {
    return backReference(readReferenceNumber(codePoint - 0x30, reader, groups), flags);
  }
  return undefined;
}

function anchor(kind: Anchor): RegexNode {
  return { kind: 'anchor', anchor: kind };
}

function backReference(group: number, flags: Flags): RegexNode {
  const fold = flags.ignoreCase ? (flags.unicodeCase ? 'unicode' : 'ascii') : 'none';
  return { kind: 'back reference', group, fold };
}

/** Takes further digits only while the group that they name has been opened. */
function readReferenceNumber(first: number, reader: PatternReader, groups: GroupTable): number {
  let number = first;
  for (;;) {
    const digit = reader.peek();
    if (!isAsciiDigit(digit)) return number;
    const longer = number * 10 + (digit - 0x30);
    if (groups.count - 1 < longer) return number;
    number = longer;
    reader.read();
  }
}

function octalDigit(codePoint: number): number | undefined {
  return codePoint >= 0x30 && codePoint <= 0x37 ? codePoint - 0x30 : undefined;
}

function readOctal(reader: PatternReader): number {
  const first = octalDigit(reader.read());
  if (first === undefined) throw reader.error('Illegal octal escape sequence');
  const second = octalDigit(reader.read());
  if (second === undefined) {
    reader.unread();
    return first;
  }
  const third = octalDigit(reader.read());
  if (third !== undefined && first <= 3) return first * 64 + second * 8 + third;
  reader.unread();
  return first * 8 + second;
}

function readControl(reader: PatternReader): number {
  if (reader.atEnd) throw reader.error('Illegal control escape sequence');
  return reader.read() ^ 64;
}

function hexadecimalDigit(codePoint: number): number | undefined {
  const text = String.fromCodePoint(codePoint);
  return /^[0-9A-Fa-f]$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

function readHexadecimal(reader: PatternReader): number {
  const opening = reader.read();
  const first = hexadecimalDigit(opening);
  if (first !== undefined) {
    const second = hexadecimalDigit(reader.read());
    if (second !== undefined) return first * 16 + second;
  } else if (opening === 0x7b && hexadecimalDigit(reader.peek()) !== undefined) {
    let codePoint = 0;
    for (;;) {
      const closing = reader.read();
      const digit = hexadecimalDigit(closing);
      if (digit === undefined) {
        if (closing !== 0x7d) throw reader.error('Unclosed hexadecimal escape sequence');
        return codePoint;
      }
      codePoint = codePoint * 16 + digit;
      if (codePoint > 0x10ffff) throw reader.error('Hexadecimal codepoint is too big');
    }
  }
  throw reader.error('Illegal hexadecimal escape sequence');
}

function readUnicode(reader: PatternReader): number {
  const high = readFourDigits(reader);
  if (high < 0xd800 || high > 0xdbff) return high;
  const after = reader.cursor;
  if (reader.read() === 0x5c && reader.read() === 0x75) {
    const low = readFourDigits(reader);
    if (low >= 0xdc00 && low <= 0xdfff) return (high - 0xd800) * 1024 + (low - 0xdc00) + 0x10000;
  }
  reader.cursor = after;
  return high;
}

function readFourDigits(reader: PatternReader): number {
  let value = 0;
  for (let count = 0; count < 4; count++) {
    const digit = hexadecimalDigit(reader.read());
    if (digit === undefined) throw reader.error('Illegal Unicode escape sequence');
    value = value * 16 + digit;
  }
  return value;
}

/** Character names need Unicode's name list, which JavaScript does not carry: none is known. */
function readCharacterName(reader: PatternReader): Error {
  if (reader.read() !== 0x7b) return reader.error('Illegal character name escape sequence');
  const start = reader.cursor;
  while (reader.read() !== 0x7d) {
    if (reader.atEnd) return reader.error('Unclosed character name escape sequence');
  }
  return reader.error(`Unknown character name [${reader.slice(start, reader.cursor - 1)}]`);
}
