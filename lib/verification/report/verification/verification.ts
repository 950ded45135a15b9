import type { SuiteVerdict, Verdict } from '../../verify/verify-suite.ts';

/** Everything that one `apx verify` did. */
export interface Verification {
  /** The candidate's URL. */
  readonly against: string;
  readonly suites: readonly SuiteVerdict[];
  /** Real time. */
  readonly milliseconds: number;
}

export type VerificationTally = Readonly<Record<Verdict['outcome'], number>> & {
  /** Differences that the suites tolerate. */
  readonly tolerated: number;
  /** Cases whose expectations the interpreter itself does not meet. */
  readonly doubtful: number;
};

export function verificationTally({ suites }: Pick<Verification, 'suites'>): VerificationTally {
  const verdicts = suites.flatMap((suite) => suite.verdicts);
  const count = (outcome: Verdict['outcome']): number =>
    verdicts.filter((verdict) => verdict.outcome === outcome).length;
  const compared = verdicts.filter((verdict) => 'differences' in verdict);
  return {
    same: count('same'),
    different: count('different'),
    unanswered: count('unanswered'),
    skipped: count('skipped'),
    unplayable: count('unplayable'),
    tolerated: compared
      .flatMap(({ differences }) => differences)
      .filter(({ tolerated }) => tolerated !== undefined).length,
    doubtful: compared.filter(({ unexpected }) => unexpected.length > 0).length,
  };
}
