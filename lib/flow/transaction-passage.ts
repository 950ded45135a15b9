import type { Fault } from '../fault/fault.ts';
import type { Message } from '../message/message.ts';
import type { Passage, ResumePlace } from '../variables/passage.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';

/** Unwinds the request part of a transaction that a policy has answered. It is no fault. */
export class Diversion extends Error {
  override readonly name = 'Diversion';
  readonly place: ResumePlace;

  constructor(place: ResumePlace) {
    super('The request was answered without its target');
    this.place = place;
  }
}

const noBytes = new Uint8Array(0);

/** The way of one transaction through its proxy, as far as policies may change it. */
export class TransactionPassage implements Passage {
  readonly #transaction: ProxyTransaction;
  #session: Map<string, unknown> | undefined;
  #pending: Promise<void>[] = [];
  #changes: ((response: Message) => void)[] = [];
  #diversion: Diversion | undefined;
  #sentAsItIs: Fault | undefined;
  /** The policy whose step is the next that runs; those before it are passed by. */
  resumesAt: string | undefined;

  constructor(transaction: ProxyTransaction) {
    this.#transaction = transaction;
  }

  get state(): string {
    return this.#transaction.state;
  }

  get endpoint(): 'proxy' | 'target' {
    return this.#transaction.endpoint;
  }

  get session(): Map<string, unknown> {
    return (this.#session ??= new Map<string, unknown>());
  }

  get responseCoding(): 'undone' | 'as-is' {
    return this.#transaction.compressedResponse === undefined ? 'as-is' : 'undone';
  }

  set responseCoding(coding: 'undone' | 'as-is') {
    // Nothing was received, so that the body is coded anew.
    this.#transaction.compressedResponse =
      coding === 'as-is' ? undefined : { received: noBytes, plain: noBytes, codings: [] };
  }

  skipTo(place: ResumePlace): void {
    if (this.#transaction.variables.phase === 'request') this.#diversion = new Diversion(place);
  }

  sendAsItIs(fault: Fault): void {
    this.#sentAsItIs = fault;
  }

  beforeResponse(change: (response: Message) => void): void {
    this.#changes.push(change);
  }

  waitFor(work: Promise<void>): void {
    // Told at the end of the pass; until then nobody listens.
    work.catch(() => undefined);
    this.#pending.push(work);
  }

  print(line: string): void {
    this.#transaction.recorder?.printed(this.#transaction, line);
  }

  /** Leaves the request if a policy asked for it. @throws {Diversion} */
  turn(): void {
    if (this.#diversion === undefined) return;
    const diversion = this.#diversion;
    this.#diversion = undefined;
    throw diversion;
  }

  /** Ends what a policy chose before it failed. Tells whether fault rules have a say in the fault. */
  fails(fault: Fault): 'by-rules' | 'as-it-is' {
    this.#diversion = undefined;
    return fault === this.#sentAsItIs ? 'as-it-is' : 'by-rules';
  }

  /** Whether a step is passed by, because the transaction goes on at a later one. */
  passesBy(policy: string): boolean {
    if (this.resumesAt === undefined) return false;
    if (this.resumesAt !== policy) return true;
    this.resumesAt = undefined;
    return false;
  }

  /** Undefined if nothing is to be waited for. @throws {Fault} of the work that failed first */
  settled(): Promise<void> | undefined {
    return this.#pending.length === 0 ? undefined : this.#settle();
  }

  async #settle(): Promise<void> {
    while (this.#pending.length > 0) await Promise.all(this.#pending.splice(0));
  }

  /** Forgets what a request that ended early was to wait for. */
  abandon(): void {
    this.#pending = [];
  }

  /** Changes the message that the client gets, as policies asked. */
  change(response: Message): void {
    for (const change of this.#changes) change(response);
  }
}
