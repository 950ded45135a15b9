import type { Message } from '../message/message.ts';
import type { CompressedBody } from './content-encoding.ts';
import type { FlowPhase } from '../variables/flow-variables.ts';
import { decompress } from './content-encoding.ts';
import { undecodableRequest } from './message-faults.ts';

/** A body that is still coming; for as long, its message shows none. */
export interface BodyStream {
  readonly message: Message;
  /** Events are sent on one by one: nobody gets to see them all, `response.content` stays empty. */
  readonly kind: 'body' | 'events';
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Most bytes that are taken in for a policy that looks at the payload. */
  readonly limit: number;
  /** The fault for a body that is too long, or that breaks off. */
  fault(problem: 'too-long' | { readonly error: unknown }): unknown;
  /**
   * Told of a body that came compressed and was taken in.
   * @throws {Fault} if it is not what its Content-Encoding says, and nobody can do with that
   */
  keep(compressed: CompressedBody | 'undecodable' | undefined): void;
}

/** The bodies of one transaction that nobody has read yet ("Payload with streaming"). */
export class BodyStreams {
  /** Undefined until there is one: most transactions have none. */
  #open: Map<Message, BodyStream> | undefined;
  /** Whether the request is not what its Content-Encoding says. It goes on as it is, and nobody can read it. */
  requestIs: 'readable' | 'undecodable' = 'readable';

  add(stream: BodyStream): void {
    (this.#open ??= new Map<Message, BodyStream>()).set(stream.message, stream);
  }

  has(message: Message): boolean {
    return this.#open?.has(message) === true;
  }

  /** Hands a message's body to whoever sends it on, unless a policy has put another in its place. */
  release(message: Message): AsyncIterable<Uint8Array> | undefined {
    if (message.hasBody) return undefined;
    const stream = this.#open?.get(message);
    this.#open?.delete(message);
    return stream?.chunks;
  }

  /**
   * Takes in what is still coming, for somebody who looks at payloads. Returns nothing where nothing is.
   * @throws {Fault} when a body is too long or breaks off
   */
  takeIn(): void | Promise<void> {
    if (this.#open !== undefined && this.#open.size > 0) return this.#takeIn(this.#open);
  }

  async #takeIn(open: Map<Message, BodyStream>): Promise<void> {
    for (const stream of [...open.values()]) {
      if (stream.kind === 'events') continue;
      open.delete(stream.message);
      await takeIn(stream);
    }
  }

  /** Gives up what nobody wants. */
  cancel(): void {
    if (this.#open === undefined) return;
    for (const { chunks } of this.#open.values()) {
      chunks[Symbol.asyncIterator]()
        .return?.()
        .catch(() => undefined);
    }
    this.#open.clear();
  }
}

async function takeIn(stream: BodyStream): Promise<void> {
  const { message, limit } = stream;
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of stream.chunks) {
      size += part.byteLength;
      // Leaving the loop gives up the rest.
      if (size > limit) break;
      parts.push(part);
    }
  } catch (error) {
    throw stream.fault({ error });
  }
  if (size > limit) throw stream.fault('too-long');
  if (size > 0) message.bytes = Buffer.concat(parts, size);
  try {
    stream.keep(await decompress(message, limit));
  } catch (error) {
    throw stream.fault({ error });
  }
}

/** Who has the bodies of a transaction. */
interface HasBodies {
  readonly bodies: BodyStreams;
  readonly variables: { readonly phase: FlowPhase };
}

/**
 * Has the bodies taken in before a part that looks at them.
 * @throws {Fault} DecompressionFailureAtRequest, in the request
 */
export function withPayload<T extends HasBodies, R>(
  part: (transaction: T) => R | Promise<R>,
): (transaction: T) => R | Promise<R> {
  return (transaction) => {
    const { bodies, variables } = transaction;
    const look = (): R | Promise<R> => {
      if (bodies.requestIs === 'undecodable' && variables.phase === 'request')
        throw undecodableRequest();
      return part(transaction);
    };
    const pending = bodies.takeIn();
    return pending === undefined ? look() : pending.then(look);
  };
}
