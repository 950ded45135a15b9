import type { Reader } from './reader.ts';
import { unescape } from './reader.ts';

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A number as java.math.BigDecimal reads it; undefined for any other text. */
export function numberOf(text: string): number | undefined {
  return number.test(text) ? Number(text) : undefined;
}

/** What java.math.BigDecimal prints for a number written as `text`, where no exponent is in it. */
export function decimalText(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^[+]?(-?)0*(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole + fraction === '' && !text.includes('0')) return String(Number(text));
  return `${sign}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** `'text'` or `"text"`; the reader stands on the opening quote and ends after the closing one. */
export function readString(reader: Reader): string {
  const open = reader.position;
  const close = reader.closingQuote(open, reader.current);
  if (close === -1) reader.fail(`the string that starts here is not closed`, open);
  reader.position = close + 1;
  const value = unescape(reader.slice(open + 1, close));
  return value ?? reader.fail('\\u needs four hexadecimal digits', open);
}

/**
 * A JSON value as json-smart reads it when it is permissive: strings in either kind of quotes,
 * and bare words, which are strings too.
 */
export function readJson(reader: Reader): unknown {
  skipSpace(reader);
  switch (reader.current) {
    case '[':
      return readArray(reader);
    case '{':
      return readObject(reader);
    case '"':
    case "'":
      return readString(reader);
    default:
      return readWord(reader);
  }
}

function readArray(reader: Reader): unknown[] {
  const inner = reader.within(reader.position + 1, reader.end);
  const values: unknown[] = [];
  for (;;) {
    skipSpace(inner);
    if (inner.current === ']') break;
    values.push(readJson(inner));
    skipSpace(inner);
    if (inner.current === ',') inner.position++;
    else if (inner.current !== ']') inner.fail("expected ',' or ']' in this list");
  }
  reader.position = inner.position + 1;
  return values;
}

function readObject(reader: Reader): Record<string, unknown> {
  const inner = reader.within(reader.position + 1, reader.end);
  const entries: [string, unknown][] = [];
  for (;;) {
    skipSpace(inner);
    if (inner.current === '}') break;
    const name =
      inner.current === '"' || inner.current === "'" ? readString(inner) : bareWord(inner);
    skipSpace(inner);
    if (inner.current !== ':') inner.fail("expected ':' after the name");
    inner.position++;
    entries.push([name, readJson(inner)]);
    skipSpace(inner);
    if (inner.current === ',') inner.position++;
    else if (inner.current !== '}') inner.fail("expected ',' or '}' in this object");
  }
  reader.position = inner.position + 1;
  // fromEntries defines own properties, so `__proto__` is a name like any other.
  return Object.fromEntries(entries);
}

function readWord(reader: Reader): unknown {
  const word = bareWord(reader);
  switch (word) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      return numberOf(word) ?? word;
  }
}

function bareWord(reader: Reader): string {
  const start = reader.position;
  while (reader.current !== '' && !',:]}'.includes(reader.current)) reader.position++;
  const word = reader.slice(start, reader.position).trim();
  if (word === '') reader.fail('expected a JSON value', start);
  return word;
}

function skipSpace(reader: Reader): void {
  while (reader.current !== '' && ' \t\r\n'.includes(reader.current)) reader.position++;
}
