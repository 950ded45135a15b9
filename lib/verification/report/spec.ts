import type { CaseResult } from '../play/run-case.ts';
import { coverageReport } from './coverage.ts';
import { failureLines } from './failure-lines.ts';
import type { Paint } from './paint.ts';
import { tallyOf, type Run } from './run.ts';

/** The report for a person: each case on a line, what differs below it, the count at the end. */
export function specReport(run: Run, paint: Paint): string {
  const lines = run.suites.flatMap(({ name, results }) => [
    paint.strong(paint.text(name)),
    ...results.flatMap((result) => caseLines(result, paint)),
    '',
  ]);
  const coverage = run.coverage === undefined ? '' : coverageReport(run.coverage, paint);
  return `${lines.join('\n')}${summaryLine(run, paint)}\n${coverage}`;
}

function caseLines(result: CaseResult, paint: Paint): readonly string[] {
  const name = paint.text(result.case.name);
  const time = paint.dim(` ${result.milliseconds.toFixed(0)} ms`);
  switch (result.outcome) {
    case 'passed':
      return [`  ${paint.good('✓')} ${name}${time}`];
    case 'skipped':
      return [`  ${paint.dim(`- ${name}: ${paint.text(result.reason)}`)}`];
    case 'failed':
    case 'undeployable':
    case 'broken':
      return [
        `  ${paint.bad('✗')} ${name}${time}`,
        ...failureLines(result).map((line) => `      ${paint.text(line)}`),
      ];
  }
}

/** How many passed and failed, and the time it took. */
export function summaryLine(run: Run, paint: Paint): string {
  const { passed, failed, skipped } = tallyOf(run);
  const parts = [
    paint.good(`${passed} passed`),
    failed === 0 ? '0 failed' : paint.bad(`${failed} failed`),
    ...(skipped === 0 ? [] : [paint.dim(`${skipped} skipped`)]),
  ];
  return `${parts.join(', ')} ${paint.dim(`in ${(run.milliseconds / 1000).toFixed(2)} s`)}`;
}
