import type { CoveredFile, CoveredPart } from '../coverage/coverage.ts';

/** Coverage of the XML lines as lcov's trace file: editors and coverage services read it. */
export function lcovReport(files: readonly CoveredFile[]): string {
  return files.map(({ file, parts }) => `${fileRecord(file, parts).join('\n')}\n`).join('');
}

function fileRecord(file: string, parts: readonly CoveredPart[]): readonly string[] {
  const lines = new Map<number, number>();
  for (const { location, reached, missed } of parts) {
    const times = reached + missed;
    // Of several parts on a line the one that was reached least: a gap must show.
    lines.set(location.line, Math.min(lines.get(location.line) ?? Infinity, times));
  }
  const branches = parts
    .filter(({ kind }) => kind === 'condition')
    .flatMap(({ location: { line }, reached, missed }, block) => {
      const wasAsked = reached + missed > 0;
      return [reached, missed].map((times, branch) => ({
        times,
        text: `BRDA:${line},${block},${branch},${wasAsked ? times : '-'}`,
      }));
    });
  return [
    'TN:',
    // A line ends a record.
    `SF:${file.replace(/[\r\n]/g, ' ')}`,
    ...branches.map(({ text }) => text),
    `BRF:${branches.length}`,
    `BRH:${branches.filter(({ times }) => times > 0).length}`,
    ...[...lines].map(([line, times]) => `DA:${line},${times}`),
    `LF:${lines.size}`,
    `LH:${[...lines.values()].filter((times) => times > 0).length}`,
    'end_of_record',
  ];
}
