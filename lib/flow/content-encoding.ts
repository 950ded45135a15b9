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

function codingNames(lines: readonly HeaderLine[]): readonly string[] {
  return lines
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
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
export async function decompress(
  message: Message,
  limit: number,
): Promise<CompressedBody | 'undecodable' | undefined> {
  if (!message.hasBody) return undefined;
  const codings = receivedCodings(message.headers.lines());
  if (codings.length === 0) return undefined;
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
export async function bodyToSend(
  message: Message,
  compressed: CompressedBody | undefined,
): Promise<Uint8Array> {
  const bytes = message.bytes;
  if (compressed === undefined || bytes.byteLength === 0) return bytes;
  const codings = promisedCodings(message);
  if (bytes === compressed.plain && codings.join() === compressed.codings.join()) {
    return compressed.received;
  }
  let encoded = bytes;
  for (const coding of codings) encoded = await encodeBody(encoded, coding);
  return encoded;
}
