import cluster from 'node:cluster';
import type { Command } from 'commander';
import { exitCode, type ExitCode } from '../exit.ts';
import { repeated } from '../repeated-option.ts';
import { writeDiagnostics, writeLine } from '../terminal/diagnostics.ts';
import type { Streams } from '../terminal/streams.ts';
import { upstreams } from '../upstream-option.ts';
import { authority } from './address.ts';
import { checkDeployables } from './check-deployables.ts';
import { listenForHealth } from './health-server.ts';
import { createServeLog } from './log.ts';
import { serveOptions, type ServeFlags, type ServeOptions } from './options.ts';
import { exitCodeOf } from './outcome.ts';
import { runPrimary, spokesman } from './primary.ts';
import { stopSignal } from './stop-signal.ts';
import { startServing } from './worker.ts';

const examples = `
Examples:
  apx serve ./apiproxy
  apx serve orders.zip correlate/sharedflowbundle --env environments/test --port 0
  apx serve . --env test --watch
  apx serve ./apiproxy --trace /tmp/traces
  apx serve ./apiproxy --upstream https://warehouse.example=http://127.0.0.1:9000 --workers 4

Prints "listening on http://HOST:PORT" once requests are answered. Findings and the access log, one JSON
line a request, go to stderr, and so does what MessageLogging policies log unless --log-messages says
otherwise. SIGTERM or SIGINT finishes what is in flight.

Exit code: 0 stopped, 1 a bundle cannot be deployed, 2 wrong use or a path that cannot be read.`;

/** `apx serve PATH...` */
export function addServeCommand(
  program: Command,
  streams: Streams,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('serve')
    .description('run bundles as an HTTP gateway')
    .argument('<path...>', 'bundle folders, zips, workspaces')
    .option('--port <N>', 'where to listen; 0 picks a free port', '8080')
    .option('--host <HOST>', 'address to listen on', '127.0.0.1')
    .option('--env <PATH|NAME>', 'environment: a path, or the name of one of the workspace')
    .option('--upstream <ORIGIN=URL>', 'send requests for ORIGIN to URL; repeatable', repeated)
    .option('--google-token <TEXT>', 'use this token instead of asking Google')
    .option('--watch', 'deploy anew when a file changes')
    .option('--trace <DIR>', 'record each transaction in a file of this directory')
    .option(
      '--state <STORE>',
      'where caches, maps and counters are kept: memory or redis://HOST:PORT',
      'memory',
    )
    .option('--workers <N>', 'processes that share the port')
    .option('--unsupported <fault|skip>', 'what a step of an unsupported policy type does', 'fault')
    .option(
      '--log-messages <none|stderr|deliver>',
      'what MessageLogging and PublishMessage write: nothing, lines on stderr, or to where the policy says',
      'stderr',
    )
    .option('--log-directory <DIR>', 'the files of MessageLogging, when delivered', 'message-logs')
    .option('--keep-going', 'leave bundles out that cannot be deployed')
    .option('--health-port <N>', 'answer /healthz and /readyz on this port')
    .option('--quiet', 'write no access log')
    .addHelpText('after', examples)
    .action(async (paths: readonly string[], flags: ServeFlags) => {
      finish(await serve(serveOptions(paths, flags, upstreams(flags.upstream)), streams));
    });
}

function serve(options: ServeOptions, streams: Streams): Promise<ExitCode> {
  if (cluster.isWorker) return serveAsWorker(options, streams);
  return options.workers > 1 ? serveWithWorkers(options, streams) : serveAlone(options, streams);
}

async function serveAlone(options: ServeOptions, streams: Streams): Promise<ExitCode> {
  const signal = stopSignal();
  let isReady = false;
  const health = await startHealth(options, streams, () => isReady);
  const log = createServeLog(undefined);
  try {
    const serving = await startServing(options, {
      log,
      tell: (diagnostics) => {
        writeDiagnostics(diagnostics, streams);
      },
      say: (line) => {
        writeLine(line, streams);
      },
    });
    if (serving.kind === 'refused') return exitCodeOf(serving);
    isReady = true;
    streams.stdout.write(`listening on ${serving.url}\n`);
    await signal;
    isReady = false;
    await serving.close();
  } finally {
    log.flush();
    await health?.close();
  }
  return exitCode.done;
}

async function serveWithWorkers(options: ServeOptions, streams: Streams): Promise<ExitCode> {
  // Here, so that a bundle that cannot be deployed is told once, and before anything is started.
  const checked = await checkDeployables(options, (diagnostics) => {
    writeDiagnostics(diagnostics, streams);
  });
  if (checked.kind === 'refused') return exitCodeOf(checked);
  if (options.redis === undefined) {
    writeLine(
      'each worker keeps caches, key-value maps and counters of its own; --state redis://HOST:PORT shares them',
      streams,
    );
  }
  let isReady = false;
  const health = await startHealth(options, streams, () => isReady);
  try {
    return await runPrimary({
      workers: options.workers,
      onReady(port) {
        isReady = true;
        streams.stdout.write(`listening on http://${authority(options.host, port)}\n`);
      },
      onStopping() {
        isReady = false;
      },
    });
  } finally {
    await health?.close();
  }
}

async function serveAsWorker(options: ServeOptions, streams: Streams): Promise<ExitCode> {
  const signal = stopSignal();
  const log = createServeLog(undefined);
  // The primary has told what is found at the start.
  let isStarted = false;
  const speaks = (): boolean => isStarted && process.env[spokesman] === '1';
  try {
    const serving = await startServing(options, {
      log,
      tell(diagnostics) {
        if (speaks()) writeDiagnostics(diagnostics, streams);
      },
      say(line) {
        if (speaks()) writeLine(line, streams);
      },
    });
    if (serving.kind === 'refused') return exitCodeOf(serving);
    isStarted = true;
    await signal;
    await serving.close();
  } finally {
    log.flush();
    // The channel to the primary would keep the process alive.
    cluster.worker?.disconnect();
  }
  return exitCode.done;
}

async function startHealth(
  { host, healthPort }: ServeOptions,
  streams: Streams,
  isReady: () => boolean,
) {
  if (healthPort === undefined) return undefined;
  const health = await listenForHealth({ host, port: healthPort }, isReady);
  writeLine(`health on http://${authority(host, health.port)}`, streams);
  return health;
}
