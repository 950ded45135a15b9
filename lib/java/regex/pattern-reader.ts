import { JavaRegexError } from './error.ts';
import { noFlags, type Flags } from './flags.ts';

/** What reading gives after the last character. */
const endOfPattern = 0;

function isLineSeparator(codePoint: number, flags: Flags): boolean {
  if (flags.unixLines) return codePoint === 10;
  return (
    codePoint === 10 ||
    codePoint === 13 ||
    codePoint === 0x85 ||
    codePoint === 0x2028 ||
    codePoint === 0x2029
  );
}

function isSpace(codePoint: number): boolean {
  return codePoint === 0x20 || (codePoint >= 9 && codePoint <= 13);
}

/**
 * A cursor over an expression's code points. Its few ways to move differ in whether they skip
 * white space under the `x` flag; Java's error positions follow from exactly these moves.
 */
export class PatternReader {
  /** The flags in force at the cursor. */
  flags: Flags = noFlags;
  cursor = 0;
  /** Set once something is read that makes Java's search step over surrogate pairs. */
  stepsByCodePoint = false;
  readonly #codePoints: readonly number[];

  constructor(codePoints: readonly number[], flags: Flags) {
    this.#codePoints = codePoints;
    this.flags = flags;
  }

  get length(): number {
    return this.#codePoints.length;
  }

  get atEnd(): boolean {
    return this.cursor >= this.length;
  }

  /** The code point at an absolute place, nothing skipped. */
  at(index: number): number {
    return this.#codePoints[index] ?? endOfPattern;
  }

  /** The code point under the cursor. */
  peek(): number {
    return this.#skipAhead(this.at(this.cursor));
  }

  /** Takes the code point under the cursor. */
  read(): number {
    let codePoint = this.at(this.cursor++);
    if (!this.flags.comments) return codePoint;
    while (isSpace(codePoint) || codePoint === 0x23) {
      if (codePoint === 0x23) {
        codePoint = this.at(this.cursor++);
        while (codePoint !== endOfPattern && !isLineSeparator(codePoint, this.flags)) {
          codePoint = this.at(this.cursor++);
        }
      } else {
        codePoint = this.at(this.cursor++);
      }
    }
    return codePoint;
  }

  /** Moves on by one and peeks. */
  next(): number {
    return this.#skipAhead(this.at(++this.cursor));
  }

  /** Moves on by one and peeks; white space counts. */
  nextExactly(): number {
    return this.at(++this.cursor);
  }

  /** Takes the code point after the cursor; white space counts. */
  skip(): number {
    const codePoint = this.at(this.cursor + 1);
    this.cursor += 2;
    return codePoint;
  }

  unread(): void {
    this.cursor--;
  }

  /** Takes the code point under the cursor, which must be this one. */
  accept(codePoint: number, description: string): void {
    if (this.read() !== codePoint) throw this.error(description);
  }

  /** Whether surrogates, paired or not, are written from an absolute place on. */
  hasSurrogatesFrom(start: number): boolean {
    return this.#codePoints
      .slice(start)
      .some((codePoint) => codePoint > 0xffff || (codePoint >= 0xd800 && codePoint <= 0xdfff));
  }

  slice(start: number, end: number): string {
    return this.#codePoints
      .slice(start, end)
      .map((codePoint) => String.fromCodePoint(codePoint))
      .join('');
  }

  error(description: string): JavaRegexError {
    const pattern = this.#codePoints.map((codePoint) => String.fromCodePoint(codePoint)).join('');
    return new JavaRegexError(description, pattern, this.cursor - 1);
  }

  #skipAhead(start: number): number {
    let codePoint = start;
    if (!this.flags.comments) return codePoint;
    while (isSpace(codePoint) || codePoint === 0x23) {
      if (codePoint === 0x23) {
        do codePoint = this.at(++this.cursor);
        while (codePoint !== endOfPattern && !isLineSeparator(codePoint, this.flags));
      } else {
        codePoint = this.at(++this.cursor);
      }
    }
    return codePoint;
  }
}

export function isAsciiDigit(codePoint: number): boolean {
  return codePoint >= 0x30 && codePoint <= 0x39;
}

export function isAsciiLetter(codePoint: number): boolean {
  return (codePoint >= 0x41 && codePoint <= 0x5a) || (codePoint >= 0x61 && codePoint <= 0x7a);
}
