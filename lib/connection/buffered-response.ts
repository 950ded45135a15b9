import { BodyCollector } from './body-collector.ts';
import type { ResponseReceiver } from './exchange.ts';
import type { IncomingResponse, ResponseHead, TransportError } from './transport.ts';

/** Takes a response in whole. */
export class BufferedResponse implements ResponseReceiver {
  readonly total = 'whole';
  readonly limit: number;
  readonly response: Promise<IncomingResponse>;
  readonly onFailure: (error: TransportError) => void;
  readonly #body = new BodyCollector();
  readonly #resolve: (response: IncomingResponse) => void;
  #head: ResponseHead | undefined;

  constructor(limit: number) {
    this.limit = limit;
    const { promise, resolve, reject } = settleable<IncomingResponse>();
    this.response = promise;
    this.#resolve = resolve;
    this.onFailure = reject;
  }

  onHead(head: ResponseHead): void {
    this.#head = head;
  }

  onData(chunk: Buffer): void {
    this.#body.add(chunk);
  }

  onEnd(): void {
    if (this.#head === undefined) return;
    // Spelled out: a spread costs more than all else that is done here.
    const { status, reason, version, headers, peer, startedAt } = this.#head;
    const body = this.#body.bytes();
    this.#resolve({ status, reason, version, headers, peer, startedAt, body });
  }
}

export interface Settleable<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** A promise that is settled from outside. */
export function settleable<T>(): Settleable<T> {
  let resolve: (value: T) => void = ignore;
  let reject: (reason: unknown) => void = ignore;
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue;
    reject = onReason;
  });
  return { promise, resolve, reject };
}

function ignore(): void {
  // Never called: a promise gives its functions before anything can be settled.
}
