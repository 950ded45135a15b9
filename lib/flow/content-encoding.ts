import { decodeBody, encodeBody } from '../connection/content-coding.ts';
import { TransportError } from '../connection/transport.ts';
import type { HeaderLine } from '../message/header-lines.ts';
import type { Message } from '../message/message.ts';
import { unsupportedEncoding } from './message-faults.ts';

/** A compressed body that policies see plain, and that leaves as it came if no policy touches it. */
export interface CompressedBody {
  readonly received: Uint8Array;
  readonly plain: Uint8Array;
  /** As they were applied, the outermost last. */
  readonly codings: readonly Coding[];
}

export type Coding = 'gzip' | 'deflate';

const knownCodings: ReadonlyMap<string, Coding | undefined> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['identity', undefined],
]);

/** Asked of every message that has a body, and most have none of these headers. */
function codingNames(lines: readonly HeaderLine[]): readonly string[] {
  const names: string[] = [];
  for (const [name, value] of lines) {
    if (name.length !== 16 || name.toLowerCase() !== 'content-encoding') continue;
    for (const part of value.split(',')) if (part.trim() !== '') names.push(part.trim());
  }
  return names;
}

/**
 * The codings that a message with these headers came in.
 * @throws {Fault} UnsupportedEncoding for a name that Apigee does not know
 */
export function receivedCodings(lines: readonly HeaderLine[]): readonly Coding[] {
  return codingNames(lines).flatMap((name) => {
    const known = name.toLowerCase();
    if (!knownCodings.has(known)) throw unsupportedEncoding(name);
    return knownCodings.get(known) ?? [];
  });
}

/** What a message's header promises, or nothing where it promises what cannot be kept. */
function promisedCodings(message: Message): readonly Coding[] {
  const names = codingNames(message.headers.lines()).map((name) => name.toLowerCase());
  if (names.some((name) => !knownCodings.has(name))) return [];
  return names.flatMap((name) => knownCodings.get(name) ?? []);
}

/**
 * Undoes gzip and deflate on a body, for policies to read. One that is not what its Content-Encoding says
 * stays as it is.
 * @throws {Fault} UnsupportedEncoding
 * @throws {TransportError} `too-large` for what grows beyond `limit` bytes
 */
export function decompress(
  message: Message,
  limit: number,
): CompressedBody | undefined | Promise<CompressedBody | 'undecodable'> {
  if (!message.hasBody) return undefined;
  const codings = receivedCodings(message.headers.lines());
  return codings.length === 0 ? undefined : decoded(message, codings, limit);
}

async function decoded(
  message: Message,
  codings: readonly Coding[],
  limit: number,
): Promise<CompressedBody | 'undecodable'> {
  const received = message.bytes;
  try {
    const plain = await decodeBody(received, codings.join(), limit);
    message.bytes = plain;
    return { received, plain, codings };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (error.kind === 'too-large') throw error;
    return 'undecodable';
  }
}

/** The body to send: as received if nobody touched it, else compressed anew, as the header promises. */
export function bodyToSend(
  message: Message,
  compressed: CompressedBody | undefined,
): Uint8Array | Promise<Uint8Array> {
  const bytes = message.bytes;
  if (compressed === undefined || bytes.byteLength === 0) return bytes;
  const codings = promisedCodings(message);
  if (bytes === compressed.plain && codings.join() === compressed.codings.join()) {
    return compressed.received;
  }
  return encoded(bytes, codings);
}

async function encoded(bytes: Uint8Array, codings: readonly Coding[]): Promise<Uint8Array> {
  let body = bytes;
  for (const coding of codings) body = await encodeBody(body, coding);
  return body;
}
