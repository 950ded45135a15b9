/** Replaces a stretch of a text, by a text without line breaks. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text after some edits, which knows where a place in it was before. Lines stay as they were. */
export class EditedText {
  readonly text: string;
  readonly #original: string;
  readonly #edits: readonly Edit[];

  constructor(original: string, edits: readonly Edit[]) {
    this.#original = original;
    this.#edits = edits.toSorted((a, b) => a.start - b.start);
    let text = '';
    let at = 0;
    for (const edit of this.#edits) {
      text += original.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    this.text = text + original.slice(at);
  }

  /** The offset before the edits of a line and column after them, both counted from 1. */
  originalOffset(line: number, column: number): number {
    let start = 0;
    for (let count = 1; count < line; count += 1) {
      const next = this.#original.indexOf('\n', start);
      if (next < 0) break;
      start = next + 1;
    }
    let offset = start + column - 1;
    for (const { start: from, end, text } of this.#edits) {
      if (from < start) continue;
      // The edits so far are undone, so this one stands where it stood.
      if (from > offset) break;
      offset = Math.max(from, offset - (text.length - (end - from)));
    }
    return offset;
  }
}
