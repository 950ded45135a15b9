import { Option, type Command } from 'commander';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import { systemClock } from '../../host/clock.ts';
import { runSuite, type SuiteResult } from '../../verification/play/run-suite.ts';
import { jsonReport } from '../../verification/report/json.ts';
import { tallyOf, type Run } from '../../verification/report/run.ts';
import { specReport, type Paint } from '../../verification/report/spec.ts';
import { readSuite, type SuiteFile } from '../../verification/suite/read-suite.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { writeDiagnostics } from '../terminal/diagnostics.ts';
import { printableLine } from '../terminal/printable.ts';
import type { Streams } from '../terminal/streams.ts';

const examples = `
Examples:
  apx test cases/orders.yaml
  apx test cases/*.yaml --filter 'token' --reporter junit > report.xml

Cases run in virtual time and without sockets: upstreams are the answers that the suite gives, and a call that
no answer is for fails its case. The format is schemas/case.schema.json.

Exit code: 0 every case passed, 1 a case failed, 2 wrong use or a suite that cannot be read.`;

interface TestFlags {
  readonly filter?: string;
  readonly reporter: 'spec' | 'json';
  readonly json?: true;
}

/** `apx test SUITE...` */
export function addTestCommand(
  program: Command,
  streams: Streams,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('test')
    .description('run cases against policies and bundles')
    .argument('<suite...>', 'files of cases, YAML or JSON')
    .option('--filter <PATTERN>', 'only cases whose name the regular expression is found in')
    .addOption(
      new Option('--reporter <NAME>', 'form of the report')
        .choices(['spec', 'json'])
        .default('spec'),
    )
    .option('--json', 'as --reporter json')
    .addHelpText('after', examples)
    .action(async (paths: readonly string[], flags: TestFlags) => {
      finish(await test(paths, flags, streams));
    });
}

async function test(
  paths: readonly string[],
  flags: TestFlags,
  streams: Streams,
): Promise<ExitCode> {
  const suites = await readSuites(paths, streams);
  if (suites === undefined) return exitCode.unusable;
  const filter = filterOf(flags.filter);
  const started = systemClock.nanoseconds();
  const results: SuiteResult[] = [];
  for (const suite of suites) results.push(await runSuite(suite, { filter }));
  const run: Run = {
    suites: results,
    milliseconds: (systemClock.nanoseconds() - started) / 1e6,
  };
  const form = flags.json === true ? 'json' : flags.reporter;
  streams.stdout.write(form === 'json' ? jsonReport(run) : specReport(run, paintOf(streams)));
  return tallyOf(run).failed > 0 ? exitCode.failed : exitCode.done;
}

/** Undefined after telling what is wrong with them. */
async function readSuites(
  paths: readonly string[],
  streams: Streams,
): Promise<readonly SuiteFile[] | undefined> {
  const suites: SuiteFile[] = [];
  let isReadable = true;
  for (const path of paths) {
    try {
      suites.push(await readSuite(path));
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw unreadable(path, error);
      isReadable = false;
      writeDiagnostics(error.diagnostics, streams);
    }
  }
  return isReadable ? suites : undefined;
}

function unreadable(path: string, error: unknown): unknown {
  const isOfSystem = error instanceof Error && 'code' in error;
  return isOfSystem ? new UsageError(`${path}: it cannot be read: ${error.message}`) : error;
}

function filterOf(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  try {
    const expression = new RegExp(pattern);
    return (name) => expression.test(name);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new UsageError(`--filter ${pattern}: no regular expression: ${why}`);
  }
}

/** What services and files hold must not move the cursor. */
function paintOf({ colors }: Streams): Paint {
  return {
    good: colors.green,
    bad: colors.red,
    dim: colors.dim,
    strong: colors.bold,
    text: printableLine,
  };
}
