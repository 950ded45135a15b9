import type { Command } from 'commander';
import { systemClock } from '../../host/clock.ts';
import {
  LoopbackUpstreams,
  PortError,
  type LoopbackDoor,
} from '../../verification/doubles/loopback-upstreams.ts';
import type { Paint } from '../../verification/report/paint.ts';
import { verificationPage } from '../../verification/report/verification/html.ts';
import { verificationJson } from '../../verification/report/verification/json.ts';
import { verificationJunit } from '../../verification/report/verification/junit.ts';
import { verificationText } from '../../verification/report/verification/terminal.ts';
import {
  verificationTally,
  type Verification,
} from '../../verification/report/verification/verification.ts';
import type { SuiteFile } from '../../verification/suite/read-suite.ts';
import { whyUnreachable } from '../../verification/verify/reach.ts';
import { verifySuite, type SuiteVerdict } from '../../verification/verify/verify-suite.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { nameFilter } from '../test/options.ts';
import { readSuites } from '../test/read-suites.ts';
import { printableLine } from '../terminal/printable.ts';
import type { Streams } from '../terminal/streams.ts';
import { requireUrl } from '../upstream-option.ts';
import { writeWhole } from '../write-whole.ts';
import {
  declareVerify,
  doorsOf,
  formOf,
  timeoutOf,
  type Reporter,
  type VerifyFlags,
} from './options.ts';

/** Bytes of one answer of the gateway under comparison. */
const largestBody = 16 * 1024 * 1024;

/** `apx verify SUITE... --against URL` */
export function addVerifyCommand(
  program: Command,
  streams: Streams,
  finish: (code: ExitCode) => void,
): void {
  declareVerify(program).action(async (paths: readonly string[], flags: VerifyFlags) => {
    finish(await verify(paths, flags, streams));
  });
}

async function verify(
  paths: readonly string[],
  flags: VerifyFlags,
  streams: Streams,
): Promise<ExitCode> {
  const url = requireUrl(flags.against, '--against');
  const patience = timeoutOf(flags.timeout);
  const filter = nameFilter(flags.filter);
  const doors = doorsOf(flags);
  const suites = await readSuites(paths, streams);
  if (suites === undefined) return exitCode.unusable;
  requireDoors(suites, doors);
  const why = await whyUnreachable(url, patience);
  if (why !== undefined) throw new UsageError(`--against ${flags.against}: ${why}`);

  const started = systemClock.nanoseconds();
  const results = await whileServing(doors, async (upstreams) => {
    const verdicts: SuiteVerdict[] = [];
    for (const suite of suites) {
      const candidate = { url, patience, largestBody };
      verdicts.push(await verifySuite(suite, { candidate, upstreams, filter }));
    }
    return verdicts;
  });
  const verification: Verification = {
    against: flags.against,
    suites: results,
    milliseconds: (systemClock.nanoseconds() - started) / 1e6,
  };
  await writeReports(verification, flags, streams);
  return exitCodeOf(verification);
}

/**
 * What could not be compared is the tool's own trouble, and goes before what differs.
 * @throws {UsageError} when nothing was compared
 */
function exitCodeOf(verification: Verification): ExitCode {
  const { same, different, unanswered, unplayable } = verificationTally(verification);
  if (unplayable > 0) return exitCode.unusable;
  if (different + unanswered > 0) return exitCode.failed;
  if (same === 0) throw new UsageError('no case was compared: all were left out or skipped');
  return exitCode.done;
}

/** @throws {UsageError} for a suite with upstreams that the candidate has no way to call */
function requireDoors(suites: readonly SuiteFile[], doors: readonly LoopbackDoor[]): void {
  if (doors.some(({ origin }) => origin === undefined)) return;
  const known = new Set(doors.map(({ origin }) => origin));
  for (const { file, suite } of suites) {
    const settings = [suite, ...suite.cases];
    const missing = settings
      .flatMap(({ upstreams = {} }) => Object.keys(upstreams))
      .find((origin) => !known.has(new URL(origin).origin));
    if (missing === undefined) continue;
    throw new UsageError(
      `${file}: nothing says where the gateway calls ${missing}: add --upstream-port N, or --upstream ${missing}=http://127.0.0.1:N`,
    );
  }
}

async function whileServing<Result>(
  doors: readonly LoopbackDoor[],
  work: (upstreams: LoopbackUpstreams) => Promise<Result>,
): Promise<Result> {
  const upstreams = await listening(doors);
  try {
    return await work(upstreams);
  } finally {
    await upstreams.close();
  }
}

async function listening(doors: readonly LoopbackDoor[]): Promise<LoopbackUpstreams> {
  try {
    return await LoopbackUpstreams.listen(doors);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    const flag = doors.some(({ port, origin }) => port === error.port && origin === undefined)
      ? '--upstream-port'
      : '--upstream';
    throw new UsageError(`${flag}: ${error.message}`);
  }
}

async function writeReports(
  verification: Verification,
  flags: VerifyFlags,
  streams: Streams,
): Promise<void> {
  const form = formOf(flags);
  const paint = paintOf(streams);
  if (flags.output === undefined) {
    streams.stdout.write(reportIn(form, verification, paint));
    return;
  }
  await writeWhole(flags.output, reportIn(form, verification, plain));
  streams.stdout.write(verificationText(verification, paint));
}

function reportIn(form: Reporter, verification: Verification, paint: Paint): string {
  switch (form) {
    case 'terminal':
      return verificationText(verification, paint);
    case 'json':
      return verificationJson(verification);
    case 'junit':
      return verificationJunit(verification);
    case 'html':
      return verificationPage(verification);
  }
}

/** What gateways and files hold must not move the cursor. */
function paintOf({ colors }: Streams): Paint {
  return {
    good: colors.green,
    bad: colors.red,
    dim: colors.dim,
    strong: colors.bold,
    text: printableLine,
  };
}

const unchanged = (text: string): string => text;

const plain: Paint = {
  good: unchanged,
  bad: unchanged,
  dim: unchanged,
  strong: unchanged,
  text: printableLine,
};
