import type { Charset } from './charset.ts';

const noBytes = new Uint8Array(0);

/**
 * A body, given as bytes or as text and turned into the other only when someone asks. What was given
 * is never altered, so bytes that are no text survive being looked at as text.
 */
export class Body {
  #given: Uint8Array | string = '';
  #converted: Uint8Array | string | undefined;
  #convertedBy: Charset | undefined;

  get isEmpty(): boolean {
    return this.#given.length === 0;
  }

  text(charset: Charset): string {
    if (typeof this.#given === 'string') return this.#given;
    if (typeof this.#converted !== 'string' || this.#convertedBy !== charset) {
      this.#convertedBy = charset;
      return (this.#converted = charset.decode(this.#given));
    }
    return this.#converted;
  }

  bytes(charset: Charset): Uint8Array {
    if (typeof this.#given !== 'string') return this.#given;
    if (this.#given === '') return noBytes;
    if (typeof this.#converted !== 'object' || this.#convertedBy !== charset) {
      this.#convertedBy = charset;
      return (this.#converted = charset.encode(this.#given));
    }
    return this.#converted;
  }

  /** The caller gives bytes away: they may not change afterwards. */
  replace(content: Uint8Array | string): void {
    this.#given = content;
    this.#converted = undefined;
    this.#convertedBy = undefined;
  }

  clone(): Body {
    const copy = new Body();
    copy.#given = this.#given;
    copy.#converted = this.#converted;
    copy.#convertedBy = this.#convertedBy;
    return copy;
  }
}
