import type { ResponseControl, ResponseReceiver } from './exchange.ts';
import { TransportError, type ResponseHead, type StreamedResponse } from './transport.ts';

/** Bytes that may wait for the reader before the wire is left alone. */
const mostWaiting = 64 * 1024;

interface Reader {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (error: TransportError) => void;
}

const done = { done: true, value: undefined } as const;

/** How a body ended: with its last byte, or else. */
export type BodyEnd = 'whole' | 'broken';

/** Hands a response on while it comes in. */
export class StreamedBody
  implements ResponseReceiver, AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined>
{
  readonly limit = Infinity;
  readonly total = 'head';
  readonly #onResponse: (response: StreamedResponse) => void;
  readonly #onNone: (error: TransportError) => void;
  readonly #onClosed: (end: BodyEnd) => void;
  readonly #waiting: Buffer[] = [];
  #size = 0;
  #control: ResponseControl | undefined;
  #reader: Reader | undefined;
  #end: BodyEnd | undefined;
  #failure: TransportError | undefined;

  /**
   * @param onResponse told of the head
   * @param onNone told why no head came
   * @param onClosed told when the body has ended, if a head came
   */
  constructor(
    onResponse: (response: StreamedResponse) => void,
    onNone: (error: TransportError) => void,
    onClosed: (end: BodyEnd) => void,
  ) {
    this.#onResponse = onResponse;
    this.#onNone = onNone;
    this.#onClosed = onClosed;
  }

  onHead(head: ResponseHead, control: ResponseControl): void {
    this.#control = control;
    this.#onResponse({ ...head, body: this });
  }

  onData(chunk: Buffer): void {
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader.resolve({ done: false, value: chunk });
      return;
    }
    this.#waiting.push(chunk);
    this.#size += chunk.length;
    if (this.#size >= mostWaiting) this.#control?.pause();
  }

  onEnd(): void {
    this.#close('whole');
    this.#reader?.resolve(done);
  }

  onFailure(error: TransportError): void {
    if (this.#control === undefined) {
      this.#onNone(error);
      return;
    }
    this.#close('broken');
    if (this.#reader === undefined) this.#failure = error;
    else this.#reader.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const chunk = this.#waiting.shift();
    if (chunk !== undefined) {
      this.#size -= chunk.length;
      if (this.#size === 0) this.#control?.resume();
      return Promise.resolve({ done: false, value: chunk });
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) return Promise.reject(failure);
    if (this.#end !== undefined) return Promise.resolve(done);
    if (this.#reader !== undefined) {
      return Promise.reject(new TypeError('The body is being read already'));
    }
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  /** Reads no further. The connection cannot be used again, unless the body had come in whole. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#waiting.length = 0;
    this.#failure = undefined;
    this.#control?.abandon();
    if (this.#end === undefined) this.#close('broken');
    this.#reader?.resolve(done);
    return Promise.resolve(done);
  }

  #close(end: BodyEnd): void {
    this.#end = end;
    this.#onClosed(end);
  }
}
