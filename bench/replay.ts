import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { loadBundles } from '../lib/bundle/load-bundle.ts';
import { replaySession } from '../lib/verification/replay/replay-session.ts';
import { printTable, type Row } from './table.ts';

const sizes = [10, 100];

/** Sessions of one form, made by repeating the transaction of a small one. */
interface Form {
  readonly name: string;
  readonly file: string;
  /** Where the transaction that is repeated begins and ends, and what separates two of them. */
  readonly start: string;
  readonly end: string;
  readonly separator: string;
}

const forms: readonly Form[] = [
  {
    name: "Edge's XML",
    file: 'fixtures/sessions/orders.edge.xml',
    start: '<Message>',
    end: '</Message>',
    separator: '\n',
  },
  {
    name: "Apigee X's JSON",
    file: 'fixtures/sessions/orders.x.json',
    start: '    {\n      "DebugId"',
    end: '\n    }',
    separator: ',\n',
  },
];

/** Long sessions: how fast they are replayed, each transaction twice, and what memory that takes. */
export async function replay(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'apx-bench-'));
  try {
    const rows: Row[] = [];
    for (const form of forms) {
      for (const megabytes of sizes) {
        rows.push(await rowOf(form, megabytes, join(folder, 'session')));
      }
    }
    printTable('replay: a long debug session, each transaction twice', rows);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function rowOf(form: Form, megabytes: number, file: string): Promise<Row> {
  await grow(form, megabytes, file);
  const bundles = (
    await Promise.all(
      ['orders', 'correlate'].map((name) => loadBundles(`fixtures/bundles/${name}`)),
    )
  ).flat();
  const before = process.memoryUsage().rss;
  let most = before;
  let transactions = 0;
  let differences = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const started = performance.now();
  for await (const part of replaySession({ session: file, bundles })) {
    if (part.kind === 'start') continue;
    transactions += 1;
    differences += part.findings.filter(({ explanation }) => explanation === undefined).length;
    most = Math.max(most, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  const { size } = await stat(file);
  return {
    what: `${megabytes} MB of ${form.name}, ${transactions} transactions, ${differences} unexplained`,
    measured: `${seconds.toFixed(1)} s, ${(size / 1e6 / seconds).toFixed(1)} MB/s`,
    ratio: `resident memory ${(before / 1e6).toFixed(0)} -> at most ${(most / 1e6).toFixed(0)} MB`,
    goal: 'memory does not grow with the session',
  };
}

async function grow(
  { file: small, start, end, separator }: Form,
  megabytes: number,
  file: string,
): Promise<void> {
  const text = await readFile(small, 'utf8');
  const from = text.indexOf(start);
  const to = text.indexOf(end, from) + end.length;
  const transaction = text.slice(from, to);
  const after = text.slice(text.lastIndexOf(end) + end.length);
  const output = createWriteStream(file);
  output.write(text.slice(0, from));
  const count = Math.ceil((megabytes * 1e6) / Buffer.byteLength(transaction));
  for (let number = 0; number < count; number += 1) {
    const isRoomLeft = output.write(`${number === 0 ? '' : separator}${transaction}`);
    if (!isRoomLeft) await once(output, 'drain');
  }
  output.end(after);
  await once(output, 'finish');
}
