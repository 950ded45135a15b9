import type { Command } from 'commander';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import { formatDiagnostic } from '../../diagnostic/diagnostic.ts';
import {
  NoSuchProxy,
  replaySession,
  type ReplayOptions,
} from '../../verification/replay/replay-session.ts';
import { UnreadableSession } from '../../verification/replay/session/unreadable-session.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { repeated } from '../repeated-option.ts';
import { loadDeployables } from '../serve/load-deployables.ts';
import { printableLine } from '../terminal/printable.ts';
import type { Streams } from '../terminal/streams.ts';
import { upstreams } from '../upstream-option.ts';
import { humanReport } from './report-human.ts';
import { jsonReport } from './report-json.ts';
import { ReplayTally } from './tally.ts';

const examples = `
Examples:
  apx replay trace-1446160968885.xml --bundle ./apiproxy
  apx replay session.json --bundle orders.zip --bundle checks.zip --strict

Each transaction of the session is sent through the bundle again, at its recorded time and with the recorded
answers of its services, and compared point by point. Differences that a replay cannot help are told by name.

Exit code: 0 everything that can agree agrees, 1 a difference that nothing explains, 2 wrong use, or a session
or a bundle that cannot be read.`;

interface ReplayFlags {
  readonly bundle: readonly string[];
  readonly env?: string;
  readonly upstream?: readonly string[];
  readonly strict?: true;
  readonly json?: true;
}

/** `apx replay SESSION --bundle PATH` */
export function addReplayCommand(
  program: Command,
  streams: Streams,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('replay')
    .description('run a recorded debug session through a bundle and compare')
    .argument('<session>', "debug session: Edge's XML, Apigee X's JSON, or a file of serve --trace")
    .requiredOption(
      '--bundle <PATH>',
      'the recorded proxy, and with another --bundle the shared flows it calls',
      repeated,
    )
    .option('--env <PATH|NAME>', 'environment; its names are compared with the session’s')
    .option(
      '--upstream <ORIGIN=URL>',
      'let URL answer requests for ORIGIN instead of the recording; repeatable',
      repeated,
    )
    .option('--strict', 'count differences of another revision of the bundle too')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples)
    .action(async (session: string, flags: ReplayFlags) => {
      finish(await replay(session, flags, streams));
    });
}

async function replay(session: string, flags: ReplayFlags, streams: Streams): Promise<ExitCode> {
  const { strict, json } = flags;
  const tally = new ReplayTally(strict === true ? 'strict' : 'lenient');
  const report = json === true ? jsonReport(streams, tally) : humanReport(streams, tally);
  try {
    const options = await optionsOf(session, flags, streams);
    for await (const part of replaySession(options)) {
      tally.add(part);
      report.part(part, session);
    }
  } catch (error) {
    return unusable(error, streams);
  }
  report.end();
  return tally.agrees ? exitCode.done : exitCode.failed;
}

async function optionsOf(
  session: string,
  flags: ReplayFlags,
  { stderr }: Streams,
): Promise<ReplayOptions> {
  const { bundles, environment } = await loadDeployables(
    { paths: flags.bundle, env: flags.env, undeployable: 'leave-out' },
    (diagnostics) => {
      for (const diagnostic of diagnostics) {
        if (diagnostic.severity === 'info') continue;
        stderr.write(`${printableLine(formatDiagnostic(diagnostic))}\n`);
      }
    },
  );
  return {
    session,
    bundles,
    environment,
    environmentNames: flags.env === undefined ? 'of the session' : 'of the environment',
    upstreams: upstreams(flags.upstream),
  };
}

/** Tells why nothing could be replayed; what is no fault of the input is thrown on. */
function unusable(error: unknown, { stderr }: Streams): ExitCode {
  if (error instanceof UnreadableSession) {
    const { diagnostic, hint } = error;
    stderr.write(`${printableLine(formatDiagnostic(diagnostic))}\n${printableLine(hint)}\n`);
    return exitCode.unusable;
  }
  if (error instanceof DeploymentError) {
    for (const diagnostic of error.diagnostics) {
      stderr.write(`${printableLine(formatDiagnostic(diagnostic))}\n`);
    }
    return exitCode.unusable;
  }
  if (error instanceof NoSuchProxy) throw new UsageError(error.message);
  if (error instanceof TypeError) throw new UsageError(`--upstream: ${error.message}`);
  throw error;
}
