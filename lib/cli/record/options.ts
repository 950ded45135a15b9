import type { Command } from 'commander';
import { UsageError } from '../exit.ts';
import { repeated } from '../repeated-option.ts';
import { requireUrl } from '../upstream-option.ts';

export interface RecordFlags {
  readonly out: string;
  readonly before?: string;
  readonly port: string;
  readonly host: string;
  readonly env?: string;
  readonly upstream?: readonly string[];
  readonly googleToken?: string;
  readonly unsupported: string;
  readonly logMessages: string;
  readonly logDirectory: string;
  readonly keepGoing?: true;
  readonly mask?: readonly string[];
  readonly count?: string;
  readonly timeout: string;
}

const examples = `
Examples:
  apx record ./apiproxy --out orders.yaml --upstream https://stock.example=http://127.0.0.1:9001
  apx record --before https://api.example.com --out orders.yaml
  apx record ./apiproxy --before http://127.0.0.1:9000 --out orders.yaml \\
    --upstream https://stock.example=http://127.0.0.1:9001

Runs bundles as apx serve does, or stands before another gateway (--before), and writes what passes as cases for
apx test and apx verify: the client's request, the calls and their answers, the response. One request goes
through at a time. Requests that are sent twice show what is new each time, such as ids and dates: there the
suite expects anything. Authorization, cookies, tokens, keys, passwords, private.* and what --mask names are
written as masked-1, masked-2, ...

With bundles, --upstream says where requests for ORIGIN go, as for apx serve. With --before it says where, on
127.0.0.1, that gateway calls ORIGIN: those calls are noted and handed on to ORIGIN.

Ends at SIGINT or SIGTERM, or after --count requests. Until then the cases stand in OUT.unfinished, which
stays if the recording is cut off.

Exit code: 0 written, 1 a bundle cannot be deployed, 2 wrong use, a path that cannot be read or written, or
nothing recorded.`;

/** Declares the arguments and options of `apx record`. */
export function declareRecord(program: Command): Command {
  return program
    .command('record')
    .description('write what goes through a gateway as cases')
    .argument('[bundle...]', 'bundle folders, zips, workspaces; with --before what the suite names')
    .requiredOption('--out <FILE>', 'the suite that is written')
    .option('--before <URL>', 'stand before this gateway instead of running bundles')
    .option('--port <N>', 'where to listen; 0 picks a free port', '8080')
    .option('--host <HOST>', 'address to listen on', '127.0.0.1')
    .option('--env <PATH|NAME>', 'environment: a path, or the name of one of the workspace')
    .option('--upstream <ORIGIN=URL>', 'see below; repeatable', repeated)
    .option('--google-token <TEXT>', 'use this token instead of asking Google')
    .option('--unsupported <fault|skip>', 'what a step of an unsupported policy type does', 'fault')
    .option('--log-messages <none|stderr|deliver>', 'as for apx serve', 'none')
    .option('--log-directory <DIR>', 'as for apx serve', 'message-logs')
    .option('--keep-going', 'leave bundles out that cannot be deployed')
    .option(
      '--mask <NAME>',
      'mask the values of headers, parameters and members of this name too; repeatable',
      repeated,
    )
    .option('--count <N>', 'end after so many requests')
    .option('--timeout <MS>', 'milliseconds for each whole answer', '60000')
    .addHelpText('after', examples);
}

/** @throws {UsageError} */
export function requireRecordable(paths: readonly string[], { before }: RecordFlags): void {
  if (before !== undefined) requireUrl(before, '--before');
  else if (paths.length === 0)
    throw new UsageError('name bundles to run, or a gateway to stand before with --before URL');
}

/** @throws {UsageError} */
export function countOf(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--count ${text}: write a number, 1 or more`);
}
