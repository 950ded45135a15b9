import { charsetOf } from '../../message/charset.ts';
import type { Message } from '../../message/message.ts';
import type { Stylesheet } from './stylesheet.ts';

const declaration =
  /^<\?xml version="1\.0"(?: encoding="([^"]*)")?((?: standalone="[^"]*")?)\?>\n?/;

/** A result as Java's processors write it: libxslt adds line feeds, and leaves the encoding out. */
export function resultText(text: string, { method }: Stylesheet): string {
  if (method === 'text') return text;
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  return body.replace(
    declaration,
    (_whole, encoding: string | undefined, standalone: string) =>
      `<?xml version="1.0" encoding="${encoding ?? 'UTF-8'}"${standalone}?>`,
  );
}

/** Puts a result into a message, in the encoding that the result declares. */
export function writeResult(message: Message, text: string): void {
  const encoding = declaration.exec(text)?.[1] ?? 'UTF-8';
  if (encoding.toUpperCase() === 'UTF-8') message.content = text;
  else {
    const charset = charsetOf(`text/xml;charset=${encoding}`);
    // Markup has a way to write what the encoding lacks.
    const writable = text.replace(/[^\0-\x7f]/gu, (character) =>
      charset.decode(charset.encode(character)) === character
        ? character
        : `&#${character.codePointAt(0) ?? 0};`,
    );
    message.bytes = charset.encode(writable);
  }
}
