import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../fault/fault.ts';
import type { ClientResponse } from '../flow/client-request.ts';
import { pathOf, type Answer, type Arrival, type Dispatcher } from './dispatcher.ts';
import { bodyReadBefore, noBytes, readBody, type BodyReading } from './node-body.ts';
import { readHead, type RequestHead } from './node-request.ts';
import { endAfterDraining, sendResponse } from './node-response.ts';
import { faultResponse, methodNotAllowed, plainResponse, tooBigBody } from './protocol-faults.ts';
import type { RequestLimits } from './request-limits.ts';
import { sendableResponse } from './sendable-response.ts';

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Whether the client waits for `100 Continue`, and nobody has sent it. */
export type Expectation = 'none' | 'continue';

/** What access logs write for a client that did not wait for its response; nginx's number. */
const clientGone = 499;

/** Answers requests of node's servers, and of the frameworks on top of them. */
export class NodeExchange {
  readonly #dispatcher: Dispatcher;
  readonly #limits: RequestLimits;
  #closed = false;

  constructor(dispatcher: Dispatcher, limits: RequestLimits) {
    this.#dispatcher = dispatcher;
    this.#limits = limits;
  }

  /** From now on connections end with their response, and new requests are turned away. */
  close(): void {
    this.#closed = true;
  }

  /** Never rejects. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    expectation: Expectation,
  ): Promise<void> {
    const dispatcher = this.#dispatcher;
    const arrival = dispatcher.arrive();
    let answer: Answer | 'gone' = 'gone';
    let sentAt = arrival.receivedAt;
    let status = clientGone;
    try {
      const answering = this.#answer(arrival, request, response, expectation);
      answer = answering instanceof Promise ? await answering : answering;
      sentAt = dispatcher.host.clock.now();
      if (answer !== 'gone') {
        const sending = this.#send(arrival, answer.response, request, response);
        await sending.sent;
        if (response.writableFinished) status = sending.status;
      }
    } catch (error) {
      dispatcher.failure(error, arrival.messageId);
      response.destroy();
    }
    const { method = '', url = '' } = request;
    const handled = answer === 'gone' ? undefined : answer.handled;
    await dispatcher.finish(arrival, { method, path: pathOf(url), status, sentAt, handled });
  }

  #answer(
    arrival: Arrival,
    request: IncomingMessage,
    response: ServerResponse,
    expectation: Expectation,
  ): Answer | 'gone' | Promise<Answer | 'gone'> {
    if (this.#closed) {
      response.shouldKeepAlive = false;
      return withoutProxy(plainResponse(503, 'Service Unavailable'));
    }
    if (request.method === 'TRACE' || request.method === 'CONNECT') {
      return withoutProxy(methodNotAllowed());
    }
    const head = readHead(request, this.#limits);
    if (head instanceof Fault) return withoutProxy(faultResponse(head));
    let body: Promise<BodyReading> | BodyReading | AsyncIterable<Uint8Array>;
    try {
      body = this.#body(arrival, head, request, response, expectation);
    } catch (error) {
      return withoutProxy(this.#dispatcher.failure(error, arrival.messageId));
    }
    return body instanceof Promise
      ? body.then((read) => this.#answerWith(arrival, head, read))
      : this.#answerWith(arrival, head, body);
  }

  #answerWith(
    arrival: Arrival,
    head: RequestHead,
    body: BodyReading | AsyncIterable<Uint8Array>,
  ): Answer | 'gone' | Promise<Answer> {
    if (body === 'gone') return 'gone';
    if (body === 'too-big') return withoutProxy(faultResponse(tooBigBody()));
    const { messageId, receivedAt } = arrival;
    const { method, target, version, headers, peer } = head;
    return this.#dispatcher.answer(arrival, {
      method,
      target,
      version,
      headers,
      body,
      peer,
      receivedAt,
      messageId,
    });
  }

  #body(
    { deployment }: Arrival,
    head: RequestHead,
    request: IncomingMessage,
    response: ServerResponse,
    expectation: Expectation,
  ): Promise<BodyReading> | BodyReading | AsyncIterable<Uint8Array> {
    if (head.body === 'none') return noBytes;
    const limit = deployment.requestLimit(pathOf(head.target));
    // No proxy will ask for it.
    if (limit === undefined) return noBytes;
    if (deployment.streamsRequest(pathOf(head.target)) && !request.readableDidRead) {
      if (expectation === 'continue') response.writeContinue();
      // Whoever stops reading must not take the connection away from the response.
      return request.iterator({ destroyOnReturn: false });
    }
    if (head.body !== 'chunked' && head.body.length > limit) return 'too-big';
    if (request.readableDidRead) {
      const body = bodyReadBefore(request);
      return body.byteLength > limit ? 'too-big' : body;
    }
    if (expectation === 'continue') response.writeContinue();
    return readBody(request, limit);
  }

  /** Resolves when the response has left, or the client has gone. */
  #send(
    { messageId }: Arrival,
    clientResponse: ClientResponse,
    request: IncomingMessage,
    response: ServerResponse,
  ): { readonly status: number; readonly sent: Promise<void> } {
    const sendable = sendableResponse(clientResponse, request.method ?? 'GET', (problem) => {
      this.#dispatcher.host.log.warn({ messageId, problem }, 'A response was not valid HTTP');
    });
    if (this.#closed) response.shouldKeepAlive = false;
    const isStreamed = !(sendable.body instanceof Uint8Array) && sendable.body !== undefined;
    if (isStreamed && !request.complete) response.shouldKeepAlive = false;
    const sent =
      request.complete || isStreamed
        ? sendResponse(response, sendable)
        : endAfterDraining(request, response, sendable);
    return { status: sendable.status, sent };
  }
}

function withoutProxy(response: ClientResponse): Answer {
  return { response, handled: undefined };
}
