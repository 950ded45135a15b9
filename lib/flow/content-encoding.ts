import { decodeBody, encodeBody } from '../connection/content-coding.ts';
import { TransportError } from '../connection/transport.ts';
import type { Message } from '../message/message.ts';

/** A compressed body that policies see plain, and that leaves as it came if no policy touches it. */
export interface CompressedBody {
  readonly received: Uint8Array;
  readonly plain: Uint8Array;
  readonly coding: string;
}

/** Codings that a body can be put back into. */
const codings = { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate' } as const;

function codingOf(message: Message): keyof typeof codings | undefined {
  const text = message.headers.text('content-encoding')?.trim().toLowerCase();
  return text === 'gzip' || text === 'x-gzip' || text === 'deflate' ? text : undefined;
}

/**
 * Undoes gzip or deflate on a message's body, for policies to read. A body that is not what its
 * Content-Encoding says stays as it is: only a policy that needs it would notice.
 */
export async function decompress(
  message: Message,
  limit: number,
): Promise<CompressedBody | undefined> {
  const coding = codingOf(message);
  if (coding === undefined || !message.hasBody) return undefined;
  const received = message.bytes;
  try {
    const plain = await decodeBody(received, coding, limit);
    message.bytes = plain;
    return { received, plain, coding };
  } catch (error) {
    if (!(error instanceof TransportError) || error.kind === 'too-large') throw error;
    return undefined;
  }
}

/** The body to send: as received if nobody touched it, else compressed anew, as the header promises. */
export async function bodyToSend(
  message: Message,
  compressed: CompressedBody | undefined,
): Promise<Uint8Array> {
  const bytes = message.bytes;
  if (compressed === undefined || bytes.byteLength === 0) return bytes;
  const coding = codingOf(message);
  if (coding === undefined) return bytes;
  return bytes === compressed.plain && coding === compressed.coding
    ? compressed.received
    : encodeBody(bytes, codings[coding]);
}
