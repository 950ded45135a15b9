import type { TargetEndpoint } from '../bundle/bundle.ts';
import type { ResponseHead } from '../connection/transport.ts';
import type { Report } from '../diagnostic/diagnostic.ts';
import { Fault } from '../fault/fault.ts';
import { mediaTypeOf } from '../message/media-type.ts';
import { flowValueText, variableReference } from '../variables/flow-variables.ts';
import { enterFlow } from './compiled-flows.ts';
import { compileSteps, type TransactionPart } from './compiled-steps.ts';
import type { DeployedPolicies } from './deployed-policies.ts';
import {
  dataLines,
  dataOf,
  EventSplitter,
  hasFields,
  withData,
  type StreamEvent,
} from './event-splitter.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';
import { responseBodyFault } from './target-faults.ts';

/** The steps that run for each event of a target's response ("Streaming server-sent events"). */
export interface EventFlow {
  /** Whether a response is a stream of its events. */
  matches(head: ResponseHead): boolean;
  /** The response's body as the steps leave it; an event may have `limit` bytes. */
  events(
    transaction: ProxyTransaction,
    chunks: AsyncIterable<Uint8Array>,
    limit: number,
  ): AsyncIterable<Uint8Array>;
}

/** Compiles the EventFlow of a target endpoint; undefined where it has no steps. */
export function compileEventFlow(
  { eventFlow }: TargetEndpoint,
  policies: DeployedPolicies,
  report: Report,
): EventFlow | undefined {
  const steps = eventFlow?.response?.step ?? [];
  if (eventFlow === undefined || steps.length === 0) return undefined;
  const contentType = mediaTypeOf(eventFlow['content-type'] ?? 'text/event-stream');
  const flow = {
    name: eventFlow.name ?? 'EventFlow',
    description: eventFlow.description?.value ?? null,
  };
  const run = compileSteps(steps, policies, report);
  return {
    matches({ headers }) {
      const valueOf = (wanted: string): string | undefined =>
        headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
      // Nobody could read the events of a compressed stream one by one.
      const isPlain = /^(?:identity)?$/i.test(valueOf('content-encoding')?.trim() ?? '');
      return isPlain && mediaTypeOf(valueOf('content-type')) === contentType;
    },
    events(transaction, chunks, limit) {
      const begin = (): void => {
        enterFlow(transaction, flow, 'target', eventFlow.location);
      };
      return new EventBody(transaction, chunks, limit, begin, run);
    },
  };
}

const current = 'response.event.current';
const contentVariable = variableReference(`${current}.content`);
const dataVariable = variableReference(`${current}.data`);
const countVariable = variableReference(`${current}.count`);

const done = { done: true, value: undefined } as const;

/** A response of events, each sent on when the steps have run for it. */
class EventBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #transaction: ProxyTransaction;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #limit: number;
  readonly #begin: () => void;
  readonly #run: TransactionPart;
  readonly #splitter = new EventSplitter();
  #waiting: StreamEvent[] = [];
  #count = 0;
  #state: 'open' | 'ending' | 'ended' = 'open';

  constructor(
    transaction: ProxyTransaction,
    chunks: AsyncIterable<Uint8Array>,
    limit: number,
    begin: () => void,
    run: TransactionPart,
  ) {
    this.#transaction = transaction;
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#limit = limit;
    this.#begin = begin;
    this.#run = run;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const event = this.#waiting.shift();
      if (event !== undefined) {
        const text = hasFields(event) ? await this.#through(event) : event.text + event.end;
        // What a policy leaves empty is not sent.
        if (text !== '') return { done: false, value: Buffer.from(text, 'utf8') };
      } else if (this.#state === 'open') await this.#receive();
      else return done;
    }
  }

  /** Not after the event that is on its way: whoever reads no further has no use for it. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#state = 'ended';
    this.#waiting = [];
    await this.#chunks.return?.();
    return done;
  }

  async #receive(): Promise<void> {
    const chunk = await this.#chunks.next();
    if (this.#state !== 'open') return;
    if (chunk.done === true) {
      this.#state = 'ending';
      this.#waiting.push(...this.#splitter.finish());
      return;
    }
    this.#waiting.push(...this.#splitter.push(chunk.value));
    if (this.#splitter.pending > this.#limit) {
      await this.return();
      throw responseBodyFault('too-long');
    }
  }

  /** What is to be sent of an event. */
  async #through({ text, end }: StreamEvent): Promise<string> {
    const { variables } = this.#transaction;
    const data = dataOf(text);
    if (this.#count === 0) this.#begin();
    this.#count += 1;
    contentVariable.write(variables, text);
    dataVariable.write(variables, data);
    countVariable.write(variables, this.#count);
    try {
      await this.#run(this.#transaction);
      await this.#transaction.asked?.settled();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return this.#fail(error);
    }
    const content = flowValueText(contentVariable.read(variables));
    if (content !== text) return ended(content, end);
    const newData = flowValueText(dataVariable.read(variables));
    return newData === data ? text + end : ended(withData(text, newData), end);
  }

  /** The response's head has left, so that the error's body is the last event. */
  async #fail(fault: Fault): Promise<string> {
    const { host, recorder, proxy, variables } = this.#transaction;
    recorder?.raisedFault(this.#transaction, fault);
    host.log.warn({ proxy: proxy.name, error: fault }, 'An EventFlow failed and ended its stream');
    await this.return();
    const content = variables.message('error')?.content ?? fault.faultstring;
    return content === '' ? '' : `${dataLines(content).join('\n')}\n\n`;
  }
}

/** A text that a policy wrote, with a blank line behind it. */
function ended(text: string, end: string): string {
  return text === '' || /(?:\n\n|\r\n\r\n|\r\r)$/.test(text)
    ? text
    : text + (end === '' ? '\n\n' : end);
}
