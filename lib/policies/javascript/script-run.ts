import type { FlowValue } from '../../message/flow-value.ts';
import { flowValueText } from '../../message/flow-value.ts';
import { ScriptCallError, type ScriptHost } from '../../script/sandbox.ts';
import type { Flow } from '../../variables/flow.ts';
import { dateText, digestOf } from './digests.ts';
import { exchangeJson } from './exchange.ts';
import { crossingText, crossingValue } from './flow-values.ts';
import type { HttpClient } from './http-client.ts';
import { messageBehind, readPart, writePart } from './message-views.ts';
import { operations } from './model/operations.ts';
import type { ScriptKind } from './sandboxes.ts';
import { sessionOf } from './transaction-session.ts';

/** Characters that one run may print; what is beyond is lost. */
const mostPrinted = 1_000_000;

/** What a run needs beside its transaction. */
export interface RunSurroundings {
  readonly kind: ScriptKind;
  readonly httpClient: HttpClient;
  /** The text and place that Rhino gives an error which a script caught, as JSON. */
  caught(error: string): string;
}

/** One run of a script in its transaction: answers what the object model asks. */
export class ScriptRun implements ScriptHost {
  /** Exchanges whose callbacks have not run yet. */
  readonly callbacks = new Map<string, Promise<void>>();
  /** What the script wanted of Java; undefined if it did not. */
  forbidden: string | undefined;
  readonly #flow: Flow;
  readonly #surroundings: RunSurroundings;
  #printed = 0;

  constructor(flow: Flow, surroundings: RunSurroundings) {
    this.#flow = flow;
    this.#surroundings = surroundings;
  }

  call(operation: number, first: string, second: string): string | Promise<string> {
    const flow = this.#flow;
    switch (operation) {
      case operations.caught:
        return this.#surroundings.caught(first);
      case operations.read:
        return this.#read(first);
      case operations.write:
        this.#write(first, second);
        return '';
      case operations.remove:
        flow.variables.remove(first);
        return '';
      case operations.readPart:
        return crossingText(readPart(flow, first, second), '');
      case operations.writePart:
        this.#writePart(first, second);
        return '';
      case operations.flow:
        return this.#stand();
      case operations.print:
        this.#print(first);
        return '';
      case operations.send:
        return this.#send(first, second);
      case operations.exchange:
        return exchangeJson(this.#exchange(first));
      case operations.wait:
        return this.#wait(first);
      case operations.hash:
        return digestOf(first, second);
      case operations.date:
        return dateText(first, second, flow.host.clock.now());
      case operations.random:
        return this.#random();
      case operations.session:
        return sessionOf(flow).packed;
      case operations.keepSession:
        sessionOf(flow).packed = first;
        return '';
      case operations.java:
        this.forbidden = first;
        throw new ScriptCallError(`Access to Java class "${first}" is prohibited.`);
      default:
        throw new ScriptCallError('There is no such operation');
    }
  }

  #read(name: string): string {
    const flow = this.#flow;
    const value = flow.variables.get(name);
    if (typeof value === 'string' && flow.passage.session.size > 0) {
      const held = sessionOf(flow).held.get(name);
      // Somebody else may have written the variable since.
      if (held?.text === value) return `o${held.packed}`;
    }
    return crossingText(value, name);
  }

  #write(name: string, text: string): void {
    const flow = this.#flow;
    const given = crossingValue(text);
    if (given.kind === 'value') {
      flow.variables.set(name, given.value);
      return;
    }
    if (given.kind === 'message') {
      flow.variables.set(name, messageBehind(flow, given.view) ?? null);
      return;
    }
    const { text: shown, packed } = given;
    if (flow.variables.set(name, shown) === 'written') {
      sessionOf(flow).held.set(name, { text: shown, packed });
    }
  }

  #writePart(place: string, text: string): void {
    const [view = '', part = ''] = place.split('\n', 2);
    const given = crossingValue(text);
    const value: FlowValue = given.kind === 'value' ? given.value : text.slice(1);
    writePart(this.#flow, view, part, typeof value === 'number' ? flowValueText(value) : value);
  }

  #stand(): string {
    const { passage, variables } = this.#flow;
    return `${variables.phase === 'error' ? 'ERROR' : passage.state} ${passage.endpoint}`;
  }

  #print(line: string): void {
    const left = mostPrinted - this.#printed;
    if (left <= 0) return;
    this.#printed += line.length + 1;
    this.#flow.passage.print(line.slice(0, left));
  }

  #send(request: string, answer: string): string {
    const { httpClient, kind } = this.#surroundings;
    const hasCallback = answer === 'callback';
    if (hasCallback && kind === 'plain') {
      throw new ScriptCallError('A script with callbacks must name httpClient');
    }
    const exchange = httpClient.start(this.#flow, request);
    const { exchanges } = sessionOf(this.#flow);
    const id = String(exchanges.push(exchange) - 1);
    if (hasCallback) this.callbacks.set(id, exchange.ended);
    return id;
  }

  #exchange(id: string) {
    const exchange = sessionOf(this.#flow).exchanges[Number(id)];
    if (exchange === undefined) throw new ScriptCallError('There is no such exchange');
    return exchange;
  }

  #wait(id: string): string | Promise<string> {
    const exchange = this.#exchange(id);
    if (exchange.state.kind !== 'pending') return '';
    if (this.#surroundings.kind !== 'waits') {
      throw new ScriptCallError('A script that waits must name waitForComplete');
    }
    return exchange.ended.then(() => '');
  }

  /** As Math.random: 53 bits below 1. */
  #random(): string {
    const bytes = Buffer.from(this.#flow.host.random.bytes(8));
    return String(Number(bytes.readBigUInt64BE() >> 11n) / 2 ** 53);
  }
}
