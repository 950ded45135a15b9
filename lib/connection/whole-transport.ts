import {
  TransportError,
  type StreamableRequest,
  type StreamedResponse,
  type Transport,
} from './transport.ts';

/** The least that a host's own transport has to do. */
export type GivenTransport = Pick<Transport, 'send' | 'close'> & Partial<Transport>;

/**
 * Completes a host's transport: what it cannot stream is sent and received whole, and a server that it
 * cannot probe counts as reachable.
 */
export function wholeTransport(given: GivenTransport): Transport {
  return {
    send: (request) => given.send(request),
    stream: (request) =>
      given.stream === undefined ? streamed(given, request) : given.stream(request),
    reach: (request) => (given.reach === undefined ? Promise.resolve() : given.reach(request)),
    close: () => given.close(),
  };
}

async function streamed(
  given: GivenTransport,
  { body, ...request }: StreamableRequest,
): Promise<StreamedResponse> {
  const whole = body === null || body instanceof Uint8Array ? body : await collected(body);
  const response = await given.send({ ...request, body: whole });
  // A reader of a stream undoes the coding itself, so it gets what was received.
  return { ...response, body: once(response.encodedBody ?? response.body) };
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const chunk of chunks) parts.push(chunk);
  } catch (error) {
    throw new TransportError('aborted', 'The request broke off', error);
  }
  return Buffer.concat(parts);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.byteLength > 0) yield await Promise.resolve(bytes);
}
