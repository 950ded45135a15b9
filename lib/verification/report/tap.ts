import type { CaseResult } from '../play/run-case.ts';
import { failureLines } from './failure-lines.ts';
import type { Run } from './run.ts';

/** The Test Anything Protocol, version 14. */
export function tapReport({ suites }: Run): string {
  const results = suites.flatMap(({ name, results: own }) =>
    own.map((result) => ({ name, result })),
  );
  const lines = results.flatMap(({ name, result }, index) =>
    caseLines(result, `${index + 1} - ${description(`${name}: ${result.case.name}`)}`),
  );
  return ['TAP version 14', `1..${results.length}`, ...lines, ''].join('\n');
}

function caseLines(result: CaseResult, title: string): readonly string[] {
  switch (result.outcome) {
    case 'passed':
      return [`ok ${title}`];
    case 'skipped':
      return [`ok ${title} # SKIP ${description(result.reason)}`];
    case 'failed':
    case 'undeployable':
    case 'broken':
      return [
        `not ok ${title}`,
        '  ---',
        '  message: |-',
        ...failureLines(result).map((line) => `    ${oneLine(line)}`),
        '  ...',
      ];
  }
}

/** `#` begins a directive. */
function description(text: string): string {
  return oneLine(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#');
}

function oneLine(text: string): string {
  return text.replace(
    /[\0-\x1f\x7f-\x9f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
