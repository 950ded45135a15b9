import { escapeAttribute, escapeText } from '../../xml/write.ts';
import { JsonTextError } from './json-value.ts';

/** A name that an array repeats may be long: what is written is bounded, not only what is read. */
const mostCharacters = 64 * 1024 * 1024;

/** Whether an element holds elements alone; one that is empty counts as text. */
export type Content = 'elements' | 'text';

/** XML text as it grows. */
export class XmlOutput {
  readonly #layout: 'compact' | 'indented';
  readonly #written: string[] = [];
  #length = 0;
  /** What the open elements hold, the root's first. */
  readonly #open: Content[] = [];

  constructor(layout: 'compact' | 'indented') {
    this.#layout = layout;
  }

  get text(): string {
    return this.#written.join('');
  }

  markup(text: string): void {
    this.#length += text.length;
    if (this.#length > mostCharacters) throw new JsonTextError('The XML is too long');
    this.#written.push(text);
  }

  start(name: string, attributes: ReadonlyMap<string, string>, content: Content): void {
    if (this.#length > 0) this.#newLine();
    this.markup(`<${name}`);
    for (const [attribute, value] of attributes) {
      this.markup(` ${attribute}="${escapeAttribute(value)}"`);
    }
    this.markup('>');
    this.#open.push(content);
  }

  characters(text: string): void {
    this.markup(escapeText(text));
  }

  end(name: string): void {
    const content = this.#open.pop();
    if (content === 'elements') this.#indent();
    this.markup(`</${name}>`);
  }

  /** Beside a text, white space would be a part of it. */
  #newLine(): void {
    if (this.#open.at(-1) !== 'text') this.#indent();
  }

  #indent(): void {
    if (this.#layout === 'indented') this.markup(`\n${'  '.repeat(this.#open.length)}`);
  }
}
