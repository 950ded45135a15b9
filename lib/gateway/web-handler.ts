import type { ClientPeer } from '../flow/client-request.ts';
import type { HeaderLine } from '../message/header-lines.ts';
import { pathOf, type Answer, type Arrival, type Dispatcher } from './dispatcher.ts';
import { noBytes } from './node-body.ts';
import { methodNotAllowed, plainResponse } from './protocol-faults.ts';
import { giveUp, sendableResponse } from './sendable-response.ts';

/** Statuses that the web standard's Response has without a body only. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/** Answers requests in the form of the web standard (WHATWG Fetch). */
export class WebExchange {
  readonly #dispatcher: Dispatcher;
  #closed = false;

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
  }

  close(): void {
    this.#closed = true;
  }

  /** Rejects only if reading the request's body does. */
  async handle(request: Request, peer: Partial<ClientPeer> = {}): Promise<Response> {
    const dispatcher = this.#dispatcher;
    const arrival = dispatcher.arrive();
    const target = targetOf(request.url);
    let answer: Answer = { response: plainResponse(500, ''), handled: undefined };
    let status = 499;
    try {
      answer = this.#closed
        ? { response: plainResponse(503, 'Service Unavailable'), handled: undefined }
        : await this.#answer(arrival, request, target, peer);
      const response = this.#response(answer, request.method);
      status = response.status;
      return response;
    } finally {
      const { method } = request;
      const { handled } = answer;
      const sentAt = dispatcher.host.clock.now();
      // The response leaves through the caller; what follows it must not keep it waiting.
      setImmediate(() => {
        dispatcher.finish(arrival, { method, target, status, sentAt, handled });
      });
    }
  }

  async #answer(
    arrival: Arrival,
    request: Request,
    target: string,
    peer: Partial<ClientPeer>,
  ): Promise<Answer> {
    const { method } = request;
    if (/^(?:TRACE|CONNECT)$/i.test(method)) {
      return { response: methodNotAllowed(), handled: undefined };
    }
    const limit = arrival.deployment.requestLimit(pathOf(target)) ?? 0;
    const body =
      limit === 0 || request.body === null
        ? noBytes
        : arrival.deployment.streamsRequest(pathOf(target))
          ? (request.body as AsyncIterable<Uint8Array>)
          : await readBody(request.body, limit);
    const { receivedAt } = arrival;
    return this.#dispatcher.answer(arrival, {
      method,
      target,
      version: '1.1',
      headers: headersOf(request),
      body,
      peer: {
        ip: peer.ip ?? '127.0.0.1',
        port: peer.port ?? 0,
        scheme: peer.scheme ?? (request.url.startsWith('https:') ? 'https' : 'http'),
      },
      receivedAt,
      get messageId() {
        return arrival.messageId;
      },
    });
  }

  #response({ response }: Answer, method: string): Response {
    const { host } = this.#dispatcher;
    const sendable = sendableResponse(response, method, (problem) => {
      host.log.warn({ problem }, 'A response was not valid HTTP');
    });
    const { status, reason, headers, body } = sendable;
    if (status > 599) {
      host.log.warn({ status }, 'A Response of the web standard cannot have this status');
      return new Response(null, { status: 500 });
    }
    const lines = new Headers();
    for (let at = 0; at + 1 < headers.length; at += 2) {
      lines.append(headers[at] ?? '', headers[at + 1] ?? '');
    }
    if (bodiless.has(status)) giveUp(body);
    const content = body === undefined || body instanceof Uint8Array ? body : readable(body);
    return new Response(bodiless.has(status) || content === undefined ? null : content, {
      status,
      statusText: reason,
      headers: lines,
    });
  }
}

function targetOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function headersOf({ headers, url, method, body }: Request): readonly HeaderLine[] {
  const lines: HeaderLine[] = [...headers];
  if (!headers.has('host')) lines.unshift(['host', new URL(url).host]);
  // A client of a server would have said so; targets may insist on it.
  const isEmpty = body === null && (method === 'POST' || method === 'PUT');
  if (isEmpty && !headers.has('content-length')) lines.push(['content-length', '0']);
  return lines;
}

/** A body as the web standard's stream; cancelling it gives the body up. */
function readable(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

async function readBody(body: Request['body'], limit: number): Promise<Uint8Array | 'too-big'> {
  if (body === null) return noBytes;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > limit) return 'too-big';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
