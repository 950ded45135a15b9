import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';

/**
 * Reads the text of a Java properties file as `java.util.Properties` does: `key=value`, `key: value` or
 * `key value`; `#` and `!` start comments; a backslash joins lines and escapes. Of a repeated key the last
 * counts. A malformed `\u` escape, which Java refuses, is reported and stays as it is.
 */
export function readProperties(
  text: string,
  { file, report }: { readonly file: string; readonly report: Report },
): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const { content, line } of logicalLines(text)) {
    const { key, value } = splitEntry(content);
    const read = (escaped: string): string =>
      unescape(escaped, () => {
        const location = { file, line, column: 1 };
        const message = 'A \\u escape needs four hexadecimal digits.';
        report(diagnosticAt(location, 'error', 'malformed-escape', message, 'Write e.g. \\u00e9.'));
      });
    properties.set(read(key), read(value));
  }
  return properties;
}

interface LogicalLine {
  readonly content: string;
  /** The first of the lines that it was written on. */
  readonly line: number;
}

/**
 * Lines without comments and blank ones, those that end in a backslash joined with the next. As in the JDK
 * a line that is blank but for its backslash starts nothing, unless the text ends there: then it is an
 * entry without key and value.
 */
function* logicalLines(text: string): Generator<LogicalLine> {
  let joined = '';
  let start = 1;
  let line = 0;
  for (const natural of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    line += 1;
    const content = natural.replace(/^[ \t\f]+/, '');
    if (joined === '') {
      if (content === '' || /^[#!]/.test(content)) continue;
      start = line;
    }
    const continued = endsInBackslash(content);
    joined += continued ? content.slice(0, -1) : content;
    if (continued) continue;
    yield { content: joined, line: start };
    joined = '';
  }
  if (joined !== '' || /(?:^|[\r\n])[ \t\f]*\\[\r\n]?$/.test(text)) {
    yield { content: joined, line: start };
  }
}

/** Whether a line's last backslash is not itself escaped. */
function endsInBackslash(line: string): boolean {
  let backslashes = 0;
  while (line.charAt(line.length - 1 - backslashes) === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function splitEntry(content: string): { readonly key: string; readonly value: string } {
  let end = 0;
  while (end < content.length && !/[=: \t\f]/.test(content.charAt(end))) {
    end += content.charAt(end) === '\\' ? 2 : 1;
  }
  const rest = content.slice(end);
  return { key: content.slice(0, end), value: rest.replace(/^[ \t\f]*[=:]?[ \t\f]*/, '') };
}

const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescape(escaped: string, malformed: () => void): string {
  return escaped.replace(/\\(u[0-9a-fA-F]{4}|[^]?)/g, (whole, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (code === 'u') {
      malformed();
      return whole;
    }
    return controls[code] ?? code;
  });
}

/** UTF-8, which people write, or else ISO-8859-1, which Java long demanded. */
export function decodeProperties(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
}
