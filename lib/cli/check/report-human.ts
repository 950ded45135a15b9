import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { formatLocation } from '../../diagnostic/location.ts';
import { printableLine } from '../terminal/printable.ts';
import type { Streams } from '../terminal/streams.ts';
import type { CheckOutcome, CheckSummary } from './check-paths.ts';

type Colors = Streams['colors'];

/** The same line for a person, with the source it is about and how to mend it below. */
export function shownFinding(
  diagnostic: Diagnostic,
  excerpts: CheckOutcome['excerpts'],
  colors: Colors,
): string {
  const { severity, code, message, hint } = diagnostic;
  const place = colors.bold(printableLine(formatLocation(diagnostic)));
  const what = `${severityColor(severity, colors)(severity)} ${printableLine(code)}`;
  const source = excerpts.get(diagnostic) ?? '';
  const below = [
    ...(source === '' ? [] : source.split('\n').map((line) => colors.dim(line))),
    ...(hint === undefined ? [] : [`${colors.dim('hint')} ${printableLine(hint)}`]),
  ];
  return `${place} ${what} ${printableLine(message)}\n${below.map((line) => `    ${line}\n`).join('')}`;
}

/** The last line of a check. */
export function summaryLine(summary: CheckSummary, colors: Colors): string {
  const { errors, warnings, bundles, policies } = summary;
  const paint = errors > 0 ? colors.red : warnings > 0 ? colors.yellow : colors.green;
  const found = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  const where = `${counted(policies, 'policy', 'policies')}, ${counted(bundles, 'bundle')}`;
  return `${paint(found)} ${colors.dim(`(${where})`)}\n`;
}

function severityColor(severity: Diagnostic['severity'], colors: Colors): Colors['red'] {
  switch (severity) {
    case 'error':
      return colors.red;
    case 'warning':
      return colors.yellow;
    case 'info':
      return colors.cyan;
  }
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
