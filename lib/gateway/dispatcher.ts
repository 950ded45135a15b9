import type { ClientRequest, ClientResponse } from '../flow/client-request.ts';
import type { Deployment, Handled } from '../flow/deployment.ts';
import type { Host } from '../host/host.ts';
import type { Recorder } from '../trace/recorder.ts';
import { InFlight } from './in-flight.ts';
import { applicationNotFound, faultResponse, plainResponse } from './protocol-faults.ts';

/** One request and what became of it, for an access log. Holds no query: it may carry secrets. */
export interface AccessRecord {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Undefined if the request came to no proxy. */
  readonly proxy: string | undefined;
  /** From the first byte of the request to the last of the response. */
  readonly milliseconds: number;
  readonly messageId: string;
}

export interface DispatcherInit {
  readonly host: Host;
  readonly recorderFor: ((request: ClientRequest) => Recorder | undefined) | undefined;
  readonly onAccess: ((record: AccessRecord) => void) | undefined;
}

/** A request that arrived; its transaction ends with `finished`. */
export interface Arrival {
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The deployment at the time of arrival, which a reload does not take away. */
  readonly deployment: Deployment;
}

class ArrivedNow implements Arrival {
  readonly receivedAt: number;
  readonly deployment: Deployment;
  readonly #host: Host;
  #messageId: string | undefined;

  constructor(host: Host, deployment: Deployment) {
    this.#host = host;
    this.receivedAt = host.clock.now();
    this.deployment = deployment;
  }

  /** Made when somebody asks: most transactions never do, and it costs as much as a small policy. */
  get messageId(): string {
    return (this.#messageId ??= this.#host.random.uuid());
  }
}

/** A response, and the work that is left when it was sent. */
export interface Answer {
  readonly response: ClientResponse;
  readonly handled: Handled | undefined;
}

/** Hands requests to the proxies that are deployed now. What servers of every kind share. */
export class Dispatcher {
  deployment: Deployment;
  readonly host: Host;
  readonly inFlight = new InFlight();
  readonly #recorderFor: DispatcherInit['recorderFor'];
  readonly #onAccess: DispatcherInit['onAccess'];

  constructor(deployment: Deployment, { host, recorderFor, onAccess }: DispatcherInit) {
    this.deployment = deployment;
    this.host = host;
    this.#recorderFor = recorderFor;
    this.#onAccess = onAccess;
  }

  /** Begins a request; every one that began must be given to `finish`. */
  arrive(): Arrival {
    this.inFlight.enter();
    return new ArrivedNow(this.host, this.deployment);
  }

  /** Runs a request through its proxy. Never rejects: a mistake of this program is a plain 500. */
  answer({ deployment }: Arrival, request: ClientRequest): Answer | Promise<Answer> {
    const failed = (error: unknown): Answer => ({
      response: this.failure(error, request.messageId ?? ''),
      handled: undefined,
    });
    try {
      const handling = deployment.handle(request, this.#recorderFor?.(request));
      return handling === undefined
        ? { response: faultResponse(notFound(request)), handled: undefined }
        : handling.then((handled) => ({ response: handled.response, handled }), failed);
    } catch (error) {
      return failed(error);
    }
  }

  /** What a client is told of an error that no flow raised: a message id, which the log has too. */
  failure(error: unknown, messageId: string): ClientResponse {
    const stack = error instanceof Error ? error.stack : String(error);
    this.host.log.error({ messageId, error, stack }, 'A request failed unexpectedly');
    return plainResponse(500, `Internal Server Error (message id ${messageId})`);
  }

  /** Ends a request: tells the access log, and runs what follows a response. Throws nothing. */
  finish(arrival: Arrival, { method, target, status, sentAt, handled }: Finished): void {
    let pending: void | Promise<void> = undefined;
    try {
      const end = this.host.clock.now();
      this.#onAccess?.({
        method,
        path: pathOf(target),
        status,
        proxy: handled?.proxy,
        milliseconds: end - arrival.receivedAt,
        messageId: arrival.messageId,
      });
      pending = handled?.afterSent({ start: sentAt, end });
    } catch (error) {
      this.failure(error, arrival.messageId);
    }
    if (pending === undefined) this.inFlight.leave();
    else void this.#leaveAfter(pending, arrival);
  }

  async #leaveAfter(pending: Promise<void>, { messageId }: Arrival): Promise<void> {
    try {
      await pending;
    } catch (error) {
      this.failure(error, messageId);
    } finally {
      this.inFlight.leave();
    }
  }
}

export interface Finished {
  readonly method: string;
  readonly target: string;
  readonly status: number;
  /** When the response began to leave, in milliseconds since 1970. */
  readonly sentAt: number;
  readonly handled: Handled | undefined;
}

export function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? target : target.slice(0, mark);
}

function notFound({ headers, peer, target }: ClientRequest) {
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
  const withPort = /:\d+$/.test(host) ? host : `${host}:${peer.scheme === 'https' ? 443 : 80}`;
  return applicationNotFound(withPort, pathOf(target));
}
