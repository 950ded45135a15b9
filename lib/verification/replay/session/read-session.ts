import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { Location } from '../../../diagnostic/location.ts';
import { placeOf } from '../../../diagnostic/place.ts';
import { readXml } from '../../../xml/read.ts';
import { defaultXmlLimits } from '../../../xml/limits.ts';
import { textOf, type XmlElement } from '../../../xml/tree.ts';
import { transactionFromJson } from './from-json.ts';
import { transactionFromXml, type RawTransaction } from './from-xml.ts';
import { jsonSlices } from './json-slices.ts';
import { sessionLimits } from './limits.ts';
import { recordedPoint } from './raw-point.ts';
import type { RecordedTransaction, SessionHead } from './recorded-transaction.ts';
import type { Slice } from './slice.ts';
import { TextWindow } from './text-window.ts';
import { foreign, malformed, UnreadableSession } from './unreadable-session.ts';
import { xmlSlices } from './xml-slices.ts';

export type SessionPart =
  | { readonly kind: 'head'; readonly head: Partial<SessionHead> }
  | { readonly kind: 'transaction'; readonly transaction: RecordedTransaction };

/** Bytes that are read at once. */
const pieceLength = 256 * 1024;

/**
 * Reads a downloaded debug session, of Apigee Edge (XML) or Apigee X (JSON), one transaction at a time, so
 * that a file of any length takes no more memory than its longest transaction.
 *
 * @throws {UnreadableSession} when the file cannot be read, is no session, is broken or is cut off
 */
export async function* readSession(file: string): AsyncGenerator<SessionPart> {
  await mustBeFile(file);
  const window = new TextWindow(file, texts(file));
  try {
    const isFilled = await window.skipSpace();
    const first = window.text.charAt(0);
    if (first === '<') yield* parts(xmlSlices(window), xmlPart);
    else if (first === '{') yield* parts(jsonSlices(window), jsonPart);
    else {
      const what = isFilled ? 'This is neither XML nor JSON.' : 'The file is empty.';
      throw foreign(window.placeAt(0), what);
    }
  } finally {
    await window.close();
  }
}

async function mustBeFile(file: string): Promise<void> {
  const place = { file, line: 1, column: 1 };
  const unreadable = (message: string): UnreadableSession =>
    new UnreadableSession(place, 'unreadable-session', message, 'Check the path.');
  const found = await stat(file).catch((error: unknown) => {
    throw unreadable(`It cannot be read: ${error instanceof Error ? error.message : ''}.`);
  });
  // A pipe or a device may never end, and the file is read twice.
  if (!found.isFile()) throw unreadable('It is no file.');
}

async function* texts(file: string): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let bytes = 0;
  const place = { file, line: 1, column: 1 };
  const decode = (run: () => string): string => {
    try {
      return run();
    } catch {
      throw malformed(place, `Its text is not UTF-8, from about byte ${bytes} on.`);
    }
  };
  for await (const piece of createReadStream(file, { highWaterMark: pieceLength })) {
    if (!(piece instanceof Uint8Array)) continue;
    const isWide = piece[0] === 0xff && piece[1] === 0xfe;
    decoder ??= new TextDecoder(isWide ? 'utf-16le' : 'utf-8', { fatal: true });
    const current = decoder;
    yield decode(() => current.decode(piece, { stream: true }));
    bytes += piece.byteLength;
  }
  const rest = decode(() => decoder?.decode() ?? '');
  if (rest !== '') yield rest;
}

async function* parts(
  slices: AsyncGenerator<Slice>,
  partOf: (slice: Slice) => SessionPart,
): AsyncGenerator<SessionPart> {
  for await (const slice of slices) yield partOf(slice);
}

const headNames: Readonly<Record<string, keyof SessionHead>> = {
  Organization: 'organization',
  Environment: 'environment',
  API: 'proxy',
  Revision: 'revision',
};

function headField(name: string, value: string): Partial<SessionHead> {
  const field = Object.hasOwn(headNames, name) ? headNames[name] : undefined;
  return field === undefined ? {} : { [field]: value };
}

function xmlPart({ kind, text, place }: Slice): SessionPart {
  const element = parsedXml(text, place);
  if (kind === 'head') return { kind, head: headField(element.local, textOf(element).trim()) };
  return { kind, transaction: transaction(transactionFromXml(element), place) };
}

function parsedXml(text: string, place: Location): XmlElement {
  let error: Diagnostic | undefined;
  const element = readXml(text, {
    file: place.file,
    limits: {
      ...defaultXmlLimits,
      documentLength: sessionLimits.transaction,
      attributeLength: sessionLimits.transaction,
    },
    report(diagnostic) {
      if (diagnostic.severity === 'error') error ??= diagnostic;
    },
  });
  if (element !== undefined && error === undefined) return element;
  const { line = 1, column = 1, message = '' } = error ?? {};
  throw malformed(
    {
      file: place.file,
      line: place.line + line - 1,
      column: line === 1 ? place.column + column - 1 : column,
    },
    message,
  );
}

function jsonPart({ kind, text, place }: Slice): SessionPart {
  const value = parsedJson(text, place);
  if (kind === 'head') {
    const fields: Record<string, unknown> =
      typeof value === 'object' && value !== null ? { ...value } : {};
    const known = Object.keys(headNames).flatMap((name) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return typeof field === 'string' ? [headField(name, field)] : [];
    });
    return { kind, head: Object.assign({}, ...known) as Partial<SessionHead> };
  }
  const raw = transactionFromJson(value);
  if (raw === undefined) throw malformed(place, 'This transaction has no list "point".');
  return { kind, transaction: transaction(raw, place) };
}

function parsedJson(text: string, place: Location): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const at = /position (\d+)/.exec(message)?.[1];
    throw malformed(
      at === undefined ? place : placeOf(place, text, Number(at)),
      `No JSON: ${message}`,
    );
  }
}

function transaction({ id, extent, points }: RawTransaction, place: Location): RecordedTransaction {
  if (points.length > sessionLimits.points) {
    throw new UnreadableSession(
      place,
      'session-too-long',
      `The transaction has more than ${sessionLimits.points} points.`,
      'Take this transaction out of the session.',
    );
  }
  return { id, place, extent, points: points.flatMap((raw) => recordedPoint(raw) ?? []) };
}
