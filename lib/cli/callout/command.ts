import type { Command } from 'commander';
import yoctoSpinner from 'yocto-spinner';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import { looksLikeKong } from '../../kong/read-plugins.ts';
import { exitCode, type ExitCode } from '../exit.ts';
import { repeated } from '../repeated-option.ts';
import { writeDiagnostics, writeLine } from '../terminal/diagnostics.ts';
import { printableLine } from '../terminal/printable.ts';
import type { Streams } from '../terminal/streams.ts';
import type { CalloutFlags } from './options.ts';
import { calloutReport } from './report-human.ts';
import { calloutJson, undeployableJson } from './report-json.ts';
import { runKong } from './run-kong.ts';
import { runCallout, type CalloutOutcome } from './run-callout.ts';

const examples = `
Examples:
  apx callout geocode.xml --var request.queryparam.postalcode=94043
  apx callout geocode.xml --upstream https://maps.googleapis.com=http://127.0.0.1:8080 --json
  apx callout token.xml --vars seed.json --env environments/test --google-token TOKEN
  apx callout order.xml --var request.content='{"id":7}' --dry-run
  apx callout kong.yaml --vars shared.json --var request.content='{"id":7}'

A message among the --vars: { "q": { "message": "request", "verb": "POST", "headers": { "x-id": "7" },
  "queryParams": {}, "formParams": {}, "content": "{}" } }; a response has statusCode and reasonPhrase. A response
  given as "message" starts the policy in the response flow.

Exit code: 0 done, 1 the policy raised a fault, 2 wrong use or a policy that cannot be deployed.`;

/** `apx callout POLICY.xml` */
export function addCalloutCommand(
  program: Command,
  streams: Streams,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('callout')
    .description('run one policy against variables, with real HTTP')
    .argument('<policy.xml>', 'the policy, or a Kong configuration with service-callout plugins')
    .option('--var <NAME=VALUE>', 'set a flow variable; repeatable', repeated)
    .option('--vars <FILE.json>', 'set the flow variables of a JSON object')
    .option('--env <PATH>', 'environment: a folder, an edge.json, or an environment file')
    .option('--upstream <ORIGIN=URL>', 'send requests for ORIGIN to URL; repeatable', repeated)
    .option('--google-token <TEXT>', 'use this token instead of asking Google')
    .option('--local <URL>', 'where LocalTargetConnection goes')
    .option('--dry-run', 'prepare and print the request, send nothing')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples)
    .action(async (file: string, flags: CalloutFlags) => {
      finish(await callout(file, flags, streams));
    });
}

async function callout(file: string, flags: CalloutFlags, streams: Streams): Promise<ExitCode> {
  let outcome: CalloutOutcome;
  try {
    outcome = await withProgress(file, flags, streams);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    writeDiagnostics(error.diagnostics, streams);
    if (flags.json === true) streams.stdout.write(undeployableJson(error.diagnostics));
    return exitCode.unusable;
  }
  writeDiagnostics(outcome.diagnostics, streams);
  for (const name of outcome.ignored) {
    writeLine(`warning: ${name} was given a value and cannot have one; it reads as unset`, streams);
  }
  for (const line of outcome.printed) streams.stderr.write(`print: ${printableLine(line)}\n`);
  streams.stdout.write(
    flags.json === true
      ? calloutJson(outcome)
      : calloutReport(outcome, flags.dryRun === true ? 'dry' : 'wet', streams.colors),
  );
  return outcome.fault === undefined ? exitCode.done : exitCode.failed;
}

async function withProgress(
  file: string,
  flags: CalloutFlags,
  { progress }: Streams,
): Promise<CalloutOutcome> {
  const run = looksLikeKong(file) ? runKong : runCallout;
  if (progress === 'none') return run(file, flags);
  const spinner = yoctoSpinner({ text: printableLine(`Calling with ${file}`) }).start();
  try {
    return await run(file, flags);
  } finally {
    spinner.stop();
  }
}
