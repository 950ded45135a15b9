import { JsonPathError } from './error.ts';

/** A span of a path's text and the place where reading stands in it. */
export class Reader {
  readonly text: string;
  readonly end: number;
  position: number;
  /** How many filters, parentheses and parameters stand around this span. */
  readonly depth: number;
  readonly #shift: number;

  /** `shift` is how many characters of `text` the caller put before what the user wrote. */
  constructor(text: string, shift = 0, start = 0, end = text.length, depth = 0) {
    this.text = text;
    this.position = start;
    this.end = end;
    this.depth = depth;
    this.#shift = shift;
  }

  /** A reader of a part of the same text; positions stay those of the whole. */
  within(start: number, end: number): Reader {
    if (this.depth === maximumDepth) {
      this.fail(`the path nests deeper than ${maximumDepth} levels; split it into several`, start);
    }
    return new Reader(this.text, this.#shift, start, end, this.depth + 1);
  }

  /** The character at `at`, empty outside the span. */
  at(at: number): string {
    return at >= 0 && at < this.end ? this.text.charAt(at) : '';
  }

  get current(): string {
    return this.at(this.position);
  }

  slice(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  /** Where the next character that is not a blank stands, from `at` on. */
  significant(at: number): number {
    let next = at;
    while (this.at(next) === ' ') next++;
    return next;
  }

  skipBlanks(): this {
    this.position = this.significant(this.position);
    return this;
  }

  /** Where `quote` stands after `open`, a backslash hiding the character behind it; -1 if nowhere. */
  closingQuote(open: number, quote: string): number {
    for (let at = open + 1; at < this.end; at++) {
      const character = this.text.charAt(at);
      if (character === '\\') at++;
      else if (character === quote) return at;
    }
    return -1;
  }

  /** Where the bracket at `open` closes; strings (and, if named, `/regexes/`) are skipped. -1 if nowhere. */
  closingBracket(open: number, close: string, quotes: string): number {
    const opening = this.text.charAt(open);
    let nesting = 0;
    for (let at = open; at < this.end; at++) {
      const character = this.text.charAt(at);
      if (quotes.includes(character)) {
        at = this.closingQuote(at, character);
        if (at === -1) return -1;
      } else if (character === opening) nesting++;
      else if (character === close && --nesting === 0) return at;
    }
    return -1;
  }

  fail(message: string, at = this.position): never {
    const length = this.text.length - this.#shift;
    throw new JsonPathError(message, Math.min(length, Math.max(0, at - this.#shift)));
  }
}

/** Filters inside filters, parentheses inside parentheses; no real path comes near. */
const maximumDepth = 100;

/** What stands between two quotes, its escapes undone. Undefined if a `\u` lacks its four digits. */
export function unescape(text: string): string | undefined {
  let plain = '';
  for (let at = 0; at < text.length; at++) {
    let character = text.charAt(at);
    if (character === '\\' && at + 1 < text.length) {
      at++;
      character = text.charAt(at);
      if (character === 'u') {
        const digits = text.slice(at + 1, at + 5);
        if (!/^[0-9a-f]{4}$/i.test(digits)) return undefined;
        character = String.fromCharCode(Number.parseInt(digits, 16));
        at += 4;
      } else character = controlEscapes.get(character) ?? character;
    }
    plain += character;
  }
  return plain;
}

const controlEscapes: ReadonlyMap<string, string> = new Map([
  ['r', '\r'],
  ['f', '\f'],
  ['t', '\t'],
  ['n', '\n'],
  ['b', '\b'],
]);
