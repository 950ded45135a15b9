import type { Command } from 'commander';
import { exitCode, type ExitCode } from '../exit.ts';
import { diagnosticLine } from '../terminal/diagnostics.ts';
import type { Streams } from '../terminal/streams.ts';
import { checkPaths, type CheckOutcome } from './check-paths.ts';
import { shownFinding, summaryLine } from './report-human.ts';
import { checkJson } from './report-json.ts';

const examples = `
Examples:
  apx check policies/SC-Geocode.xml
  apx check bundle/ bundle.zip
  apx check . --env environments/test --json

Every finding is one line on stderr, file:line:column severity CODE message; a file in a zip is
bundle.zip!/apiproxy/policies/SC-Geocode.xml. Policies and bundles are checked as a deployment would check
them, and with --env their target servers and service account too. The bundles of a workspace, those below
src/main/apigee, are checked together as well: for base paths that collide and shared flows that are missing.

Exit code: 0 no error, 1 an error was found, 2 wrong use or a path that cannot be read.`;

interface CheckFlags {
  readonly env?: string;
  readonly json?: true;
}

/** `apx check PATH...` */
export function addCheckCommand(
  program: Command,
  streams: Streams,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('check')
    .description('check policies, bundles, zips and workspaces, as a deployment would')
    .argument('<path...>', 'policy files, bundle folders, zips, workspaces')
    .option('--env <PATH>', 'environment: a folder, an edge.json, or an environment file')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples)
    .action(async (paths: readonly string[], flags: CheckFlags) => {
      finish(await check(paths, flags, streams));
    });
}

async function check(
  paths: readonly string[],
  { env, json }: CheckFlags,
  streams: Streams,
): Promise<ExitCode> {
  // Progress is drawn only where a person watches stderr, which is where findings go.
  const watched = streams.progress === 'drawn' && json === undefined;
  const outcome = await checkPaths(paths, { env, excerpts: watched ? 'kept' : 'none' });
  if (json === undefined) writeFindings(outcome, watched ? 'shown' : 'plain', streams);
  else writeDocument(outcome, streams);
  if (outcome.unusable.length > 0) return exitCode.unusable;
  return outcome.summary.errors > 0 ? exitCode.failed : exitCode.done;
}

function writeFindings(
  { diagnostics, excerpts, summary }: CheckOutcome,
  form: 'shown' | 'plain',
  { stdout, stderr, colors }: Streams,
): void {
  for (const diagnostic of diagnostics) {
    stderr.write(
      form === 'shown' ? shownFinding(diagnostic, excerpts, colors) : diagnosticLine(diagnostic),
    );
  }
  stdout.write(summaryLine(summary, colors));
}

function writeDocument(outcome: CheckOutcome, { stdout, stderr }: Streams): void {
  for (const diagnostic of outcome.unusable) stderr.write(diagnosticLine(diagnostic));
  stdout.write(checkJson(outcome));
}
