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
    if (this.#head !== undefined) this.#resolve({ ...this.#head, body: this.#body.bytes() });
  }
}

export interface Settleable<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** A promise that is settled from outside. */
export function settleable<T>(): Settleable<T> {
  let settle: Omit<Settleable<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('The promise was not begun');
  return { promise, ...settle };
}
