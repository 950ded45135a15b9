import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import { formatDiagnostic } from '../../diagnostic/diagnostic.ts';
import { AnswerBook } from '../doubles/answers.ts';
import type { LoopbackUpstreams } from '../doubles/loopback-upstreams.ts';
import type { Difference } from '../matching/difference.ts';
import { judge } from '../play/judge.ts';
import type { Case, RequestInit, Suite, Upstreams } from '../suite/case.ts';
import type { SuiteFile } from '../suite/read-suite.ts';
import { requestParts } from '../suite/request.ts';
import { SuiteFiles } from '../suite/suite-files.ts';
import { ask, type AskOptions, type Exchange } from './ask.ts';
import { compareSides, type PlayedSide, type SideDifference } from './compare-sides.ts';
import { pauseBefore, playInterpreter, type InterpreterPlay } from './interpreter.ts';

/** What became of one case on both sides. */
export type Verdict = { readonly case: Case; readonly requests: readonly RequestInit[] } & (
  | {
      /** `unanswered`: the candidate gave no whole answer where the interpreter did. */
      readonly outcome: 'same' | 'different' | 'unanswered';
      readonly interpreter: PlayedSide;
      readonly candidate: PlayedSide;
      /** Those that the suite tolerates among them. */
      readonly differences: readonly SideDifference[];
      /** Where the interpreter itself does not do what the case expects. */
      readonly unexpected: readonly Difference[];
    }
  | { readonly outcome: 'skipped'; readonly reason: string }
  /** There is nothing to compare with: the bundle does not deploy, or the request cannot be sent. */
  | { readonly outcome: 'unplayable'; readonly problems: readonly string[] }
);

export type ComparedVerdict = Extract<Verdict, { readonly interpreter: PlayedSide }>;

export interface SuiteVerdict {
  readonly file: string;
  readonly name: string;
  readonly verdicts: readonly Verdict[];
}

export interface VerifyOptions {
  readonly candidate: Omit<AskOptions, 'host'>;
  /** The upstreams that the candidate calls. */
  readonly upstreams: LoopbackUpstreams;
  /** Only cases whose name it accepts; all of them unless given. */
  readonly filter?: (name: string) => boolean;
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** How long calls may come in that nobody waits for, in milliseconds. */
const settling = { patience: 500, quiet: 25 };

/**
 * Runs each case through the interpreter and through the candidate, one after another, both before the
 * same answers, and compares what they did.
 */
export async function verifySuite(
  { file, suite }: SuiteFile,
  options: VerifyOptions,
): Promise<SuiteVerdict> {
  const files = new SuiteFiles(file);
  const verdicts: Verdict[] = [];
  const finish = (verdict: Verdict): void => {
    options.onVerdict?.(verdict);
    verdicts.push(verdict);
  };
  let judgeLast: (() => Verdict) | undefined;
  for (const one of suite.cases) {
    if (options.filter?.(one.name) === false) continue;
    const prepared = await prepare(one, suite, files, options.candidate);
    // While the interpreter was asked, late calls of the case before could still come in.
    if (judgeLast !== undefined) finish(judgeLast());
    judgeLast = undefined;
    if (prepared.kind === 'playable') judgeLast = await confront(prepared, suite, options);
    else finish(prepared.verdict);
  }
  if (judgeLast !== undefined) finish(judgeLast());
  return { file, name: suite.name ?? file, verdicts };
}

interface Playable {
  readonly kind: 'playable';
  readonly case: Case;
  readonly requests: readonly RequestInit[];
  readonly upstreams: Upstreams;
  readonly play: InterpreterPlay;
}

/** Runs a case through the interpreter. */
async function prepare(
  one: Case,
  suite: Suite,
  files: SuiteFiles,
  { url, patience, largestBody }: VerifyOptions['candidate'],
): Promise<Playable | { readonly kind: 'done'; readonly verdict: Verdict }> {
  const requests = (one.requests ?? [one.request ?? 'GET /']).map(requestParts);
  const skipped = (reason: string) =>
    ({ kind: 'done', verdict: { case: one, requests, outcome: 'skipped', reason } }) as const;
  const unplayable = (problems: readonly string[]) =>
    ({ kind: 'done', verdict: { case: one, requests, outcome: 'unplayable', problems } }) as const;
  if (one.skip !== undefined) return skipped(one.skip);
  if (one.policy !== undefined || one.steps !== undefined)
    return skipped('It tests a policy alone, which a client of the candidate cannot see.');
  const upstreams = { ...suite.upstreams, ...one.upstreams };
  let play: InterpreterPlay;
  try {
    play = await playInterpreter({
      requests,
      upstreams,
      // The same Host for both, since a response may name it.
      asking: { host: url.host, patience, largestBody },
      environment: await files.environment(one.environment ?? suite.environment),
      bundles: await files.bundles(one.bundle ?? suite.bundle ?? []),
    });
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    const errors = error.diagnostics.filter(({ severity }) => severity === 'error');
    return unplayable(errors.map(formatDiagnostic));
  }
  const unsendable = play.side.exchanges.flatMap((exchange) =>
    exchange.kind === 'unanswered' && exchange.trouble === 'unsendable' ? [exchange.message] : [],
  );
  return unsendable.length > 0
    ? unplayable(unsendable)
    : { kind: 'playable', case: one, requests, upstreams, play };
}

/** Runs a case through the candidate; the verdict counts what it has called until it is asked for. */
async function confront(
  { case: one, requests, upstreams: answers, play }: Playable,
  { tolerate = {} }: Suite,
  { candidate, upstreams }: VerifyOptions,
): Promise<() => Verdict> {
  const { side: interpreter, observation } = play;
  const seen = upstreams.play(new AnswerBook(answers));
  const exchanges: Exchange[] = [];
  for (const request of requests) {
    await pauseBefore(request);
    exchanges.push(await ask(request, { ...candidate, host: candidate.url.host }));
  }
  await upstreams.settled({ calls: interpreter.calls.length, ...settling });
  return () => {
    const other: PlayedSide = { exchanges, calls: [...seen.calls] };
    const differences = compareSides(interpreter, other, tolerate);
    return {
      case: one,
      requests,
      outcome: outcomeOf(interpreter, other, differences),
      interpreter,
      candidate: other,
      differences,
      unexpected: judge(one, observation),
    };
  };
}

function outcomeOf(
  interpreter: PlayedSide,
  candidate: PlayedSide,
  differences: readonly SideDifference[],
): ComparedVerdict['outcome'] {
  const isUnanswered = candidate.exchanges.some(
    ({ kind }, index) => kind === 'unanswered' && interpreter.exchanges[index]?.kind === 'answered',
  );
  if (isUnanswered) return 'unanswered';
  return differences.every(({ tolerated }) => tolerated !== undefined) ? 'same' : 'different';
}
