import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import { findDeclaration } from './declaration.ts';
import { Refusal, shortened, SourceText } from './source-text.ts';

export interface DecodeOptions {
  readonly file: string;
  readonly report: Report;
}

/** How far into a document its XML declaration is looked for, in bytes. */
const declarationWindow = 64 * 1024;
/** Bytes decoded at a time while the place of a malformed sequence is sought. */
const searchStep = 4096;

interface Decoding {
  /** The encoding's name for messages. */
  readonly name: string;
  readonly offset: number;
  readonly decoder: () => Decoder;
}

interface Decoder {
  decode(bytes: Uint8Array, options?: { readonly stream: true }): string;
}

/**
 * Decodes a document as XML 1.0 appendix F describes: by its byte order mark, else by what its
 * first bytes can only be, else by its declared encoding, else as UTF-8. The mark is not part of
 * the text. A byte order mark that contradicts the declaration wins with the warning
 * `xml-encoding-contradicted`; without a mark the contradiction is an error, and so are an unknown
 * encoding and malformed bytes. Returns undefined after an error. Never throws.
 */
export function decodeXml(bytes: Uint8Array, options: DecodeOptions): string | undefined {
  try {
    return decode(bytes, options);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    options.report(error.diagnostic);
    return undefined;
  }
}

function decode(bytes: Uint8Array, { file, report }: DecodeOptions): string {
  const marked = byByteOrderMark(bytes) ?? bySilentWidth(bytes);
  if (marked === 'unsupported') {
    return new SourceText(file, '').refuse(
      0,
      'xml-encoding-unknown',
      'The document is in UTF-32 or EBCDIC, which is not read here',
      'Save the document as UTF-8.',
    );
  }
  if (marked !== undefined) {
    const text = decodeBytes(bytes, marked, file);
    checkAgainstDeclaration(new SourceText(file, text), marked, report);
    return text;
  }
  return decodeBytes(bytes, byDeclaration(bytes, file), file);
}

interface MarkedDecoding extends Decoding {
  readonly mark: 'byte order mark' | 'none';
}

function byByteOrderMark(bytes: Uint8Array): MarkedDecoding | 'unsupported' | undefined {
  const [first, second, third, fourth] = bytes;
  const marked = (name: string, offset: number): MarkedDecoding => {
    return { ...decoding(name, offset), mark: 'byte order mark' };
  };
  if (first === 0xef && second === 0xbb && third === 0xbf) return marked('UTF-8', 3);
  if (first === 0xff && second === 0xfe) {
    return third === 0 && fourth === 0 ? 'unsupported' : marked('UTF-16LE', 2);
  }
  if (first === 0xfe && second === 0xff) return marked('UTF-16BE', 2);
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return 'unsupported';
  return undefined;
}

/** A well-formed document starts with `<` or white space, which tells UTF-16 without a mark. */
function bySilentWidth(bytes: Uint8Array): MarkedDecoding | 'unsupported' | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const zeros = [first, second, third, fourth].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  if (zeros === '000x' || zeros === 'x000') return 'unsupported';
  if (first === 0x4c && second === 0x6f && third === 0xa7 && fourth === 0x94) return 'unsupported';
  if (second === 0 && startsDocument(first)) return { ...decoding('UTF-16LE', 0), mark: 'none' };
  if (first === 0 && startsDocument(second)) return { ...decoding('UTF-16BE', 0), mark: 'none' };
  return undefined;
}

function startsDocument(byte: number): boolean {
  return byte === 0x3c || byte === 0x20 || byte === 0x9 || byte === 0xa || byte === 0xd;
}

function byDeclaration(bytes: Uint8Array, file: string): Decoding {
  const head = new SourceText(file, latin1(bytes.subarray(0, declarationWindow)));
  const declared = findDeclaration(head)?.encoding;
  if (declared === undefined) return decoding('UTF-8', 0);
  const label = labelOf(declared.name);
  if (label === undefined) {
    return head.refuse(
      declared.at,
      'xml-encoding-unknown',
      `The encoding "${shortened(declared.name)}" is not known`,
      'Save the document as UTF-8 and declare encoding="UTF-8".',
    );
  }
  if (isUtf16(label)) {
    return head.refuse(
      declared.at,
      'xml-encoding-contradicted',
      `The document declares ${declared.name}, but its bytes are not ${declared.name}`,
      'Declare encoding="UTF-8", or save the document as UTF-16 with a byte order mark.',
    );
  }
  return decoding(declared.name, 0);
}

