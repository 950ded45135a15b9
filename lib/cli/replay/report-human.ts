import { formatDiagnostic } from '../../diagnostic/diagnostic.ts';
import { aspects, type CountedFinding } from '../../verification/replay/compare/finding.ts';
import type {
  ReplayStart,
  TransactionComparison,
} from '../../verification/replay/replay-session.ts';
import { printableLine } from '../terminal/printable.ts';
import type { Streams } from '../terminal/streams.ts';
import type { ReplayReport } from './report.ts';
import type { Explained, ReplayTally } from './tally.ts';

const longestValue = 400;
const mostDifferences = 100;
const mostNotes = 20;
const mostWhat = 6;

/** For a person who was not there: what was sent, what agreed, what differs, and why the rest may. */
export function humanReport({ stdout, colors }: Streams, tally: ReplayTally): ReplayReport {
  const line = (text: string): void => {
    stdout.write(`${text}\n`);
  };
  return {
    part(part, session) {
      const lines =
        part.kind === 'start' ? startLines(part, session, colors) : transactionLines(part, colors);
      for (const text of lines) line(text);
    },
    end() {
      for (const text of endLines(tally, colors)) line(text);
    },
  };
}

type Colors = Streams['colors'];

function startLines(
  { head, transactions, proxy, notes }: ReplayStart,
  session: string,
  colors: Colors,
): readonly string[] {
  const { organization, environment } = head;
  const recorded = [
    `${head.proxy === '' ? 'a proxy' : head.proxy}${head.revision === '' ? '' : ` revision ${head.revision}`}`,
    ...(organization === '' ? [] : [`organization ${organization}`]),
    ...(environment === '' ? [] : [`environment ${environment}`]),
    counted(transactions, 'transaction'),
  ];
  const shown = notes
    .slice(0, mostNotes)
    .map((note) => `  ${printableLine(formatDiagnostic(note))}`);
  return [
    `${colors.bold('session')} ${printableLine(`${session}: ${recorded.join(', ')}`)}`,
    `${colors.bold('bundle ')} ${printableLine(`${proxy.path}: ${proxy.name} revision ${proxy.revision}`)}`,
    ...(notes.length === 0
      ? []
      : [
          '',
          `Apigee would not deploy this bundle (${counted(notes.length, 'error')}). It is replayed as it is:`,
          ...shown.map((text) => colors.dim(text)),
          ...more(notes.length - shown.length),
        ]),
    '',
  ];
}

function transactionLines(
  { id, line, request, agreed, findings }: TransactionComparison,
  colors: Colors,
): readonly string[] {
  const differences = findings.filter(({ explanation }) => explanation === undefined);
  const explained = findings.length - differences.length;
  const mark = differences.length === 0 ? colors.green('✓') : colors.red('✗');
  const counts = aspects
    .filter((aspect) => agreed[aspect] > 0)
    .map((aspect) =>
      counted(agreed[aspect], aspect.replace(/ies$/, 'y').replace(/s$/, ''), aspect),
    );
  const place = colors.dim(`(line ${line}${id === '' ? '' : `, ${printableLine(id)}`})`);
  const shown = differences.slice(0, mostDifferences);
  return [
    `${mark} ${printableLine(request ?? 'a request that the session does not show')} ${place}`,
    `    agreed: ${counts.length === 0 ? 'nothing' : counts.join(', ')}`,
    ...(explained === 0 ? [] : [colors.dim(`    explained: ${counted(explained, 'difference')}`)]),
    ...(differences.length === 0
      ? []
      : [`    ${colors.red(`not explained: ${counted(differences.length, 'difference')}`)}`]),
    ...shown.flatMap((finding) => findingLines(finding, colors)),
    ...more(differences.length - shown.length),
  ];
}

function findingLines(
  { where, what, recorded, replayed, times }: CountedFinding,
  colors: Colors,
): readonly string[] {
  const again = times === 1 ? '' : colors.dim(` (and ${times - 1} times more)`);
  return [
    `      ${colors.bold(printableLine(where))}: ${printableLine(what)}${again}`,
    `        recorded  ${value(recorded)}`,
    `        replayed  ${value(replayed)}`,
  ];
}

function value(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  const shown = text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
  return printableLine(shown === '' ? '""' : shown);
}

function endLines(tally: ReplayTally, colors: Colors): readonly string[] {
  const { explained, transactions, differing, unexplained, strictness } = tally;
  const revisions = explained.filter(({ isRevision }) => isRevision);
  const others = explained.filter(({ isRevision }) => !isRevision);
  const verdict =
    unexplained > 0
      ? colors.red(
          `${counted(unexplained, 'difference')} that nothing explains, in ${differing} of ${counted(transactions, 'transaction')}`,
        )
      : !tally.agrees
        ? colors.red('The bundle is another revision than the recorded one, which --strict counts')
        : colors.green(
            `${counted(transactions, 'transaction')} replayed, no difference that nothing explains`,
          );
  const counts = strictness === 'strict' ? 'counted, for --strict is given' : 'not counted';
  return [
    ...group('Differences that a replay cannot help:', others, colors),
    ...group(
      `The bundle is another revision than the recorded one (${counts}):`,
      revisions,
      colors,
    ),
    '',
    verdict,
  ];
}

function group(title: string, explained: readonly Explained[], colors: Colors): readonly string[] {
  if (explained.length === 0) return [];
  return [
    '',
    title,
    ...explained.flatMap(({ explanation, meaning, times, what }) => {
      const all = [...what].map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
      const shown = all.slice(0, mostWhat);
      const rest = all.length - shown.length;
      return [
        `  ${colors.bold(explanation)} ${colors.dim(`(${times})`)}: ${meaning}`,
        ...shown.map((name) => `      ${printableLine(name)}`),
        ...more(rest),
      ];
    }),
  ];
}

function more(count: number): readonly string[] {
  return count > 0 ? [`      and ${count} more`] : [];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
