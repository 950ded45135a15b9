import type { Anchor } from './ast.ts';
import type { CharacterSet } from './character-set.ts';
import { boundaryCharacters, nonSpacingMarks, unicodeWordCharacters } from './predefined-set.ts';

const lineFeed = 10;
const carriageReturn = 13;

function isLineTerminator(unit: number): boolean {
  return (
    unit === lineFeed ||
    unit === carriageReturn ||
    unit === 0x85 ||
    unit === 0x2028 ||
    unit === 0x2029
  );
}

/** Whether an anchor holds at a place. `lastEnd` is where the previous match ended, for `\G`. */
export function anchorHolds(
  anchor: Anchor,
  input: string,
  position: number,
  lastEnd: number,
): boolean {
  switch (anchor) {
    case 'beginning':
      return position === 0;
    case 'end':
      return position === input.length;
    case 'last match':
      return position === lastEnd;
    case 'line start':
      return isLineStart(input, position);
    case 'unix line start':
      // Java's multi-line ^ never holds at the end of the input, not even of an empty one.
      return (
        position < input.length && (position === 0 || input.charCodeAt(position - 1) === lineFeed)
      );
    case 'line end':
      return isLineEnd(input, position);
    case 'last line end':
      return isLineEnd(input, position) && endsLastLine(input, position);
    case 'unix line end':
      return position === input.length || input.charCodeAt(position) === lineFeed;
    case 'unix last line end':
      return (
        position === input.length ||
        (position === input.length - 1 && input.charCodeAt(position) === lineFeed)
      );
    case 'word boundary':
      return isBoundary(input, position, boundaryCharacters);
    case 'not word boundary':
      return !isBoundary(input, position, boundaryCharacters);
    case 'unicode word boundary':
      return isBoundary(input, position, unicodeWordCharacters);
    case 'not unicode word boundary':
      return !isBoundary(input, position, unicodeWordCharacters);
  }
}

function isLineStart(input: string, position: number): boolean {
  if (position >= input.length) return false;
  if (position === 0) return true;
  const before = input.charCodeAt(position - 1);
  if (before === carriageReturn) return input.charCodeAt(position) !== lineFeed;
  return isLineTerminator(before);
}

function isLineEnd(input: string, position: number): boolean {
  if (position === input.length) return true;
  const unit = input.charCodeAt(position);
  if (unit === lineFeed) {
    return position === 0 || input.charCodeAt(position - 1) !== carriageReturn;
  }
  return isLineTerminator(unit);
}

function endsLastLine(input: string, position: number): boolean {
  const left = input.length - position;
  if (left < 2) return true;
  return (
    left === 2 &&
    input.charCodeAt(position) === carriageReturn &&
    input.charCodeAt(position + 1) === lineFeed
  );
}

function isBoundary(input: string, position: number, word: CharacterSet): boolean {
  const left = position > 0 && isWordPart(input, codePointBefore(input, position), position, word);
  const here = input.codePointAt(position);
  const right =
    here !== undefined && isWordPart(input, here, position + (here > 0xffff ? 2 : 1), word);
  return left !== right;
}

function codePointBefore(input: string, position: number): number {
  const pair = position > 1 ? (input.codePointAt(position - 2) ?? 0) : 0;
  return pair > 0xffff ? pair : input.charCodeAt(position - 1);
}

/** A combining mark counts as a word character when a letter or digit carries it. */
function isWordPart(input: string, codePoint: number, end: number, word: CharacterSet): boolean {
  if (word(codePoint)) return true;
  if (codePoint < 128 || !nonSpacingMarks(codePoint)) return false;
  for (let at = end - 1; at >= 0; at--) {
    const carrier = input.charCodeAt(at);
    if (carrier !== 0x5f && boundaryCharacters(carrier)) return true;
    if (!nonSpacingMarks(carrier)) return false;
  }
  return false;
}
