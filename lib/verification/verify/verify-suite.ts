import { fixedTokenProvider } from '../../connection/google-tokens.ts';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Environment } from '../../host/environment.ts';
import { systemClock } from '../../host/clock.ts';
import { AnswerBook } from '../doubles/answers.ts';
import type { LoopbackUpstreams } from '../doubles/loopback-upstreams.ts';
import type { Difference } from '../matching/difference.ts';
import type { ObservedCall, ObservedResponse } from '../matching/compare-message.ts';
import { judge } from '../play/judge.ts';
import type { Observation } from '../play/observation.ts';
import { playBundles } from '../play/play-bundle.ts';
import type { Surroundings } from '../play/surroundings.ts';
import type { Case, RequestInit, Suite, Upstreams } from '../suite/case.ts';
import type { SuiteFile } from '../suite/read-suite.ts';
import { requestParts } from '../suite/request.ts';
import { SuiteFiles } from '../suite/suite-files.ts';
import { askCandidate, CandidateError, type CandidateOptions } from './candidate.ts';
import { compareSides, type SideDifference } from './compare-sides.ts';

/** One side's answers to a case's requests, and the calls that they led to. */
export interface PlayedSide {
  readonly responses: readonly ObservedResponse[];
  readonly calls: readonly ObservedCall[];
}

/** What became of one case on both sides. */
export type Verdict = { readonly case: Case; readonly requests: readonly RequestInit[] } & (
  | {
      readonly outcome: 'same' | 'different';
      readonly interpreter: PlayedSide;
      readonly candidate: PlayedSide;
      /** Those that the suite tolerates among them. */
      readonly differences: readonly SideDifference[];
      /** Where the interpreter itself does not do what the case expects. */
      readonly unexpected: readonly Difference[];
    }
  /** The candidate gave no whole answer: it is down, hangs, or answers garbage. */
  | {
      readonly outcome: 'unanswered';
      readonly interpreter: PlayedSide;
      readonly reason: string;
    }
  | { readonly outcome: 'skipped'; readonly reason: string }
  | { readonly outcome: 'undeployable'; readonly diagnostics: readonly Diagnostic[] }
);

export interface SuiteVerdict {
  readonly file: string;
  readonly name: string;
  readonly verdicts: readonly Verdict[];
}

export interface VerifyOptions {
  readonly candidate: CandidateOptions;
  readonly upstreams: LoopbackUpstreams;
  /** Only cases whose name it accepts; all of them unless given. */
  readonly filter?: (name: string) => boolean;
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** How long calls may come in that nobody waits for, in milliseconds. */
const afterglow = 300;

/**
 * Runs each case through the interpreter and through the candidate, one after another, both before the
 * same upstreams, and compares what they did.
 */
export async function verifySuite(
  { file, suite }: SuiteFile,
  options: VerifyOptions,
): Promise<SuiteVerdict> {
  const files = new SuiteFiles(file);
  const verdicts: Verdict[] = [];
  for (const one of suite.cases) {
    if (options.filter?.(one.name) === false) continue;
    const verdict = await verifyCase(one, suite, files, options);
    options.onVerdict?.(verdict);
    verdicts.push(verdict);
  }
  return { file, name: suite.name ?? file, verdicts };
}

async function verifyCase(
  one: Case,
  suite: Suite,
  files: SuiteFiles,
  { candidate, upstreams }: VerifyOptions,
): Promise<Verdict> {
  const requests = (one.requests ?? [one.request ?? 'GET /']).map(requestParts);
  const core = { case: one, requests };
  if (one.skip !== undefined) return { ...core, outcome: 'skipped', reason: one.skip };
  if (one.policy !== undefined || one.steps !== undefined) {
    const reason = 'It tests a policy alone, which a client of the candidate cannot see.';
    return { ...core, outcome: 'skipped', reason };
  }
  const answers = { ...suite.upstreams, ...one.upstreams };
  let observation: Observation;
  try {
    const environment = await files.environment(one.environment ?? suite.environment);
    const bundles = await files.bundles(one.bundle ?? suite.bundle ?? []);
    upstreams.play(new AnswerBook(answers));
    observation = await playBundles(one, bundles, surroundings(environment, answers, upstreams));
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    return { ...core, outcome: 'undeployable', diagnostics: error.diagnostics };
  }
  const interpreter: PlayedSide = {
    responses: observation.transactions.flatMap(({ response }) => response ?? []),
    calls: upstreams.seen.calls,
  };
  const seen = { ...observation, ...upstreams.seen };

  upstreams.play(new AnswerBook(answers));
  const responses: ObservedResponse[] = [];
  try {
    for (const request of requests) responses.push(await askCandidate(request, candidate));
  } catch (error) {
    if (!(error instanceof CandidateError)) throw error;
    return { ...core, outcome: 'unanswered', interpreter, reason: error.message };
  }
  await upstreams.arrived(interpreter.calls.length, afterglow);
  const other: PlayedSide = { responses, calls: upstreams.seen.calls };
  const differences = sideDifferences(interpreter, other, suite);
  const isSame = differences.every(({ tolerated }) => tolerated !== undefined);
  return {
    ...core,
    outcome: isSame ? 'same' : 'different',
    interpreter,
    candidate: other,
    differences,
    unexpected: judge(one, seen),
  };
}

/** Each response by itself, and all calls together. */
function sideDifferences(
  interpreter: PlayedSide,
  candidate: PlayedSide,
  { tolerate = {} }: Suite,
): readonly SideDifference[] {
  return interpreter.responses.flatMap((response, index) => {
    const other = candidate.responses[index];
    if (other === undefined) return [];
    const isLast = index === interpreter.responses.length - 1;
    const differences = compareSides(
      { response, calls: isLast ? interpreter.calls : [] },
      { response: other, calls: isLast ? candidate.calls : [] },
      tolerate,
    );
    if (interpreter.responses.length === 1) return differences;
    return differences.map((difference) => ({
      ...difference,
      at: difference.at.replace(/^response\b/, `responses[${index}]`),
    }));
  });
}

/** Real time and real sockets, so that both sides meet the same delays and failures. */
function surroundings(
  environment: Environment,
  answers: Upstreams,
  upstreams: LoopbackUpstreams,
): Surroundings {
  return {
    options: {
      environment,
      upstreams: Object.fromEntries(
        Object.keys(answers).map((origin) => [origin, upstreams.url] as const),
      ),
      tokens: fixedTokenProvider('token'),
    },
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        systemClock.after(milliseconds, resolve);
      }),
    calls: [],
    unexpected: [],
    log: [],
  };
}
