import type { CountedFinding } from '../../verification/replay/compare/finding.ts';
import {
  explanations,
  isOfRevision,
  type Explanation,
} from '../../verification/replay/explanation.ts';
import type {
  ReplayStart,
  TransactionComparison,
} from '../../verification/replay/replay-session.ts';

/** Of one explanation: how often it was given, and for what. */
export interface Explained {
  readonly explanation: Explanation;
  readonly meaning: string;
  readonly times: number;
  /** What it was given for, and how often; as many as a reader may want. */
  readonly what: ReadonlyMap<string, number>;
  readonly isRevision: boolean;
}

/** A session may differ in any number of things. */
const mostNamed = 40;
const longestShown = 120;

/** Counts what a replay finds. */
export class ReplayTally {
  readonly strictness: 'strict' | 'lenient';
  transactions = 0;
  /** Transactions with a difference that nothing explains. */
  differing = 0;
  unexplained = 0;
  readonly #explained = new Map<
    Explanation,
    { times: number; readonly what: Map<string, number> }
  >();

  constructor(strictness: 'strict' | 'lenient') {
    this.strictness = strictness;
  }

  add(part: ReplayStart | TransactionComparison): void {
    if (part.kind === 'start') {
      for (const { explanation, what } of part.revision) this.#explain(explanation, what, 1);
      return;
    }
    this.transactions += 1;
    let isDiffering = false;
    for (const finding of part.findings) {
      const { explanation, times } = finding;
      if (explanation !== undefined) this.#explain(explanation, nameOf(finding), times);
      else {
        isDiffering = true;
        this.unexplained += 1;
      }
    }
    if (isDiffering) this.differing += 1;
  }

  get explained(): readonly Explained[] {
    return [...this.#explained].map(([explanation, { times, what }]) => ({
      explanation,
      meaning: explanations[explanation],
      times,
      what,
      isRevision: isOfRevision(explanation),
    }));
  }

  get agrees(): boolean {
    if (this.unexplained > 0) return false;
    return this.strictness === 'lenient' || !this.explained.some(({ isRevision }) => isRevision);
  }

  #explain(explanation: Explanation, what: string, times: number): void {
    const known = this.#explained.get(explanation) ?? { times: 0, what: new Map<string, number>() };
    known.times += times;
    const counted = known.what.get(what);
    if (counted !== undefined || known.what.size < mostNamed) {
      known.what.set(what, (counted ?? 0) + times);
    }
    this.#explained.set(explanation, known);
  }
}

/** Of another revision a reader wants to know what is other. */
function nameOf({ where, what, recorded, replayed, explanation }: CountedFinding): string {
  if (explanation === undefined || !isOfRevision(explanation)) return what;
  return `${where}: ${what}: ${cut(recorded)} -> ${cut(replayed)}`;
}

function cut(text = 'none'): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
