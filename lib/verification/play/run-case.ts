import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Difference } from '../matching/difference.ts';
import type { Case, Suite } from '../suite/case.ts';
import type { SuiteFiles } from '../suite/suite-files.ts';
import { judge } from './judge.ts';
import type { Observation } from './observation.ts';
import { playBundles } from './play-bundle.ts';
import { playPolicies, stepsOf } from './play-policy.ts';
import { virtualSurroundings, type BesideCase } from './surroundings.ts';

/** What became of one case. */
export type CaseResult = {
  readonly case: Case;
  /** Real time. */
  readonly milliseconds: number;
} & (
  | { readonly outcome: 'passed'; readonly observation: Observation }
  | {
      readonly outcome: 'failed';
      readonly differences: readonly Difference[];
      readonly observation: Observation;
    }
  | { readonly outcome: 'skipped'; readonly reason: string }
  /** What is under test could not be read or deployed. */
  | { readonly outcome: 'undeployable'; readonly diagnostics: readonly Diagnostic[] }
  /** A mistake of this program. */
  | { readonly outcome: 'broken'; readonly error: Error }
);

/** Runs one case in virtual time and judges it. Never rejects. */
export async function runCase(
  one: Case,
  suite: Suite,
  files: SuiteFiles,
  beside: BesideCase = {},
): Promise<CaseResult> {
  const started = performance.now();
  const result = (outcome: Outcome): CaseResult => ({
    case: one,
    milliseconds: performance.now() - started,
    ...outcome,
  });
  if (one.skip !== undefined) return result({ outcome: 'skipped', reason: one.skip });
  try {
    const observation = await observeCase(one, suite, files, beside);
    const differences = judge(one, observation);
    return differences.length === 0
      ? result({ outcome: 'passed', observation })
      : result({ outcome: 'failed', differences, observation });
  } catch (error) {
    if (error instanceof DeploymentError)
      return result({ outcome: 'undeployable', diagnostics: error.diagnostics });
    return result({
      outcome: 'broken',
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }
}

type Outcome = CaseResult extends infer Result
  ? Result extends CaseResult
    ? Omit<Result, 'case' | 'milliseconds'>
    : never
  : never;

/** Runs one case in virtual time. @throws {DeploymentError} when what is under test cannot be deployed */
async function observeCase(
  one: Case,
  suite: Suite,
  files: SuiteFiles,
  beside: BesideCase,
): Promise<Observation> {
  const setting = {
    ...suite,
    ...one,
    upstreams: { ...suite.upstreams, ...one.upstreams },
  };
  const environment = await files.environment(setting.environment);
  const surroundings = virtualSurroundings(setting, environment, beside);
  const steps = stepsOf(one);
  if (steps.length === 0) {
    return playBundles(one, await files.bundles(setting.bundle ?? []), surroundings);
  }
  const texts = steps.flatMap((step) => ('policy' in step ? [step.policy] : []));
  const policies = await Promise.all(
    texts.map(async (text) => [text, await files.policy(text)] as const),
  );
  const sharedFlows = { ...suite.sharedFlows, ...one.sharedFlows };
  return playPolicies(one, new Map(policies), surroundings, {
    resources: { ...suite.resources, ...one.resources },
    sharedFlows: new Map(
      await Promise.all(
        Object.entries(sharedFlows).map(
          async ([name, flow]) => [name, await files.sharedFlow(flow)] as const,
        ),
      ),
    ),
  });
}
