import type { ClientPeer, ClientResponse } from '../flow/client-request.ts';
import type { HeaderLine } from '../message/header-lines.ts';
import { pathOf, type Answer, type Arrival, type Dispatcher } from './dispatcher.ts';
import { noBytes } from './node-body.ts';
import { methodNotAllowed, plainResponse } from './protocol-faults.ts';
import { sendableResponse } from './sendable-response.ts';

/** A request as a client would write it: every header on a line of its own, spelt as it is. */
export interface RawRequest {
  readonly method: string;
  /** Path and query as in the request line. */
  readonly target: string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: Uint8Array;
  readonly peer?: Partial<ClientPeer>;
}

/** A response as it would go on the wire, without its framing. */
export interface RawResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array;
}

/** Answers requests inside the process with nothing lost that the wire would keep. */
export class InProcessExchange {
  readonly #dispatcher: Dispatcher;
  #closed = false;

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
  }

  close(): void {
    this.#closed = true;
  }

  /** Rejects only if the response's body breaks off. */
  async inject(request: RawRequest): Promise<RawResponse> {
    const dispatcher = this.#dispatcher;
    const arrival = dispatcher.arrive();
    const { method, target } = request;
    let answer = refusal(plainResponse(500, ''));
    let status = 499;
    try {
      answer = await this.#answer(arrival, request);
      const response = await this.#whole(answer, method);
      status = response.status;
      return response;
    } finally {
      const sentAt = dispatcher.host.clock.now();
      const { handled } = answer;
      dispatcher.finish(arrival, { method, target, status, sentAt, handled });
    }
  }

  async #answer(arrival: Arrival, request: RawRequest): Promise<Answer> {
    const { method, target, peer = {}, body = noBytes } = request;
    const { deployment, receivedAt, messageId } = arrival;
    if (this.#closed) return refusal(plainResponse(503, 'Service Unavailable'));
    if (/^(?:TRACE|CONNECT)$/i.test(method)) return refusal(methodNotAllowed());
    const path = pathOf(target);
    const limit = deployment.streamsRequest(path) ? undefined : deployment.requestLimit(path);
    return this.#dispatcher.answer(arrival, {
      method,
      target,
      version: '1.1',
      headers: headersOf(request),
      body: limit !== undefined && body.byteLength > limit ? 'too-big' : body,
      peer: { ip: '127.0.0.1', port: 0, scheme: 'http', ...peer },
      receivedAt,
      messageId,
    });
  }

  async #whole({ response }: Answer, method: string): Promise<RawResponse> {
    const { host } = this.#dispatcher;
    const sendable = sendableResponse(response, method, (problem) => {
      host.log.warn({ problem }, 'A response was not valid HTTP');
    });
    const lines: HeaderLine[] = [];
    for (let at = 0; at + 1 < sendable.headers.length; at += 2) {
      lines.push([sendable.headers[at] ?? '', sendable.headers[at + 1] ?? '']);
    }
    const { status, reason, body = noBytes } = sendable;
    if (body instanceof Uint8Array) return { status, reason, headers: lines, body };
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return { status, reason, headers: lines, body: Buffer.concat(chunks) };
  }
}

function refusal(response: ClientResponse): Answer {
  return { response, handled: undefined };
}

function headersOf({ method, headers = [], body = noBytes }: RawRequest): readonly HeaderLine[] {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const lines = [...headers];
  if (!names.has('host')) lines.unshift(['Host', 'gateway.test']);
  const isFramed = names.has('content-length') || names.has('transfer-encoding');
  const hasLength = body.byteLength > 0 || /^(?:POST|PUT|PATCH)$/i.test(method);
  if (hasLength && !isFramed) lines.push(['Content-Length', String(body.byteLength)]);
  return lines;
}
