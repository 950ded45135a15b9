import { charsetOf } from '../../message/charset.ts';
import type { Message } from '../../message/message.ts';
import type { Stylesheet } from './stylesheet.ts';

const declaration =
  /^<\?xml version="1\.0"(?: encoding="([^"]*)")?((?: standalone="[^"]*")?)\?>\n?/;

/**
 * A result as Java's processors write it: libxslt adds line feeds, leaves the encoding out, and does not
 * know here what the encoding lacks.
 */
export function resultText(text: string, { method }: Stylesheet): string {
  if (method === 'text') return text;
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const declared = body.replace(
    declaration,
    (_whole, encoding: string | undefined, standalone: string) =>
      `<?xml version="1.0" encoding="${encoding ?? 'UTF-8'}"${standalone}?>`,
  );
  const encoding = encodingOf(declared);
  return encoding === 'UTF-8' ? declared : writable(declared, encoding);
}

/** Markup has a way to write what the encoding lacks. */
function writable(text: string, encoding: string): string {
  const charset = charsetNamed(encoding);
  return text.replace(/[^\0-\x7f]/gu, (character) =>
    charset.decode(charset.encode(character)) === character
      ? character
      : `&#${character.codePointAt(0) ?? 0};`,
  );
}

function encodingOf(text: string): string {
  return (declaration.exec(text)?.[1] ?? 'UTF-8').toUpperCase();
}

function charsetNamed(encoding: string): ReturnType<typeof charsetOf> {
  return charsetOf(`text/xml;charset=${encoding}`);
}

/** Puts a result into a message, in the encoding that the result declares. */
export function writeResult(message: Message, text: string): void {
  const encoding = encodingOf(text);
  if (encoding === 'UTF-8') message.content = text;
  else message.bytes = charsetNamed(encoding).encode(text);
}
