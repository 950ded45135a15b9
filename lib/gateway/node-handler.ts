import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../fault/fault.ts';
import type { ClientResponse } from '../flow/client-request.ts';
import { pathOf, type Answer, type Arrival, type Dispatcher } from './dispatcher.ts';
import { bodyReadBefore, noBytes, readBody, type BodyReading } from './node-body.ts';
import { readHead, type RequestHead } from './node-request.ts';
import { endAfterDraining, sendResponse } from './node-response.ts';
import { faultResponse, methodNotAllowed, plainResponse } from './protocol-faults.ts';
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

  /** Throws nothing. */
  handle(request: IncomingMessage, response: ServerResponse, expectation: Expectation): void {
    const handling = new Handling(this.#dispatcher, request, response);
    try {
      const answer = this.#answer(handling.arrival, request, response, expectation);
      if (answer instanceof Promise) {
        answer.then(
          (given) => {
            this.#send(handling, given);
          },
          (error: unknown) => {
            handling.fail(error);
          },
        );
      } else this.#send(handling, answer);
    } catch (error) {
      handling.fail(error);
    }
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
    const { receivedAt } = arrival;
    const { method, target, version, headers, peer } = head;
    return this.#dispatcher.answer(arrival, {
      method,
      target,
      version,
      headers,
      body,
      peer,
      receivedAt,
      get messageId() {
        return arrival.messageId;
      },
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

  #send(handling: Handling, answer: Answer | 'gone'): void {
    if (answer === 'gone') {
      handling.finish(clientGone);
      return;
    }
    const { request, response, arrival } = handling;
    handling.begin(answer);
    try {
      const sendable = sendableResponse(answer.response, request.method ?? 'GET', (problem) => {
        const { messageId } = arrival;
        this.#dispatcher.host.log.warn({ messageId, problem }, 'A response was not valid HTTP');
      });
      if (this.#closed) response.shouldKeepAlive = false;
      const isStreamed = !(sendable.body instanceof Uint8Array) && sendable.body !== undefined;
      if (isStreamed && !request.complete) response.shouldKeepAlive = false;
      const sent = (): void => {
        handling.finish(response.writableFinished ? sendable.status : clientGone);
      };
      if (request.complete || isStreamed) sendResponse(response, sendable, sent);
      else endAfterDraining(request, response, sendable, sent);
    } catch (error) {
      handling.fail(error);
    }
  }
}

/** One request that is being handled; it is finished once. */
class Handling {
  readonly arrival: Arrival;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly #dispatcher: Dispatcher;
  #answer: Answer | undefined;
  #sentAt: number;
  #isFinished = false;

  constructor(dispatcher: Dispatcher, request: IncomingMessage, response: ServerResponse) {
    this.#dispatcher = dispatcher;
    this.request = request;
    this.response = response;
    this.arrival = dispatcher.arrive();
    this.#sentAt = this.arrival.receivedAt;
  }

  /** The response begins to leave. */
  begin(answer: Answer): void {
    this.#answer = answer;
    this.#sentAt = this.#dispatcher.host.clock.now();
  }

  fail(error: unknown): void {
    this.#dispatcher.failure(error, this.arrival.messageId);
    this.response.destroy();
    this.finish(clientGone);
  }

  finish(status: number): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    const { method = '', url = '' } = this.request;
    this.#dispatcher.finish(this.arrival, {
      method,
      target: url,
      status,
      sentAt: this.#sentAt,
      handled: this.#answer?.handled,
    });
  }
}

function withoutProxy(response: ClientResponse): Answer {
  return { response, handled: undefined };
}
