import type { CoveredFile } from '../coverage/coverage.ts';
import { coverageTotals, gapOf } from '../coverage/totals.ts';
import type { Paint } from './paint.ts';

/** Coverage for a person: how much of each kind, and every gap with its place. */
export function coverageReport(files: readonly CoveredFile[], paint: Paint): string {
  const totals = coverageTotals(files).map(({ kind, reached, count }) => {
    const share = `${reached}/${count}`.padStart(9);
    const percent = `${((100 * reached) / count).toFixed(0)} %`.padStart(6);
    const line = `  ${pluralOf(kind).padEnd(20)}${share}${percent}`;
    return reached === count ? paint.good(line) : line;
  });
  const gaps = files.flatMap(({ file, parts }) =>
    parts.flatMap((part) => {
      const gap = gapOf(part);
      if (gap === undefined) return [];
      const { line, column } = part.location;
      return [`  ${paint.text(`${file}:${line}:${column}`)} ${paint.bad(paint.text(gap))}`];
    }),
  );
  return ['', paint.strong('Coverage'), ...totals, ...gaps, ''].join('\n');
}

export function pluralOf(kind: string): string {
  if (kind === 'condition') return 'condition outcomes';
  return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}
