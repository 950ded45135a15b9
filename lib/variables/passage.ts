import type { Fault } from '../fault/fault.ts';
import type { Message } from '../message/message.ts';

/** Where a transaction goes on that needs no target: an answer is in the variable `response` by then. */
export type ResumePlace =
  /** The response PreFlow of the proxy endpoint. */
  | { readonly kind: 'proxy-response' }
  /** The step of the response that has this policy; without one, as `proxy-response`. */
  | { readonly kind: 'step'; readonly policy: string };

/** What a policy may ask of the way that its transaction takes. */
export interface Passage {
  /** The debug session's name of where the transaction stands, such as PROXY_REQ_FLOW. */
  readonly state: string;
  /** The kind of endpoint whose flows or fault rules run. */
  readonly endpoint: 'proxy' | 'target';
  /** Live objects that the scripts of one transaction share; nothing else reads them. */
  readonly session: Map<string, unknown>;
  /**
   * `undone` while the body of the response is plain although its Content-Encoding names a coding, which
   * it gets again when it is sent.
   */
  responseCoding: 'undone' | 'as-is';
  /**
   * Skips, once the policy returns, what is left of the request and the call of the target. Ignored
   * where there is nothing to skip.
   */
  skipTo(place: ResumePlace): void;
  /** Has a fault, if nothing catches it, sent to the client as it is, past all fault rules. */
  sendAsItIs(fault: Fault): void;
  /** Has the message changed that the client gets, that of a fault too, when nothing else follows. */
  beforeResponse(change: (response: Message) => void): void;
  /** Has the transaction wait for work before it leaves the pass it is in; a Fault fails it there. */
  waitFor(work: Promise<void>): void;
  /** Tells the trace a line that a policy printed. */
  print(line: string): void;
}

/** The passage of a policy that runs by itself: there is nothing around it. */
export class LonePassage implements Passage {
  readonly endpoint = 'proxy';
  readonly session = new Map<string, unknown>();
  responseCoding: 'undone' | 'as-is' = 'as-is';
  readonly #pending: Promise<void>[] = [];
  #onPrint: ((line: string) => void) | undefined;
  readonly #phase: () => string;

  constructor(phase: () => string, onPrint?: (line: string) => void) {
    this.#phase = phase;
    this.#onPrint = onPrint;
  }

  get state(): string {
    return this.#phase() === 'response' ? 'PROXY_RESP_FLOW' : 'PROXY_REQ_FLOW';
  }

  skipTo(): void {
    // Nothing follows.
  }

  sendAsItIs(): void {
    // There are no fault rules.
  }

  beforeResponse(): void {
    // No response leaves.
  }

  waitFor(work: Promise<void>): void {
    // Whoever settles the passage is told of a failure then.
    work.catch(() => undefined);
    this.#pending.push(work);
  }

  print(line: string): void {
    this.#onPrint?.(line);
  }

  /** Tells `listener` each line that is printed from now on. */
  onPrint(listener: (line: string) => void): void {
    this.#onPrint = listener;
  }

  /** Resolves when all that was to be waited for is done. @throws {Fault} of the work that failed first */
  async settled(): Promise<void> {
    while (this.#pending.length > 0) await Promise.all(this.#pending.splice(0));
  }
}
