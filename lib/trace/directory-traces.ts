import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../host/log.ts';
import { debugSessionText } from './debug-session.ts';
import type { RecorderFor } from './recorder.ts';
import type { TransactionRecord } from './transaction-record.ts';
import { TransactionRecorder } from './transaction-recorder.ts';

/** Records of transactions, as files in a directory. */
export interface DirectoryTraces {
  readonly recorderFor: RecorderFor;
  /** Resolves when every file that was begun is written or given up. */
  settled(): Promise<void>;
}

/** Files being written at once, unless said otherwise. */
const defaultUnderWay = 32;

/**
 * Writes one file a transaction into a directory, which is made if it is not there: a debug session that
 * Apigee's tools read. A file appears whole or not at all. Requests wait for no file: while `underWay` of
 * them are being written further records are dropped. A failure is told the host's log, the first one only.
 */
export function directoryTraces(directory: string, underWay = defaultUnderWay): DirectoryTraces {
  const writing = new Set<Promise<void>>();
  const told = new Set<string>();
  const tellOnce = (log: Log, problem: string, error: unknown): void => {
    if (told.has(problem)) return;
    told.add(problem);
    log.error({ directory, error }, problem);
  };

  const keep = (record: TransactionRecord, log: Log): void => {
    if (writing.size >= underWay) {
      tellOnce(
        log,
        'Transactions come faster than their traces can be written: some have none',
        undefined,
      );
      return;
    }
    const written = writeWhole(directory, fileName(record), debugSessionText(record))
      .catch((error: unknown) => {
        tellOnce(log, 'A trace could not be written', error);
      })
      .finally(() => writing.delete(written));
    writing.add(written);
  };

  return {
    recorderFor: () =>
      new TransactionRecorder((record, { host }) => {
        keep(record, host.log);
      }),
    async settled() {
      while (writing.size > 0) await Promise.all(writing);
    },
  };
}

/** `20150425T202000187Z-8239ce98-8681.json`: names sort by time, whatever a message id holds. */
function fileName({ startedAt, messageId }: TransactionRecord): string {
  const time = new Date(startedAt).toISOString().replace(/[-:.]/g, '');
  const id = messageId.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 100);
  return `${time}-${id}.json`;
}

async function writeWhole(directory: string, name: string, text: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, name);
  const unfinished = path.join(directory, `.${name}.part`);
  try {
    // What passed through a proxy is not for every user of the machine.
    await writeFile(unfinished, text, { mode: 0o600 });
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
