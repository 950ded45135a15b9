import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '../../../lib/bundle/bundle.ts';
import { loadBundle } from '../../../lib/bundle/load-bundle.ts';
import {
  replaySession,
  type ReplayOptions,
  type ReplayStart,
  type TransactionComparison,
} from '../../../lib/verification/replay/replay-session.ts';
import { inFolder } from '../../bundle/folder.ts';

export const edgeSession = 'fixtures/sessions/orders.edge.xml';
export const xSession = 'fixtures/sessions/orders.x.json';

/** A change to a file of fixtures/bundles/orders: a text that it has, and what stands there instead. */
export interface Change {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

/** The files of fixtures/bundles/orders, changed. */
export async function ordersFiles(
  changes: readonly Change[],
  added: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const root = 'fixtures/bundles/orders';
  const files: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files[file.slice(root.length + 1)] = await readFile(file, 'utf8');
  }
  for (const { file, from, to } of changes) {
    const path = `apiproxy/${file}`;
    const before = files[path] ?? '';
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${path} has no ${String(from)}`);
    files[path] = after;
  }
  for (const [file, text] of Object.entries(added)) files[`apiproxy/${file}`] = text;
  return files;
}

export async function ordersBundles(
  changes: readonly Change[] = [],
  added: Readonly<Record<string, string>> = {},
): Promise<readonly Bundle[]> {
  const proxy = await inFolder(await ordersFiles(changes, added), (folder) => loadBundle(folder));
  return [proxy, await loadBundle('fixtures/bundles/correlate')];
}

export interface Replay {
  readonly start: ReplayStart;
  readonly transactions: readonly TransactionComparison[];
  /** `where: what: recorded -> replayed` of what nothing explains. */
  readonly unexplained: readonly string[];
  /** `explanation: what` of everything else, each once. */
  readonly explained: ReadonlySet<string>;
}

export async function replayed(options: ReplayOptions): Promise<Replay> {
  let start: ReplayStart | undefined;
  const transactions: TransactionComparison[] = [];
  for await (const part of replaySession(options)) {
    if (part.kind === 'start') start = part;
    else transactions.push(part);
  }
  if (start === undefined) throw new Error('The replay did not start');
  const findings = transactions.flatMap((transaction) => transaction.findings);
  return {
    start,
    transactions,
    unexplained: findings
      .filter(({ explanation }) => explanation === undefined)
      .map(
        ({ where, what, recorded = 'nothing', replayed: found = 'nothing' }) =>
          `${where}: ${what}: ${recorded} -> ${found}`,
      ),
    explained: new Set([
      ...start.revision.map(({ explanation, what }) => `${explanation}: ${what}`),
      ...findings.flatMap(({ explanation, what }) =>
        explanation === undefined ? [] : [`${explanation}: ${what}`],
      ),
    ]),
  };
}
