import { Option, type Command } from 'commander';
import type { LoopbackDoor } from '../../verification/doubles/loopback-upstreams.ts';
import { UsageError } from '../exit.ts';
import { loopbackDoors } from '../loopback-doors.ts';
import { repeated } from '../repeated-option.ts';

export const reporters = ['terminal', 'json', 'junit', 'html'] as const;
export type Reporter = (typeof reporters)[number];

export interface VerifyFlags {
  readonly against: string;
  readonly upstreamPort?: string;
  readonly upstream?: readonly string[];
  readonly filter?: string;
  readonly reporter?: Reporter;
  readonly json?: true;
  readonly output?: string;
  readonly timeout: string;
}

const examples = `
Examples:
  apx verify orders.yaml --against http://127.0.0.1:8000 --upstream-port 9000
  apx verify orders.yaml --against http://127.0.0.1:8000 \\
    --upstream https://stock.example=http://127.0.0.1:9001 --reporter html --output report.html

Each case is run by the interpreter and sent to the gateway at URL. The suite's upstreams are served on
loopback for both; configure that gateway to call them there. With --upstream-port all of them are behind one
port, told apart by the Host header or by which answer fits; with --upstream each has a URL of its own.

Exit code: 0 both sides do the same, 1 they differ: a case in which the gateway hangs, breaks off or answers
garbage among them; 2 wrong use, a suite or bundle that cannot be used, a port that is taken, or a gateway that
cannot be reached to begin with.`;

/** Declares the arguments and options of `apx verify`. */
export function declareVerify(program: Command): Command {
  return program
    .command('verify')
    .description('compare another gateway with what the bundles do')
    .argument('<suite...>', 'files of cases, YAML or JSON, or folders of them')
    .requiredOption('--against <URL>', 'the gateway to compare with')
    .option('--upstream-port <N>', 'where that gateway calls every upstream, on 127.0.0.1')
    .option(
      '--upstream <ORIGIN=URL>',
      'where that gateway calls ORIGIN, on 127.0.0.1; repeatable',
      repeated,
    )
    .option('--filter <PATTERN>', 'only cases whose name the regular expression is found in')
    .addOption(
      new Option('--reporter <NAME>', 'form of the report (default: terminal)').choices(reporters),
    )
    .option('--json', 'as --reporter json')
    .option(
      '--output <FILE>',
      'write the report to a file, and what differs to the terminal; its ending may say the form',
    )
    .option('--timeout <MS>', 'milliseconds for each whole answer', '30000')
    .addHelpText('after', examples);
}

/**
 * Where the suite's upstreams are to be served.
 * @throws {UsageError}
 */
export function doorsOf({ upstreamPort, upstream = [] }: VerifyFlags): readonly LoopbackDoor[] {
  const doors = loopbackDoors(upstream);
  if (upstreamPort === undefined) return doors;
  return [...doors, { origin: undefined, port: portOf(upstreamPort), prefix: '' }];
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new UsageError(`--upstream-port ${text}: write a number from 1 to 65535`);
}

/** @throws {UsageError} */
export function timeoutOf(text: string): number {
  const milliseconds = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (milliseconds > 0) return milliseconds;
  throw new UsageError(`--timeout ${text}: write milliseconds, 1 or more`);
}

/** The form that a report is asked for in, or that its file's name tells. */
export function formOf({ json, reporter, output }: VerifyFlags): Reporter {
  if (json === true) return 'json';
  if (reporter !== undefined || output === undefined) return reporter ?? 'terminal';
  const ending = /\.(html?|xml|json)$/i.exec(output)?.[1]?.toLowerCase();
  if (ending === 'json') return 'json';
  if (ending === 'xml') return 'junit';
  return ending === undefined ? 'terminal' : 'html';
}
