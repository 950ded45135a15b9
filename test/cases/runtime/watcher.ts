import { expect } from 'chai';
import type { FlowVariables } from '../../../lib/index.ts';
import type { Recorder, RunningStep } from '../../../lib/trace/recorder.ts';
import type { Flow } from '../../../lib/variables/flow.ts';
import type { ExpectedVariables } from '../case.ts';
import { projectVariables } from '../compare.ts';

/** What a transaction looks like from within: its variables when named policies begin, and at its end. */
export class Watcher implements Recorder {
  readonly #expected: Readonly<Record<string, ExpectedVariables | readonly ExpectedVariables[]>>;
  readonly #found = new Map<string, Readonly<Record<string, unknown>>[]>();
  #flow: Flow | undefined;
  /** The markers that had run when the response was made. */
  traceWhenSent: string | undefined;

  constructor(
    expected: Readonly<Record<string, ExpectedVariables | readonly ExpectedVariables[]>>,
  ) {
    this.#expected = expected;
  }

  variables(): FlowVariables {
    if (this.#flow === undefined) throw new Error('No transaction was seen.');
    return this.#flow.variables;
  }

  /** The markers that have run. */
  trace(): string {
    const trace = this.variables().get('trace');
    return typeof trace === 'string' ? trace.trim() : '';
  }

  /** Compares what was seen with what was expected of it. */
  compare(): void {
    const found = Object.entries(this.#expected).map(([policy, wanted]) => {
      const seen = this.#found.get(policy) ?? [];
      return [policy, isList(wanted) || seen.length !== 1 ? seen : seen[0]] as const;
    });
    expect(Object.fromEntries(found), 'variables when policies begin').to.deep.equal(
      this.#expected,
    );
  }

  enteredState(flow: Flow): void {
    this.#flow = flow;
  }

  startedStep({ variables }: Flow, { name }: { readonly name: string }): RunningStep {
    const wanted = Object.hasOwn(this.#expected, name) ? this.#expected[name] : undefined;
    if (wanted !== undefined) {
      const seen = this.#found.get(name) ?? [];
      const now = isList(wanted) ? (wanted[seen.length] ?? {}) : wanted;
      seen.push(projectVariables(variables, now));
      this.#found.set(name, seen);
    }
    return unwatchedStep;
  }

  enteredFlow(): void {
    // Not looked at.
  }

  enteredSharedFlow(): () => void {
    return () => undefined;
  }

  readVariable(): void {
    // Not looked at.
  }

  wroteVariable(): void {
    // Not looked at.
  }

  ended(): void {
    // Not looked at.
  }

  askedCondition(): void {
    // Not looked at.
  }

  skippedStep(): void {
    // Not looked at.
  }

  printed(): void {
    // Not looked at.
  }

  raisedFault(): void {
    // Not looked at.
  }

  message(_flow: Flow, event: string): void {
    if (event === 'response-sent') this.traceWhenSent = this.trace();
  }
}

const unwatchedStep: RunningStep = { waits: () => undefined, ended: () => undefined };

function isList(
  wanted: ExpectedVariables | readonly ExpectedVariables[],
): wanted is readonly ExpectedVariables[] {
  return Array.isArray(wanted);
}
