import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import {
  Recording,
  seenFrom,
  UnfinishedRecordingError,
} from '../../verification/record/recording.ts';
import type { RecordedExchange } from '../../verification/record/recorded-exchange.ts';
import { RecordingProxy } from '../../verification/record/recording-proxy.ts';
import { whyUnreachable } from '../../verification/verify/reach.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { loopbackDoors } from '../loopback-doors.ts';
import { authority, cannotListen } from '../serve/address.ts';
import { serveOptions, type ServeOptions } from '../serve/options.ts';
import { exitCodeOf, type Refused } from '../serve/outcome.ts';
import { writeDiagnostics, writeLine } from '../terminal/diagnostics.ts';
import type { Streams } from '../terminal/streams.ts';
import { requireUrl, upstreams } from '../upstream-option.ts';
import { timeoutOf } from '../verify/options.ts';
import { behindBundles, type Behind } from './behind-bundles.ts';
import { behindGateway } from './behind-gateway.ts';
import { countOf, declareRecord, requireRecordable, type RecordFlags } from './options.ts';

/** Bytes of one body. */
const largestBody = 16 * 1024 * 1024;

/** `apx record [BUNDLE...] --out SUITE` */
export function addRecordCommand(
  program: Command,
  streams: Streams,
  finish: (code: ExitCode) => void,
): void {
  declareRecord(program).action(async (paths: readonly string[], flags: RecordFlags) => {
    finish(await record(paths, flags, streams));
  });
}

async function record(
  paths: readonly string[],
  flags: RecordFlags,
  streams: Streams,
): Promise<ExitCode> {
  requireRecordable(paths, flags);
  const count = countOf(flags.count);
  const options = serveOptions(
    paths,
    { ...flags, state: 'memory' },
    flags.before === undefined ? upstreams(flags.upstream) : {},
  );
  const behind = await recorded(flags, options, streams);
  if (behind.kind === 'refused') return exitCodeOf(behind);
  try {
    const recording = await started(paths, flags);
    try {
      await recordUntil(count, recording, behind, { options, streams });
      return await written(recording, flags, streams);
    } finally {
      await recording.abandon();
    }
  } finally {
    await behind.close();
  }
}

async function recorded(
  flags: RecordFlags,
  serve: ServeOptions,
  streams: Streams,
): Promise<Behind | Refused> {
  const patience = timeoutOf(flags.timeout);
  if (flags.before === undefined) {
    return behindBundles({
      serve,
      patience,
      largestBody,
      tell: (diagnostics) => {
        writeDiagnostics(diagnostics, streams);
      },
    });
  }
  const url = requireUrl(flags.before, '--before');
  const why = await whyUnreachable(url, patience);
  if (why !== undefined) throw new UsageError(`--before ${flags.before}: ${why}`);
  return behindGateway({ url, doors: loopbackDoors(flags.upstream ?? []), patience, largestBody });
}

/** @throws {UsageError} for a file that cannot be written */
async function started(paths: readonly string[], flags: RecordFlags): Promise<Recording> {
  const { out, env, before, mask = [], googleToken } = flags;
  const bundles = paths.map((one) => seenFrom(out, one));
  const isPath = env !== undefined && (await isThere(env));
  try {
    return await Recording.start({
      out,
      head: {
        name: path.basename(out).replace(/\.(?:ya?ml|json)$/, ''),
        ...(bundles.length === 0 ? {} : { bundle: bundles.length === 1 ? bundles[0] : bundles }),
        ...(isPath && before === undefined ? { environment: seenFrom(out, env) } : {}),
      },
      mask,
      secrets: googleToken === undefined ? [] : [googleToken],
    });
  } catch (error) {
    if (error instanceof UnfinishedRecordingError) throw new UsageError(error.message);
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--out ${out}: it cannot be written: ${why}`);
  }
}

/** Resolves when a signal comes, or so many requests have been recorded. */
async function recordUntil(
  count: number,
  recording: Recording,
  behind: Behind,
  { options, streams }: { readonly options: ServeOptions; readonly streams: Streams },
): Promise<void> {
  const { host, port } = options;
  let enough: () => void = () => undefined;
  const isEnough = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const onTrouble = (message: string): void => {
    writeLine(`not recorded: ${message}`, streams);
  };
  const onExchange = async (exchange: RecordedExchange): Promise<void> => {
    if (recording.count >= count) return;
    const why = await recording.add(exchange);
    if (why !== undefined) onTrouble(why);
    if (recording.count >= count) enough();
  };
  const proxy = await listening({ host, port, behind, onExchange, onTrouble });
  process.on('SIGTERM', enough).on('SIGINT', enough);
  try {
    streams.stdout.write(`listening on http://${authority(host, proxy.port)}\n`);
    await isEnough;
  } finally {
    // Another signal ends the process at once.
    process.off('SIGTERM', enough).off('SIGINT', enough);
    await proxy.close();
  }
}

async function listening(
  options: Parameters<typeof RecordingProxy.listen>[0],
): Promise<RecordingProxy> {
  try {
    return await RecordingProxy.listen(options);
  } catch (error) {
    throw cannotListen('--port', options.host, options.port, error);
  }
}

/** @throws {UsageError} when nothing was recorded, or the suite cannot be written */
async function written(
  recording: Recording,
  { out }: RecordFlags,
  streams: Streams,
): Promise<ExitCode> {
  const { count } = recording;
  if (count === 0) throw new UsageError(`nothing was recorded, and ${out} was not written`);
  let cases: number;
  try {
    cases = await recording.finish();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--out ${out}: it cannot be written: ${why}; see ${out}.unfinished`);
  }
  streams.stdout.write(
    `wrote ${out}: ${cases} ${cases === 1 ? 'case' : 'cases'} of ${count} ${count === 1 ? 'request' : 'requests'}\n`,
  );
  return exitCode.done;
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
