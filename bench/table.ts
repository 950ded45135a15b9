import type { Spread } from './rounds.ts';

/** One line of a benchmark's table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** Against what, and how it stands to it. */
  readonly ratio?: string;
  readonly goal?: string;
}

export function printTable(title: string, rows: readonly Row[]): void {
  const cells = [
    ['', 'median (least..most)', 'ratio', 'goal'],
    ...rows.map(({ what, measured, ratio = '', goal = '' }) => [what, measured, ratio, goal]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  console.log(`\n${title}\n`);
  for (const row of cells) {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ');
    console.log(`  ${line.trimEnd()}`);
  }
}

/** `12.3 (11.9..14.0) unit` */
export function shown({ median, least, most }: Spread, unit: string): string {
  return `${figure(median)} (${figure(least)}..${figure(most)}) ${unit}`;
}

/** Three digits, and no more than whole numbers. */
function figure(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 3));
}
