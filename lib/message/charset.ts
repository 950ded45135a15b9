import { TextDecoder } from 'node:util';

/** How a body's bytes and its text become each other. Neither direction throws. */
export interface Charset {
  decode(bytes: Uint8Array): string;
  /** Characters that the charset lacks become `?`, as Java writes them. */
  encode(text: string): Uint8Array;
}

/** Keeps a byte order mark as U+FEFF, so that text goes back to the same bytes. */
export const utf8: Charset = {
  decode: (bytes) => buffer(bytes).toString('utf8'),
  encode: (text) => Buffer.from(text, 'utf8'),
};

const utf16le: Charset = {
  decode: (bytes) => buffer(bytes).toString('utf16le'),
  encode: (text) => Buffer.from(text, 'utf16le'),
};

const utf16be: Charset = {
  decode: (bytes) => utf16le.decode(swapped(bytes)),
  encode: (text) => swapped(utf16le.encode(text)),
};

/** Java's UTF-16: the byte order mark decides on reading, big-endian with a mark is written. */
const utf16: Charset = {
  decode(bytes) {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16le.decode(bytes.subarray(2));
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16be.decode(bytes.subarray(2));
    return utf16be.decode(bytes);
  },
  encode: (text) => utf16be.encode(`\u{FEFF}${text}`),
};

/** The true ISO-8859-1 of HTTP and Java. Web labels mean windows-1252 by it, and would alter bytes. */
const latin1: Charset = {
  decode: (bytes) => buffer(bytes).toString('latin1'),
  encode: (text) => Buffer.from(text.replace(/[^\0-\xff]/gu, '?'), 'latin1'),
};

const ascii: Charset = {
  decode: (bytes) => latin1.decode(bytes).replace(/[^\0-\x7f]/g, '\u{FFFD}'),
  encode: (text) => Buffer.from(text.replace(/[^\0-\x7f]/gu, '?'), 'latin1'),
};

// Windows' use of the bytes that are control characters in ISO-8859-1. Node 20's decoder lacks it.
const WINDOWS_1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

const windows1252: Charset = {
  decode: (bytes) =>
    latin1
      .decode(bytes)
      .replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80)),
  encode: (text) =>
    latin1.encode(
      text.replace(/[^\0-\x7f\xa0-\xff]/gu, (character) => {
        const place = WINDOWS_1252.indexOf(character);
        return place < 0 ? '?' : String.fromCharCode(0x80 + place);
      }),
    ),
};

// Bounded: labels outside this table are added under the few dozen names that TextDecoder gives them.
const charsets = new Map<string, Charset>([
  ['utf-8', utf8],
  ['utf8', utf8],
  ['utf-16', utf16],
  ['utf-16le', utf16le],
  ['utf-16be', utf16be],
  ['iso-8859-1', latin1],
  ['iso8859-1', latin1],
  ['iso_8859-1', latin1],
  ['latin1', latin1],
  ['windows-1252', windows1252],
  ['us-ascii', ascii],
  ['ascii', ascii],
]);

/** The charset that a Content-Type names; UTF-8 if it names none, or none that is known. */
export function charsetOf(contentType: string | undefined): Charset {
  if (contentType === undefined) return utf8;
  const parameter = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,]*))/i.exec(contentType);
  if (parameter === null) return utf8;
  const label = (parameter[1] ?? parameter[2] ?? parameter[3] ?? '').trim().toLowerCase();
  return charsets.get(label) ?? webCharset(label);
}

function webCharset(label: string): Charset {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { ignoreBOM: true });
  } catch {
    return utf8;
  }
  const known = charsets.get(decoder.encoding);
  if (known !== undefined) return known;
  let bytesOf: ReadonlyMap<string, readonly number[]> | undefined;
  const charset: Charset = {
    decode: (bytes) => decoder.decode(bytes),
    encode(text) {
      bytesOf ??= encodingTable(decoder);
      const bytes: number[] = [];
      for (const character of text) bytes.push(...(bytesOf.get(character) ?? [0x3f]));
      return Uint8Array.from(bytes);
    },
  };
  charsets.set(decoder.encoding, charset);
  return charset;
}

/** Reads an encoder off a decoder by asking it for every byte, and every pair whose lead says nothing alone. */
function encodingTable(decoder: TextDecoder): ReadonlyMap<string, readonly number[]> {
  const table = new Map<string, readonly number[]>();
  const learn = (...bytes: readonly number[]): boolean => {
    const characters = Array.from(decoder.decode(Uint8Array.from(bytes)));
    const [character] = characters;
    if (characters.length !== 1 || character === undefined || character === '\u{FFFD}')
      return false;
    if (!table.has(character)) table.set(character, bytes);
    return true;
  };
  const leads: number[] = [];
  for (let byte = 0; byte < 256; byte++) if (!learn(byte)) leads.push(byte);
  for (const lead of leads) for (let byte = 0x30; byte < 256; byte++) learn(lead, byte);
  return table;
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function swapped(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}
