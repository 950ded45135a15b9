import { JavaRegexBudgetError, type JavaRegex } from '../../java/regex/java-regex.ts';
import type { Message } from '../../message/message.ts';
import type { Flow } from '../../variables/flow.ts';
import { executionFailed, threatDetected } from './faults.ts';

/** How many times the steps of one match a whole policy may take. */
const mostMatches = 5;
/** Characters of all the texts of one run: an expression may find each text within many others. */
const mostCharacters = 64 * 1024 * 1024;

/** One run of a policy: tests texts, within a bound for all of them together. */
export class Inspection {
  readonly flow: Flow;
  readonly message: Message | undefined;
  readonly #policy: string;
  #stepsLeft: number;
  #charactersLeft = mostCharacters;

  constructor(policy: string, flow: Flow, message: Message | undefined) {
    this.#policy = policy;
    this.flow = flow;
    this.message = message;
    this.#stepsLeft = flow.host.limits.regexSteps * mostMatches;
  }

  /** @throws {Fault} ThreatDetected; ExecutionFailed when a pattern takes too long to tell */
  test(text: string, patterns: readonly JavaRegex[]): void {
    this.#charactersLeft -= text.length;
    if (this.#charactersLeft < 0) this.fail('There is too much text to look at');
    for (const pattern of patterns) {
      if (this.#finds(pattern, text)) throw threatDetected(this.#policy, pattern.source, text);
    }
  }

  /** @throws {Fault} ExecutionFailed */
  fail(reason: string, cause?: unknown): never {
    throw executionFailed(this.#policy, reason, cause);
  }

  #finds(pattern: JavaRegex, text: string): boolean {
    const allowed = Math.min(this.flow.host.limits.regexSteps, this.#stepsLeft);
    const steps = { left: allowed };
    try {
      return pattern.find(text, 0, steps) !== null;
    } catch (error) {
      // Whether there is a threat is not known, so the message does not pass.
      if (!(error instanceof JavaRegexBudgetError)) throw error;
      return this.fail(`The regular expression ${pattern.source} takes too long`, error);
    } finally {
      this.#stepsLeft -= allowed - steps.left;
    }
  }
}

/** One prepared element of a policy. */
export type Inspect = (inspection: Inspection) => void;
