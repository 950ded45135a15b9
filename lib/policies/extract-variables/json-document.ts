import type { JsonPath } from '../../json-path/json-path.ts';
import { flowValueText } from '../../variables/flow-variables.ts';

/** Stands before the digits of an integer that is kept as text. JSON texts do not begin with it in practice. */
const mark = '\u0000';

const token = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const longInteger = /^-?\d{16,}$/;
const writtenMark = /"\\u0000(-?\d{16,})"/g;

/**
 * A JSON text that paths are evaluated on. Integers past 2^53, such as the identifiers of many services,
 * come out with all their digits where one path names one value; filters compare them as numbers.
 */
export class JsonDocument {
  readonly #root: unknown;
  readonly #exact: unknown;

  /** @throws {SyntaxError} for a text that is no JSON */
  constructor(text: string) {
    this.#root = JSON.parse(text);
    // Only what has been parsed is searched: every string in it ends, so the search never goes back.
    this.#exact = /\d{16}/.test(text) ? JSON.parse(markLongIntegers(text)) : this.#root;
  }

  /** Undefined if there is no such place. */
  find(path: JsonPath): readonly unknown[] | undefined {
    // Functions compute with numbers.
    const isPlain = path.definite && !path.source.includes('(');
    return path.find(isPlain ? this.#exact : this.#root);
  }
}

/**
 * A scalar as its text, everything else as JSON.
 * @throws {RangeError} for a value that is nested too deeply to be written
 */
export function jsonText(value: unknown): string {
  if (typeof value === 'string') return isMarked(value) ? value.slice(mark.length) : value;
  if (typeof value === 'number' || typeof value === 'boolean') return flowValueText(value);
  return JSON.stringify(value).replace(writtenMark, '$1');
}

function isMarked(text: string): boolean {
  return text.startsWith(mark) && longInteger.test(text.slice(mark.length));
}

function markLongIntegers(text: string): string {
  return text.replace(token, (word) =>
    longInteger.test(word) && !Number.isSafeInteger(Number(word)) ? `"\\u0000${word}"` : word,
  );
}
