import {
  anyOf,
  asciiLower,
  asciiUpper,
  caseRangeSet,
  complement,
  intersection,
  lowerCase,
  singleSet,
  union,
  upperCase,
  type CharacterSet,
} from './character-set.ts';
import type { Flags } from './flags.ts';
import { readEscape, type GroupTable } from './parse-escape.ts';
import { readProperty } from './parse-property.ts';
import type { PatternReader } from './pattern-reader.ts';

const openBracket = 0x5b;
const closeBracket = 0x5d;
const ampersand = 0x26;

/** Classes inside classes that one expression may have; more would only exhaust the stack. */
const deepestClass = 200;

/** Single characters below 256 whose other case lies above 255 or is not simple. */
const wideCases = new Set([0xff, 0xb5, 0x49, 0x69, 0x53, 0x73, 0x4b, 0x6b, 0xe5, 0xc5]);

/**
 * The single Latin-1 characters of one class level. Java keeps them in one table that operands
 * of `&&` share, so a character written later counts in an earlier operand as well.
 */
class LatinCharacters {
  readonly #members = new Uint8Array(256);
  readonly set: CharacterSet = (codePoint) => this.#members[codePoint] === 1;

  add(codePoint: number, flags: Flags): void {
    this.#members[codePoint] = 1;
    if (!flags.ignoreCase) return;
    if (codePoint < 128) {
      this.#members[asciiLower(codePoint)] = 1;
      this.#members[asciiUpper(codePoint)] = 1;
    } else if (flags.unicodeCase) {
      this.#members[lowerCase(codePoint)] = 1;
      this.#members[upperCase(codePoint)] = 1;
    }
  }
}

/** Reads `[...]`; the cursor stands on the bracket. */
export function readClass(reader: PatternReader, groups: GroupTable): CharacterSet {
  return readClassLevel(reader, groups, true, 0);
}

function readClassLevel(
  reader: PatternReader,
  groups: GroupTable,
  takesBracket: boolean,
  depth: number,
): CharacterSet {
  if (depth > deepestClass) throw reader.error('Character class is nested too deeply');
  const latin = new LatinCharacters();
  let hasLatin = false;
  let negated = false;
  let parts: CharacterSet[] = [];
  let latest: CharacterSet | undefined;
  let codePoint = reader.next();
  for (;;) {
    if (codePoint === 0x5e && reader.at(reader.cursor - 1) === openBracket) {
      negated = true;
      codePoint = reader.next();
      continue;
    }
    if (codePoint === openBracket) {
      latest = readClassLevel(reader, groups, true, depth + 1);
      parts.push(latest);
      codePoint = reader.peek();
      continue;
    }
    if (codePoint === ampersand) {
      codePoint = reader.next();
      if (codePoint === ampersand) {
        const right = readRightOperand(reader, groups, depth);
        if (hasLatin) {
          parts.push(latin.set);
          latest ??= latin.set;
          hasLatin = false;
        }
        if (right !== undefined) latest = right;
        if (parts.length === 0) {
          if (right === undefined) throw reader.error('Bad class syntax');
          parts = [right];
        } else {
          const left = anyOf(parts);
          parts = [intersection(left, latest ?? left)];
        }
        codePoint = reader.peek();
        continue;
      }
      reader.unread();
    } else if (codePoint === 0 && reader.atEnd) {
      throw reader.error('Unclosed character class');
    } else if (codePoint === closeBracket && (parts.length > 0 || hasLatin)) {
      if (takesBracket) reader.next();
      if (hasLatin) parts.push(latin.set);
      const set = anyOf(parts);
      return negated ? complement(set) : set;
    }
    const member = readMember(reader, groups);
    if (typeof member === 'number') {
      if (isPlainLatin(member, reader.flags)) {
        latin.add(member, reader.flags);
        hasLatin = true;
        latest = undefined;
      } else {
        latest = singleSet(member, reader.flags);
        parts.push(latest);
      }
    } else {
      latest = member;
      parts.push(latest);
    }
    codePoint = reader.peek();
  }
}

function readRightOperand(
  reader: PatternReader,
  groups: GroupTable,
  depth: number,
): CharacterSet | undefined {
  let right: CharacterSet | undefined;
  let codePoint = reader.next();
  while (codePoint !== closeBracket && codePoint !== ampersand) {
    let operand: CharacterSet;
    if (codePoint === openBracket) {
      operand = readClassLevel(reader, groups, true, depth + 1);
    } else {
      reader.unread();
      operand = readClassLevel(reader, groups, false, depth + 1);
    }
    right = right === undefined ? operand : union(right, operand);
    codePoint = reader.peek();
  }
  return right;
}

function isPlainLatin(codePoint: number, flags: Flags): boolean {
  return codePoint < 256 && !(flags.ignoreCase && flags.unicodeCase && wideCases.has(codePoint));
}

/** One character (as a number), a range, an escape or a property. */
function readMember(reader: PatternReader, groups: GroupTable): number | CharacterSet {
  let first = reader.peek();
  if (first === 0x5c) {
    const letter = reader.nextExactly();
    if (letter === 0x70 || letter === 0x50) return readProperty(reader, letter === 0x50);
    const inRange = reader.at(reader.cursor + 1) === 0x2d;
    reader.unread();
    const escape = readEscape(reader, groups, inRange ? 'range' : 'class');
    if (escape.kind === 'set') return escape.set;
    if (escape.kind === 'node') throw reader.error('Illegal/unsupported escape sequence');
    first = escape.codePoint;
  } else {
    reader.next();
  }
  if (reader.peek() !== 0x2d) return first;
  const end = reader.at(reader.cursor + 1);
  if (end === openBracket || end === closeBracket) return first;
  reader.next();
  let last = reader.peek();
  if (last === 0x5c) {
    const escape = readEscape(reader, groups, 'range');
    last = escape.kind === 'character' ? escape.codePoint : -1;
  } else {
    reader.next();
  }
  if (last < first) throw reader.error('Illegal character range');
  if (reader.flags.ignoreCase) reader.stepsByCodePoint = true;
  return caseRangeSet(first, last, reader.flags);
}
