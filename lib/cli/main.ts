import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addCalloutCommand } from './callout/command.ts';
import { addCheckCommand } from './check/command.ts';
import { addConvertCommand } from './convert/command.ts';
import { exitCode, UsageError, type ExitCode } from './exit.ts';
import { addReplayCommand } from './replay/command.ts';
import { addRecordCommand } from './record/command.ts';
import { addServeCommand } from './serve/command.ts';
import { addTestCommand } from './test/command.ts';
import { addVerifyCommand } from './verify/command.ts';
import { printableLine } from './terminal/printable.ts';
import type { Streams } from './terminal/streams.ts';

/**
 * Runs `apx` and gives its exit code. Nothing is thrown: a mistake of this program is one line on
 * stderr, with its stack only under `--debug`.
 */
export async function main(argv: readonly string[], streams: Streams): Promise<ExitCode> {
  let code: ExitCode = exitCode.done;
  const program = createProgram(streams, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCode.done : exitCode.unusable;
    streams.stderr.write(`${errorText(error, wantsStack(program) ? 'with-stack' : 'one-line')}\n`);
    return exitCode.unusable;
  }
}

function createProgram(streams: Streams, finish: (code: ExitCode) => void): Command {
  const program = new Command('apx')
    .description('Reads Apigee proxy configuration and executes it.')
    .version(version(), '--version', 'print the version')
    // What stands behind a command is the command's: a value of its options may look like one of ours.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
      // The error and its suggestion on one line, whatever characters the arguments hold.
      outputError: (text, write) => {
        write(`${printableLine(text.trimEnd().replaceAll('\n', ' '))}\n`);
      },
    })
    .showSuggestionAfterError();
  addCalloutCommand(program, streams, finish);
  addCheckCommand(program, streams, finish);
  addConvertCommand(program, streams, finish);
  addReplayCommand(program, streams, finish);
  addRecordCommand(program, streams, finish);
  addServeCommand(program, streams, finish);
  addTestCommand(program, streams, finish);
  addVerifyCommand(program, streams, finish);
  for (const one of [program, ...program.commands])
    one.option('--debug', 'show the stack of an unexpected error');
  return program;
}

function wantsStack(program: Command): boolean {
  return [program, ...program.commands].some((one) => one.opts()['debug'] === true);
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return /"version": *"([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}

function errorText(error: unknown, detail: 'one-line' | 'with-stack'): string {
  if (!(error instanceof Error)) return `error: ${printableLine(String(error))}`;
  if (detail === 'with-stack') return error.stack ?? error.message;
  const text = printableLine(error.message);
  return error instanceof UsageError
    ? `error: ${text}`
    : `error: ${text} (unexpected; run again with --debug)`;
}
