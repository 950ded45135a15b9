import { formatDiagnostic } from '../../diagnostic/diagnostic.ts';
import type { Difference } from '../matching/difference.ts';
import type { CaseResult } from '../play/run-case.ts';

const longestValue = 400;

/** Why a case did not pass, line by line; nothing for one that did. */
export function failureLines(result: CaseResult): readonly string[] {
  switch (result.outcome) {
    case 'passed':
    case 'skipped':
      return [];
    case 'failed':
      return result.differences.flatMap(differenceLines);
    case 'undeployable':
      return result.diagnostics
        .filter(({ severity }) => severity === 'error')
        .map((diagnostic) => formatDiagnostic(diagnostic));
    case 'broken':
      return [`unexpected: ${result.error.message}`];
  }
}

export function differenceLines({ at, expected, found, note }: Difference): readonly string[] {
  return [
    note === undefined ? at : `${at}: ${note}`,
    ...(expected === undefined ? [] : [`  expected ${valueText(expected)}`]),
    ...(found === undefined && expected === undefined ? [] : [`  found    ${valueText(found)}`]),
  ];
}

/** A value as a case file would have it. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text =
    typeof value === 'bigint' ? value.toString() : (JSON.stringify(value) as string | undefined);
  if (text === undefined) return 'nothing';
  return text.length > longestValue ? `${text.slice(0, longestValue)}… (${text.length})` : text;
}
