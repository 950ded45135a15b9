import type { CaseResult } from '../play/run-case.ts';
import { failureLines } from '../report/failure-lines.ts';

type Places = Readonly<Record<string, unknown>>;

/** Why a case did not pass; runners show `expected` and `actual` as a diff. */
export class CaseFailure extends Error {
  override readonly name = 'CaseFailure';
  /** By place, only those that differ. */
  readonly expected: Places | undefined;
  readonly actual: Places | undefined;
  readonly showDiff: boolean;

  constructor(result: CaseResult) {
    super(failureLines(result).join('\n'));
    const differences = result.outcome === 'failed' ? result.differences : [];
    this.showDiff = differences.length > 0;
    this.expected = placesOf(differences.map(({ at, expected }) => [at, expected] as const));
    this.actual = placesOf(differences.map(({ at, found }) => [at, found] as const));
    if (result.outcome === 'broken') this.cause = result.error;
    // Where the case was judged tells its reader nothing.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function placesOf(entries: readonly (readonly [string, unknown])[]): Places | undefined {
  const present = entries.map(([at, value]) => [at, value ?? '(nothing)'] as const);
  return present.length === 0 ? undefined : Object.fromEntries(present);
}
