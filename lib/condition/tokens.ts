import { Refusal } from './finding.ts';

interface TokenPlace {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** A bare word: a variable's name, or an operator, connective or literal. */
export interface WordToken extends TokenPlace {
  readonly kind: 'word';
  readonly text: string;
}

/** `'a name'`: always a variable's name. */
export interface QuotedNameToken extends TokenPlace {
  readonly kind: 'quoted-name';
  readonly text: string;
}

/** `"a text"`, without its quotes. */
export interface TextToken extends TokenPlace {
  readonly kind: 'text';
  readonly text: string;
}

export interface NumberToken extends TokenPlace {
  readonly kind: 'number';
  readonly text: string;
}

/** An operator's symbol, `!`, `&&`, `||` or a parenthesis. */
export interface SymbolToken extends TokenPlace {
  readonly kind: 'symbol';
  readonly text: string;
}

export interface EndToken extends TokenPlace {
  readonly kind: 'end';
  readonly text: '';
}

export type Token = WordToken | QuotedNameToken | TextToken | NumberToken | SymbolToken | EndToken;

const blanks = /[ \t\r\n\f]*/y;
const word = /[A-Za-z_][-A-Za-z0-9_.]*/y;
const number = /-?(?:[0-9]+(?:\.[0-9]+)?[fFdD]?|\.[0-9]+[fFdD]?|[0-9]+[lL])(?![-A-Za-z0-9_.])/y;
const numberLike = /-?\.?[0-9][-A-Za-z0-9_.]*/y;
// The longer of two symbols with one beginning stands first.
const symbol = /[()]|&&|\|\||!=\||!=|!~~|!~\/|!~|!|:=|:~|==|=\||=|>=|>|<=|<|~~|~\/|~/y;

/** Reads the token at or behind `from`. @throws {Refusal} */
export function tokenAt(text: string, from: number): Token {
  const start = from + (matchAt(blanks, text, from)?.length ?? 0);
  if (start >= text.length) return { kind: 'end', text: '', start: text.length, end: text.length };
  const first = text.charAt(start);
  if (first === '"') return quoted('text', text, start);
  if (first === "'") return quoted('quoted-name', text, start);

  const name = matchAt(word, text, start);
  if (name !== undefined) return { kind: 'word', text: name, start, end: start + name.length };
  const digits = matchAt(number, text, start);
  if (digits !== undefined) {
    return { kind: 'number', text: digits, start, end: start + digits.length };
  }
  const notQuite = matchAt(numberLike, text, start);
  if (notQuite !== undefined) {
    throw new Refusal(
      start,
      `${shown(notQuite)} is neither a number nor a variable's name.`,
      "Write a number such as 5, -0.5 or 5L; put a variable's name into single quotes if it begins with a digit.",
    );
  }
  for (const [sequence, hint] of unknownSequences) {
    if (text.startsWith(sequence, start)) {
      throw new Refusal(start, `${shown(sequence)} means nothing in a condition.`, hint);
    }
  }
  const sign = matchAt(symbol, text, start);
  if (sign !== undefined) return { kind: 'symbol', text: sign, start, end: start + sign.length };
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  throw new Refusal(
    start,
    `${shown(character)} means nothing in a condition.`,
    'Put a text into double quotes, and into single quotes a variable\'s name with characters other than letters, digits, "_", "-" and ".".',
  );
}

function quoted(kind: 'text' | 'quoted-name', text: string, start: number): Token {
  const quote = text.charAt(start);
  const close = text.indexOf(quote, start + 1);
  if (close < 0) {
    throw new Refusal(
      start,
      'The quote that opens here is never closed.',
      kind === 'text'
        ? 'Close the text with a double quote; a text cannot hold a double quote.'
        : "Close the variable's name with a single quote; a text stands in double quotes.",
    );
  }
  return { kind, text: text.slice(start + 1, close), start, end: close + 1 };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const noArithmetic = 'Conditions have no arithmetic; compute the value in a policy before.';
const noBraces =
  "Write a variable's name without braces; group with parentheses; put a text into double quotes.";

/** What people write that no operator is, with what they should write. */
const unknownSequences: readonly (readonly [sequence: string, hint: string])[] = [
  ['=>', 'Write ">=".'],
  ['=<', 'Write "<=".'],
  ['->', 'Write "not (a) or (b)".'],
  ['===', 'Write "=".'],
  ['/~', 'Write "~/".'],
  ['{', noBraces],
  ['}', noBraces],
  ['+', noArithmetic],
  ['-', noArithmetic],
  ['*', noArithmetic],
  ['/', `${noArithmetic} Put a path into double quotes.`],
  ['%', noArithmetic],
  ['\u201c', 'Write the plain double quote, U+0022.'],
  ['\u201d', 'Write the plain double quote, U+0022.'],
  ['\u2018', 'Write the plain double quote, U+0022.'],
  ['\u2019', 'Write the plain double quote, U+0022.'],
  ['\u00a0', 'Write a plain space instead of the no-break space.'],
];

/** A piece of the condition as a message shows it: short, quoted and printable. */
export function shown(written: string): string {
  const cut = written.length > 40 ? `${written.slice(0, 40)}…` : written;
  return /^\P{C}+$/u.test(cut) && !/^\s$/.test(cut) ? `"${cut}"` : JSON.stringify(codePoints(cut));
}

function codePoints(text: string): string {
  return Array.from(text, (character) =>
    /^[\p{C}\p{Z}]$/u.test(character) && character !== ' '
      ? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
      : character,
  ).join('');
}
