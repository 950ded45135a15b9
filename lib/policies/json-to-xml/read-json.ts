import { JsonTextError, type JsonValue } from './json-value.ts';

/** Bounds on a payload. Depth counts arrays and objects inside one another. */
const deepest = 200;
const mostCharacters = 10 * 1024 * 1024;
const mostValues = 1_000_000;

const whiteSpace = /[ \t\r\n]*/y;
const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

/**
 * Reads an object or an array, strictly as RFC 8259 has it. Of members of one name the last value
 * counts, at the place of the first. Linear in the text's length.
 * @throws {JsonTextError}
 */
export function readJson(text: string): JsonValue {
  return new JsonReader(text).read();
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  read(): JsonValue {
    if (this.#text.length > mostCharacters) this.#refuse('Text is too long');
    this.#skipWhiteSpace();
    const first = this.#text[this.#at];
    if (first !== '{' && first !== '[') this.#refuse('Expecting { or [');
    const value = this.#value(0);
    this.#skipWhiteSpace();
    if (this.#at < this.#text.length) this.#refuse('Expecting end of text');
    return value;
  }

  #value(depth: number): JsonValue {
    this.#skipWhiteSpace();
    this.#values += 1;
    if (this.#values > mostValues) this.#refuse('Too many values');
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') {
      if (depth >= deepest) this.#refuse(`Nested more than ${deepest} deep`);
      this.#at += 1;
      return first === '{' ? this.#object(depth + 1) : this.#array(depth + 1);
    }
    if (first === '"') return { kind: 'string', text: this.#string() };
    const literal = this.#match(number) ?? this.#match(word);
    if (literal === undefined) return this.#refuse('Expecting a value');
    return literal === 'null' ? { kind: 'null' } : { kind: 'literal', text: literal };
  }

  #object(depth: number): JsonValue {
    const members = new Map<string, JsonValue>();
    if (this.#take('}')) return { kind: 'object', members };
    do {
      this.#skipWhiteSpace();
      if (this.#text[this.#at] !== '"') this.#refuse('Expecting a name');
      const name = this.#string();
      if (!this.#take(':')) this.#refuse('Expecting :');
      members.set(name, this.#value(depth));
    } while (this.#take(','));
    if (!this.#take('}')) this.#refuse('Expecting , or }');
    return { kind: 'object', members };
  }

  #array(depth: number): JsonValue {
    const items: JsonValue[] = [];
    if (this.#take(']')) return { kind: 'array', items };
    do {
      items.push(this.#value(depth));
    } while (this.#take(','));
    if (!this.#take(']')) this.#refuse('Expecting , or ]');
    return { kind: 'array', items };
  }

  #string(): string {
    const start = this.#at;
    let isPlain = true;
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const unit = this.#text.charCodeAt(at);
      if (unit === quote) {
        this.#at = at + 1;
        return isPlain ? this.#text.slice(start + 1, at) : this.#unescaped(start);
      }
      if (unit < space) break;
      if (unit !== backslash) continue;
      isPlain = false;
      at += 1;
    }
    return this.#refuse('Invalid string');
  }

  #unescaped(start: number): string {
    try {
      const value: unknown = JSON.parse(this.#text.slice(start, this.#at));
      return typeof value === 'string' ? value : '';
    } catch {
      return this.#refuse('Invalid string');
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #take(character: string): boolean {
    this.#skipWhiteSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipWhiteSpace(): void {
    this.#match(whiteSpace);
  }

  #refuse(reason: string): never {
    const line = this.#text.slice(0, this.#at).split(/\r\n|\r|\n/).length;
    throw new JsonTextError(`${reason} at line ${line}`);
  }
}
