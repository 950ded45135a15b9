import type { Location } from './location.ts';

/** Columns of source shown of one line; a longer line is cut around its caret. */
const shownColumns = 100;
const tabWidth = 2;

/**
 * The source line of a location with a caret under its column, for a person at a terminal:
 *
 *     12 | <Set><Verb>GTE</Verb></Set>
 *        |            ^
 *
 * Tabs become spaces, and control characters, lone surrogates and characters that reorder or hide
 * text become `\u{1b}`, so that no document can steer the terminal. A column behind the line's end
 * is pointed at behind the last character. Empty when the text has no such line. Accepts any text
 * and any location.
 */
export function excerpt(text: string, location: Pick<Location, 'line' | 'column'>): string {
  const line = lineOf(text, location.line);
  if (line === undefined) return '';
  const caret = Math.min(Math.max(location.column - 1, 0), line.length);
  const before = takeBack(line, caret, shownColumns / 2);
  const behind = takeOn(line, caret, shownColumns - columnsOf(before.shown));
  const gutter = String(location.line);
  const blank = ' '.repeat(gutter.length);
  const lead = before.cut ? '…' : '';
  const tail = behind.cut ? '…' : '';
  const source = `${gutter} | ${lead}${before.shown}${behind.shown}${tail}`.trimEnd();
  return `${source}\n${blank} | ${' '.repeat(lead.length + columnsOf(before.shown))}^`;
}

interface Piece {
  readonly shown: string;
  readonly cut: boolean;
}

function lineOf(text: string, line: number): string | undefined {
  if (!Number.isInteger(line) || line < 1) return undefined;
  const ends = /\r\n|\r|\n/g;
  let start = 0;
  for (let number = 1; number < line; number += 1) {
    if (ends.exec(text) === null) return undefined;
    start = ends.lastIndex;
  }
  const end = ends.exec(text)?.index ?? text.length;
  return text.slice(start, end);
}

/** What stands before an offset, as far as it fits. */
function takeBack(line: string, offset: number, columns: number): Piece {
  const characters = Array.from(line.slice(Math.max(0, offset - 2 * columns), offset)).reverse();
  let shown = '';
  let at = offset;
  for (const character of characters) {
    const next = shownCharacter(character) + shown;
    if (columnsOf(next) > columns) break;
    shown = next;
    at -= character.length;
  }
  return { shown, cut: at > 0 };
}

/** What stands at an offset and behind it, as far as it fits. */
function takeOn(line: string, offset: number, columns: number): Piece {
  let shown = '';
  let at = offset;
  for (const character of line.slice(offset, offset + 2 * columns)) {
    const next = shown + shownCharacter(character);
    if (columnsOf(next) > columns) break;
    shown = next;
    at += character.length;
  }
  return { shown, cut: at < line.length };
}

function columnsOf(shown: string): number {
  return Array.from(shown).length;
}

function shownCharacter(character: string): string {
  if (character === '\t') return ' '.repeat(tabWidth);
  if (!/^[\p{C}\p{Zl}\p{Zp}]$/u.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
