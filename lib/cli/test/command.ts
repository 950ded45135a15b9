import { relative } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../../host/clock.ts';
import { Coverage } from '../../verification/coverage/coverage.ts';
import { runSuite, type SuiteResult } from '../../verification/play/run-suite.ts';
import { tallyOf, type Run } from '../../verification/report/run.ts';
import type { SuiteFile } from '../../verification/suite/read-suite.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { stopSignal } from '../serve/stop-signal.ts';
import { writeLine } from '../terminal/diagnostics.ts';
import type { Streams } from '../terminal/streams.ts';
import { declareTest, nameFilter, type TestFlags } from './options.ts';
import { Progress } from './progress.ts';
import { readSuites } from './read-suites.ts';
import { writeReports } from './reports.ts';
import { watchFor } from './watch.ts';

type Filter = (name: string) => boolean;

/** `apx test SUITE...` */
export function addTestCommand(
  program: Command,
  streams: Streams,
  finish: (code: ExitCode) => void,
): void {
  declareTest(program).action(async (paths: readonly string[], flags: TestFlags) => {
    const filter = nameFilter(flags.filter);
    const test = () => testOnce(paths, filter, flags, streams);
    finish(flags.watch === true ? await testAgain(paths, test, streams) : (await test()).code);
  });
}

interface Tested {
  readonly code: ExitCode;
  /** The suites and what they name. */
  readonly files: ReadonlySet<string>;
}

async function testOnce(
  paths: readonly string[],
  filter: Filter,
  flags: TestFlags,
  streams: Streams,
): Promise<Tested> {
  const suites = await readSuites(paths, streams);
  if (suites === undefined) return { code: exitCode.unusable, files: new Set(paths) };
  const coverage = flags.coverage === true || flags.lcov !== undefined ? new Coverage() : undefined;
  const run = await runSuites(suites, filter, coverage, streams);
  await writeReports(run, flags, streams);
  const files = new Set([...paths, ...run.suites.flatMap((suite) => suite.files)]);
  return { code: tallyOf(run).failed > 0 ? exitCode.failed : exitCode.done, files };
}

async function runSuites(
  suites: readonly SuiteFile[],
  filter: Filter,
  coverage: Coverage | undefined,
  streams: Streams,
): Promise<Run> {
  const total = suites
    .flatMap(({ suite }) => suite.cases)
    .filter(({ name }) => filter(name)).length;
  if (total === 0) throw new UsageError('there are no cases of such a name');
  const progress = new Progress(total, streams);
  const [startedAt, started] = [systemClock.now(), systemClock.nanoseconds()];
  const results: SuiteResult[] = [];
  for (const suite of suites) {
    results.push(await runSuite(suite, { filter, coverage, onResult: progress.note }));
  }
  progress.end();
  const milliseconds = (systemClock.nanoseconds() - started) / 1e6;
  return {
    suites: results,
    milliseconds,
    startedAt,
    coverage: coverage?.files().map(({ file, parts }) => ({ file: shortPath(file), parts })),
  };
}

/** Runs until somebody stops it; what is wrong with a suite is told and waits to be mended. */
async function testAgain(
  paths: readonly string[],
  test: () => Promise<Tested>,
  streams: Streams,
): Promise<ExitCode> {
  const stopped = stopSignal().then(() => 'stopped' as const);
  let code: ExitCode = exitCode.unusable;
  let files: ReadonlySet<string> = new Set(paths);
  for (;;) {
    // Before the run, so that what changes meanwhile is not missed.
    let watching = watchFor(files);
    try {
      const tested = await test();
      code = tested.code;
      if ([...tested.files].some((file) => !files.has(file))) {
        watching.close();
        watching = watchFor(tested.files);
      }
      files = tested.files;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      writeLine(`error: ${error.message}`, streams);
      code = exitCode.unusable;
    }
    writeLine('Waiting for changes. Ctrl-C ends it.', streams);
    const next = await Promise.race([stopped, watching.changed]);
    watching.close();
    if (next === 'stopped') return code;
  }
}

/** As seen from the working directory, for what is in it. */
function shortPath(file: string): string {
  const short = relative('', file);
  return short.startsWith('..') ? file : short;
}
