import type { CoveredFile } from '../coverage/coverage.ts';
import { coverageTotals } from '../coverage/totals.ts';
import type { CaseResult } from '../play/run-case.ts';
import { tallyOf, type Run } from './run.ts';

/** The report for a program: one JSON document. */
export function jsonReport(run: Run): string {
  const document = {
    summary: { ...tallyOf(run), milliseconds: Math.round(run.milliseconds) },
    suites: run.suites.map(({ file, name, results }) => ({
      file,
      name,
      cases: results.map(caseJson),
    })),
    ...(run.coverage === undefined ? {} : { coverage: coverageJson(run.coverage) }),
  };
  const plain = (_key: string, value: unknown): unknown =>
    typeof value === 'bigint' ? value.toString() : value;
  return `${JSON.stringify(document, plain, 2)}\n`;
}

function coverageJson(files: readonly CoveredFile[]): unknown {
  return {
    totals: coverageTotals(files),
    files: files.map(({ file, parts }) => ({
      file,
      parts: parts.map(({ kind, name, location: { line, column }, reached, missed }) => ({
        kind,
        name,
        line,
        column,
        reached,
        ...(kind === 'condition' ? { missed } : {}),
      })),
    })),
  };
}

function caseJson(result: CaseResult): unknown {
  const core = {
    name: result.case.name,
    outcome: result.outcome,
    milliseconds: Math.round(result.milliseconds),
  };
  switch (result.outcome) {
    case 'passed':
      return core;
    case 'skipped':
      return { ...core, reason: result.reason };
    case 'failed':
      return { ...core, differences: result.differences };
    case 'undeployable':
      return { ...core, diagnostics: result.diagnostics };
    case 'broken':
      return { ...core, error: result.error.message };
  }
}
