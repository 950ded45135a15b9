import type { Location } from '../../../diagnostic/location.ts';

/** The part of a long text that is being looked at: it grows at its end and is dropped from its start. */
export class TextWindow {
  readonly #chunks: AsyncIterator<string>;
  readonly #file: string;
  #text = '';
  #line = 1;
  #column = 1;

  constructor(file: string, chunks: AsyncIterable<string>) {
    this.#file = file;
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  get text(): string {
    return this.#text;
  }

  /** Adds the next piece; false at the end of the text. */
  async grow(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#text += next.value;
    return true;
  }

  /** Forgets what stands before an index; indexes count from there afterwards. */
  drop(end: number): void {
    if (end === 0) return;
    const { line, column } = this.placeAt(end);
    this.#line = line;
    this.#column = column;
    this.#text = this.#text.slice(end);
  }

  placeAt(index: number): Location {
    let line = this.#line;
    let start = -1;
    for (
      let at = this.#text.indexOf('\n');
      at >= 0 && at < index;
      at = this.#text.indexOf('\n', at + 1)
    ) {
      line += 1;
      start = at;
    }
    return { file: this.#file, line, column: start < 0 ? this.#column + index : index - start };
  }

  /** Where a text is found next, reading on as far as needed; undefined if it is not, within `most`. */
  async find(wanted: string, from: number, most: number): Promise<number | undefined> {
    let start = from;
    for (;;) {
      const at = this.#text.indexOf(wanted, start);
      if (at >= 0) return at;
      start = Math.max(from, this.#text.length - wanted.length + 1);
      if (this.#text.length - from > most || !(await this.grow())) return undefined;
    }
  }

  /** Forgets white space; false if nothing else follows. */
  async skipSpace(): Promise<boolean> {
    for (;;) {
      let at = 0;
      while (at < this.#text.length && isSpace(this.#text.charCodeAt(at))) at += 1;
      this.drop(at);
      if (this.#text !== '') return true;
      if (!(await this.grow())) return false;
    }
  }

  /** Closes the source. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
