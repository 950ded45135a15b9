import { cpus } from 'node:os';
import { UsageError } from '../exit.ts';

/** The flags of `apx serve`, as the command line gives them. */
export interface ServeFlags {
  readonly port: string;
  readonly host: string;
  readonly env?: string;
  readonly upstream?: readonly string[];
  readonly googleToken?: string;
  readonly watch?: true;
  readonly trace?: string;
  readonly state: string;
  readonly workers?: string;
  readonly unsupported: string;
  readonly logMessages: string;
  readonly logDirectory: string;
  readonly keepGoing?: true;
  readonly quiet?: true;
  readonly healthPort?: string;
}

const logMessages = ['none', 'stderr', 'deliver'] as const;
export type LogMessages = (typeof logMessages)[number];

/** What `apx serve` was asked for, checked. */
export interface ServeOptions {
  readonly paths: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly env: string | undefined;
  readonly upstreams: Readonly<Record<string, string>>;
  readonly googleToken: string | undefined;
  readonly reloading: 'watch' | 'none';
  /** Directory that gets one file for each transaction. */
  readonly trace: string | undefined;
  readonly workers: number;
  readonly unsupported: 'fault' | 'skip';
  readonly undeployable: 'refuse' | 'leave-out';
  /** Where what MessageLogging and PublishMessage policies write goes. */
  readonly logMessages: LogMessages;
  /** Directory of the files of MessageLogging policies. */
  readonly logDirectory: string;
  readonly accessLog: 'written' | 'none';
  readonly healthPort: number | undefined;
  /** Undefined is the memory of each process. */
  readonly redis: string | undefined;
}

/** @throws {UsageError} for a flag that cannot be used */
export function serveOptions(
  paths: readonly string[],
  flags: ServeFlags,
  upstreams: Readonly<Record<string, string>>,
): ServeOptions {
  const { unsupported } = flags;
  if (unsupported !== 'fault' && unsupported !== 'skip') {
    throw new UsageError(`--unsupported ${unsupported}: write fault or skip`);
  }
  return {
    paths,
    port: portOf(flags.port, '--port'),
    host: flags.host,
    env: flags.env,
    upstreams,
    googleToken: flags.googleToken,
    trace: flags.trace,
    reloading: flags.watch === true ? 'watch' : 'none',
    workers: flags.workers === undefined ? 1 : workersOf(flags.workers),
    redis: flags.state === 'memory' ? undefined : redisOf(flags.state),
    unsupported,
    logMessages: logMessagesOf(flags.logMessages),
    logDirectory: flags.logDirectory,
    undeployable: flags.keepGoing === true ? 'leave-out' : 'refuse',
    accessLog: flags.quiet === true ? 'none' : 'written',
    healthPort:
      flags.healthPort === undefined ? undefined : portOf(flags.healthPort, '--health-port'),
  };
}

function logMessagesOf(text: string): LogMessages {
  const found = logMessages.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`--log-messages ${text}: write none, stderr or deliver`);
}

function redisOf(text: string): string {
  if (/^(?:rediss?:\/\/|unix:)/.test(text)) return text;
  // Whatever else it is, it may hold a password.
  throw new UsageError(
    '--state: write memory, redis://HOST:PORT, rediss://HOST:PORT or unix:/PATH',
  );
}

function portOf(text: string, flag: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`${flag} ${text}: write a number from 0 to 65535; 0 picks a free port`);
}

function workersOf(text: string): number {
  const most = Math.max(64, cpus().length * 4);
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw new UsageError(`--workers ${text}: write a number from 1 to ${most}`);
}
