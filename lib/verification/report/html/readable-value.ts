/** Characters of one value on a page. */
const longestValue = 20_000;

/** A value for a person: texts as they are, data as indented JSON. */
export function readableValue(value: unknown): string {
  if (value === undefined) return '(nothing)';
  if (typeof value === 'string') return shortened(value === '' ? '(empty)' : value);
  if (typeof value === 'bigint') return value.toString();
  return shortened(JSON.stringify(value, writable, 2));
}

/** A body for a person: JSON indented, other text as it is, bytes that are no text told. */
export function readableBody(body: Uint8Array): string {
  if (body.byteLength === 0) return '(empty)';
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return `(${body.byteLength} bytes that are no UTF-8 text)`;
  }
  if (text.length > longestValue || !/^\s*[[{]/.test(text)) return shortened(text);
  try {
    return JSON.stringify(JSON.parse(text) as unknown, null, 2);
  } catch {
    return text;
  }
}

function shortened(text: string): string {
  if (text.length <= longestValue) return text;
  return `${text.slice(0, longestValue)}\n… (${text.length} characters)`;
}

function writable(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
