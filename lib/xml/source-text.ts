import { diagnosticAt, type Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { codePointName, isWhiteSpace } from './characters.ts';

/** Why a document was refused. Thrown inside the reader only; `readXml` turns it into a report. */
export class Refusal extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.name = 'Refusal';
    this.diagnostic = diagnostic;
  }
}

/**
 * A document's text as it was written, and the line and column of every offset in it.
 * CR LF, CR and LF each end a line. Asking for places in ascending order costs one pass over the
 * text in all; an earlier place than the last one starts the pass anew.
 */
export class SourceText {
  readonly file: string;
  readonly text: string;
  #line = 1;
  #lineStart = 0;
  #nextFeed: number;
  #nextReturn: number;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#nextFeed = this.#find('\n', 0);
    this.#nextReturn = this.#find('\r', 0);
  }

  locate(offset: number): Location {
    if (offset < this.#lineStart) this.#rewind();
    for (;;) {
      const end = Math.min(this.#nextFeed, this.#nextReturn);
      const next = this.text.startsWith('\r\n', end) ? end + 2 : end + 1;
      // A place between CR and LF still belongs to the line they end.
      if (next > offset) break;
      this.#line += 1;
      this.#lineStart = next;
      if (this.#nextFeed < next) this.#nextFeed = this.#find('\n', next);
      if (this.#nextReturn < next) this.#nextReturn = this.#find('\r', next);
    }
    return { file: this.file, line: this.#line, column: offset - this.#lineStart + 1 };
  }

  /** The offset of the first character at or after `offset` that is not white space. */
  skipWhiteSpace(offset: number): number {
    let at = offset;
    while (isWhiteSpace(this.text.charCodeAt(at))) at += 1;
    return at;
  }

  /** What stands at `offset`, quoted for a message. */
  describe(offset: number): string {
    const codePoint = this.text.codePointAt(offset);
    if (codePoint === undefined) return 'the end of the document';
    const character = String.fromCodePoint(codePoint);
    return /[\p{C}\p{Z}]/u.test(character) ? codePointName(codePoint) : `"${character}"`;
  }

  /** Ends the reading. `place` is an offset, or a location found earlier. */
  refuse(place: number | Location, code: string, message: string, hint: string): never {
    const location = typeof place === 'number' ? this.locate(place) : place;
    throw new Refusal(diagnosticAt(location, 'error', code, message, hint));
  }

  #find(end: string, from: number): number {
    const at = this.text.indexOf(end, from);
    return at < 0 ? Infinity : at;
  }

  #rewind(): void {
    this.#line = 1;
    this.#lineStart = 0;
    this.#nextFeed = this.#find('\n', 0);
    this.#nextReturn = this.#find('\r', 0);
  }
}

/** A piece of the document as a message shows it: short and printable, whatever was written. */
export function shortened(written: string): string {
  const start = written.slice(0, 40).replace(/[\ud800-\udbff]$/, '');
  const printable = start.replace(/\p{C}/gu, (character) => codePointName(codePointOf(character)));
  return start.length < written.length ? `${printable}…` : printable;
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
