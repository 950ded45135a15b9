import type { CoveredFile } from '../coverage/coverage.ts';
import type { CaseResult } from '../play/run-case.ts';
import type { SuiteResult } from '../play/run-suite.ts';

/** Everything that one `apx test` did. */
export interface Run {
  readonly suites: readonly SuiteResult[];
  /** Real time. */
  readonly milliseconds: number;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  /** What the cases reach, if that was asked for. */
  readonly coverage?: readonly CoveredFile[] | undefined;
}

export interface Tally {
  readonly passed: number;
  /** Those that could not be deployed or broke among them. */
  readonly failed: number;
  readonly skipped: number;
}

export function tallyOf({ suites }: Pick<Run, 'suites'>): Tally {
  const results = suites.flatMap((suite) => suite.results);
  const count = (outcome: CaseResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const [passed, skipped] = [count('passed'), count('skipped')];
  return { passed, skipped, failed: results.length - passed - skipped };
}
