import type { HeaderLines } from '../matching/compare-message.ts';

/** Headers that say how a message travels, or who made it, and nothing about what it means. */
export const headersThatNeverMatter: ReadonlySet<string> = new Set([
  'accept-encoding',
  'alt-svc',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'forwarded',
  'keep-alive',
  'proxy-connection',
  'sec-fetch-mode',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'user-agent',
  'vary',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-powered-by',
  'x-real-ip',
]);

/** Values that say as much as no such header. */
const sayNothing: Readonly<Record<string, string>> = { accept: '*/*', 'accept-language': '*' };

/**
 * What the header lines of a message mean, by name: lines of one name are one list, blanks around commas
 * and semicolons are nothing, the letters of a media type have no case. Each cookie that is set is a
 * header of its own, `set-cookie[name]`, whose attributes have no order.
 */
export function headerMeanings(lines: HeaderLines): ReadonlyMap<string, string> {
  const meanings = new Map<string, string>();
  for (const [line, value] of lines) {
    const name = line.toLowerCase();
    // The host is part of the URL that a call is compared by.
    if (name === 'host' || headersThatNeverMatter.has(name)) continue;
    const text = spaced(value.trim());
    if (sayNothing[name] === text) continue;
    if (name === 'set-cookie') {
      const [pair = '', ...attributes] = text.split('; ');
      const cookie = `set-cookie[${pair.slice(0, Math.max(0, pair.indexOf('=')))}]`;
      meanings.set(cookie, [pair, ...attributes.map(attributeOf).sort()].join('; '));
      continue;
    }
    const meaning = name === 'content-type' ? mediaTypeText(text) : text;
    const before = meanings.get(name);
    meanings.set(name, before === undefined ? meaning : `${before}, ${meaning}`);
  }
  return meanings;
}

/** The media type of a message, without its parameters; empty if none is given. */
export function mediaTypeOf(lines: HeaderLines): string {
  const value = lines.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return (value.split(';')[0] ?? '').trim().toLowerCase();
}

/** One blank after each comma and semicolon that is not inside quotes. */
function spaced(text: string): string {
  return text.replace(
    /"(?:[^"\\]|\\.)*"|[ \t]*([,;])[ \t]*/g,
    (found, separator: string | undefined) => (separator === undefined ? found : `${separator} `),
  );
}

function attributeOf(text: string): string {
  const equals = text.indexOf('=');
  if (equals < 0) return text.toLowerCase();
  return `${text.slice(0, equals).toLowerCase()}${text.slice(equals)}`;
}

function mediaTypeText(text: string): string {
  const [type = '', ...parameters] = text.split('; ');
  return [
    type.toLowerCase(),
    ...parameters.map((parameter) =>
      /^charset=/i.test(parameter)
        ? parameter.toLowerCase().replaceAll('"', '')
        : attributeOf(parameter),
    ),
  ].join('; ');
}
