import { Option, type Command } from 'commander';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { toApigee } from '../../kong/conversion/to-apigee.ts';
import { toKong } from '../../kong/conversion/to-kong.ts';
import { readKongPlugins } from '../../kong/read-plugins.ts';
import { parsePolicy } from '../../policies/read-policy.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { readInput } from '../read-input.ts';
import { diagnosticLine } from '../terminal/diagnostics.ts';
import type { Streams } from '../terminal/streams.ts';

const examples = `
Examples:
  apx convert --to kong policies/SC-Audit.xml > kong.yaml
  apx convert --to apigee kong.yaml
  apx convert --to kong policies/SC-Audit.xml --strict

What the other side cannot express is one line each on stderr, file:line:column warning not-expressible ...

Exit code: 0 written, 1 with --strict something cannot be expressed, 2 wrong use or input that cannot be read.`;

interface ConvertFlags {
  readonly to: 'kong' | 'apigee';
  readonly strict?: true;
  readonly json?: true;
}

/** `apx convert --to kong|apigee FILE` */
export function addConvertCommand(
  program: Command,
  streams: Streams,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('convert')
    .description("translate between ServiceCallout and Kong's service-callout plugin")
    .argument('<file>', 'a policy, or a Kong configuration')
    .addOption(
      new Option('--to <SYSTEM>', 'what to write')
        .choices(['kong', 'apigee'])
        .makeOptionMandatory(),
    )
    .option('--strict', 'write nothing if something cannot be expressed')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples)
    .action(async (file: string, flags: ConvertFlags) => {
      finish(await convert(file, flags, streams));
    });
}

async function convert(file: string, flags: ConvertFlags, streams: Streams): Promise<ExitCode> {
  let converted: Converted;
  try {
    converted = await read(file, flags.to);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    write(error.diagnostics, streams);
    return exitCode.unusable;
  }
  const { documents, diagnostics } = converted;
  write(diagnostics, streams);
  const isLossy = diagnostics.some(({ severity }) => severity === 'warning');
  const isRefused = isLossy && flags.strict === true;
  if (flags.json === true) {
    const shown = { to: flags.to, documents: isRefused ? [] : documents, diagnostics };
    streams.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  } else if (!isRefused) streams.stdout.write(documents.join('\n'));
  return isRefused ? exitCode.failed : exitCode.done;
}

interface Converted {
  readonly documents: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

async function read(file: string, to: ConvertFlags['to']): Promise<Converted> {
  const bytes = await readInput(file, file);
  if (to === 'apigee') {
    const found: Diagnostic[] = [];
    const text = new TextDecoder().decode(bytes);
    const plugins = readKongPlugins(text, file, (diagnostic) => found.push(diagnostic));
    if (found.some(({ severity }) => severity === 'error')) throw new DeploymentError(found);
    const converted = plugins.map(toApigee);
    return {
      documents: converted.map(({ xml }) => xml),
      diagnostics: converted.flatMap(({ diagnostics }) => diagnostics),
    };
  }
  const policy = parsePolicy(bytes, { file });
  if (policy.type !== 'ServiceCallout') {
    throw new UsageError(`${file}: ${policy.type} is no policy that Kong's plugin stands for`);
  }
  const { yaml, diagnostics } = toKong(policy);
  return { documents: [yaml], diagnostics };
}

/** Remarks too: they say how to read on the other side what is kept here. */
function write(diagnostics: readonly Diagnostic[], { stderr }: Streams): void {
  for (const diagnostic of diagnostics) stderr.write(diagnosticLine(diagnostic));
}
