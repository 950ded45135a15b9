import type { Clock } from '../host/clock.ts';
import {
  TransportError,
  type StreamableRequest,
  type StreamedResponse,
  type Transport,
} from './transport.ts';

/** The least that a host's own transport has to do. */
export type GivenTransport = Pick<Transport, 'send' | 'close'> & Partial<Transport>;

/**
 * Completes a host's transport: what it cannot stream is sent and received whole, a server that it cannot
 * probe counts as reachable, and a call that it does not end in its total time is given up.
 */
export function wholeTransport(given: GivenTransport, clock: Clock): Transport {
  const { stream } = given;
  return {
    send: (request) => inTime(request, clock, (bounded) => given.send(bounded)),
    stream: (request) =>
      inTime(request, clock, (bounded) =>
        stream === undefined ? streamed(given, bounded) : stream.call(given, bounded),
      ),
    reach: (request) => (given.reach === undefined ? Promise.resolve() : given.reach(request)),
    close: () => given.close(),
  };
}

/** A little more than a transport has that keeps the time itself, so that its own error comes first. */
const grace = 50;

type Bounded = Pick<StreamableRequest, 'limits' | 'signal'>;

function inTime<Request extends Bounded, Response>(
  request: Request,
  clock: Clock,
  send: (request: Request) => Promise<Response>,
): Promise<Response> {
  const { total = 0 } = request.limits;
  if (total <= 0) return send(request);
  const controller = new AbortController();
  const { signal: outer } = request;
  const signal =
    outer === undefined ? controller.signal : AbortSignal.any([outer, controller.signal]);
  return new Promise((resolve, reject) => {
    const timer = clock.after(total + grace, () => {
      reject(new TransportError('idle-timeout', `No response within ${total} ms`));
      controller.abort();
    });
    send({ ...request, signal })
      .then(resolve, reject)
      .finally(() => {
        timer.cancel();
      });
  });
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
