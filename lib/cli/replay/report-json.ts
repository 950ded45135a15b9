import type {
  ReplayStart,
  TransactionComparison,
} from '../../verification/replay/replay-session.ts';
import type { Streams } from '../terminal/streams.ts';
import type { ReplayReport } from './report.ts';
import type { ReplayTally } from './tally.ts';

/** One JSON document, written piece by piece. */
export function jsonReport({ stdout }: Streams, tally: ReplayTally): ReplayReport {
  let separator = '';
  return {
    part(part, session) {
      if (part.kind === 'start') {
        stdout.write(`{\n${members(start(part, session))},\n"transactions": [`);
        return;
      }
      stdout.write(`${separator}\n${JSON.stringify(transaction(part))}`);
      separator = ',';
    },
    end() {
      stdout.write(
        `\n],\n${members({ explained: explained(tally), summary: summary(tally) })}\n}\n`,
      );
    },
  };
}

function members(object: object): string {
  return Object.entries(object)
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(',\n');
}

function start({ head, transactions, proxy, notes, revision }: ReplayStart, session: string) {
  return {
    session: { file: session, ...head, transactions },
    bundle: { name: proxy.name, revision: proxy.revision, path: proxy.path },
    notes,
    revision,
  };
}

function transaction({ id, line, request, agreed, findings }: TransactionComparison) {
  const differences = findings.filter(({ explanation }) => explanation === undefined);
  return {
    id,
    line,
    request: request ?? null,
    outcome: differences.length === 0 ? 'agrees' : 'differs',
    agreed,
    differences,
    explained: findings.filter(({ explanation }) => explanation !== undefined),
  };
}

function explained(tally: ReplayTally) {
  return tally.explained.map(({ explanation, meaning, times, what, isRevision }) => ({
    name: explanation,
    meaning,
    times,
    what: Object.fromEntries(what),
    ofAnotherRevision: isRevision,
  }));
}

function summary({ transactions, differing, unexplained, strictness, agrees }: ReplayTally) {
  return { transactions, differing, differences: unexplained, strictness, agrees };
}
