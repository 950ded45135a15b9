import type { CaseResult } from '../play/run-case.ts';
import type { SuiteResult } from '../play/run-suite.ts';
import { failureLines } from './failure-lines.ts';
import { tallyOf, type Run } from './run.ts';
import { xmlText } from './xml-text.ts';

/** The report that build servers read: JUnit's XML. */
export function junitReport(run: Run): string {
  const { passed, failed, skipped } = tallyOf(run);
  const tests = passed + failed + skipped;
  const attributes = `tests="${tests}" failures="${failed}" skipped="${skipped}" time="${seconds(run.milliseconds)}"`;
  const suites = run.suites.map(suiteXml).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="apx test" ${attributes}>\n${suites}</testsuites>\n`;
}

function suiteXml(suite: SuiteResult): string {
  const { passed, failed, skipped } = tallyOf({ suites: [suite] });
  const time = suite.results.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const broken = suite.results.filter(({ outcome }) => outcome === 'broken').length;
  const counts = `tests="${passed + failed + skipped}" failures="${failed - broken}" errors="${broken}" skipped="${skipped}"`;
  const cases = suite.results.map((result) => caseXml(result, suite)).join('');
  return `  <testsuite name="${xmlText(suite.name)}" file="${xmlText(suite.file)}" ${counts} time="${seconds(time)}">\n${cases}  </testsuite>\n`;
}

function caseXml(result: CaseResult, { name }: SuiteResult): string {
  const start = `    <testcase classname="${xmlText(name)}" name="${xmlText(result.case.name)}" time="${seconds(result.milliseconds)}"`;
  const lines = failureLines(result);
  const first = xmlText(lines[0] ?? '');
  const whole = xmlText(lines.join('\n'));
  switch (result.outcome) {
    case 'passed':
      return `${start}/>\n`;
    case 'skipped':
      return `${start}>\n      <skipped message="${xmlText(result.reason)}"/>\n    </testcase>\n`;
    case 'failed':
    case 'undeployable':
      return `${start}>\n      <failure type="${result.outcome}" message="${first}">${whole}</failure>\n    </testcase>\n`;
    case 'broken':
      return `${start}>\n      <error type="unexpected" message="${first}">${whole}</error>\n    </testcase>\n`;
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