function checkAgainstDeclaration(source: SourceText, found: MarkedDecoding, report: Report): void {
  const declared = findDeclaration(source)?.encoding;
  if (declared === undefined) return;
  const label = labelOf(declared.name);
  const agrees = isUtf16(found.name) ? label !== undefined && isUtf16(label) : label === 'utf-8';
  if (agrees) return;
  const hint = `Declare encoding="${isUtf16(found.name) ? 'UTF-16' : found.name}".`;
  const message = `The document declares ${shortened(declared.name)}, but it is in ${found.name}`;
  if (found.mark === 'none') {
    source.refuse(declared.at, 'xml-encoding-contradicted', message, hint);
  }
  const code = 'xml-encoding-contradicted';
  const because = `${message}, as its byte order mark says`;
  report(diagnosticAt(source.locate(declared.at), 'warning', code, because, hint));
}

function isUtf16(label: string): boolean {
  return /^utf-16/i.test(label);
}

/** The decoder's own name for an encoding; undefined when there is no decoder for it. */
function labelOf(name: string): string | undefined {
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return undefined;
  }
}

function decoding(name: string, offset: number): Decoding {
  return { name, offset, decoder: () => decoderFor(name) };
}

function decoderFor(name: string): Decoder {
  // TextDecoder reads the first two as windows-1252, as browsers do and XML processors do not; and
  // windows-1252 itself some releases of Node 20 to 24 read as ISO-8859-1 (nodejs/node issue 56542).
  if (/^(iso[-_]8859-1|latin1)$/i.test(name)) return latin1Decoder;
  if (/^(us-ascii|ascii|iso646-us)$/i.test(name)) return asciiDecoder;
  if (/^(windows-1252|(x-)?cp1252)$/i.test(name)) return windows1252Decoder;
  return new TextDecoder(name, { fatal: true, ignoreBOM: true });
}

const latin1Decoder: Decoder = {
  decode: latin1,
};

/** What windows-1252 has at 0x80 to 0x9F, where ISO-8859-1 has control characters. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const windows1252Decoder: Decoder = {
  decode: (bytes) =>
    latin1(bytes).replace(/[\u0080-\u009f]/g, (control) =>
      windows1252.charAt(control.charCodeAt(0) - 0x80),
    ),
};

const asciiDecoder: Decoder = {
  decode(bytes) {
    if (bytes.some((byte) => byte > 0x7f)) throw new TypeError('not ASCII');
    return latin1(bytes);
  },
};

function decodeBytes(bytes: Uint8Array, { name, offset, decoder }: Decoding, file: string): string {
  const body = bytes.subarray(offset);
  try {
    return decoder().decode(body);
  } catch {
    const sound = soundPrefix(body, decoder);
    return new SourceText(file, sound).refuse(
      sound.length,
      'xml-malformed-bytes',
      `The bytes here are not valid ${shortened(name)}`,
      'Save the document as UTF-8, or declare the encoding it is really in.',
    );
  }
}

/** The text up to the first malformed sequence; the decoder itself does not say where that is. */
function soundPrefix(bytes: Uint8Array, decoder: () => Decoder): string {
  const probe = decoder();
  let sound = 0;
  while (sound < bytes.length && decodes(probe, bytes.subarray(sound, sound + searchStep))) {
    sound += searchStep;
  }
  const last = decoder();
  let text = last.decode(bytes.subarray(0, sound), { stream: true });
  for (let at = sound; at < bytes.length; at += 1) {
    try {
      text += last.decode(bytes.subarray(at, at + 1), { stream: true });
    } catch {
      return text;
    }
  }
  return text;
}

function decodes(decoder: Decoder, bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
