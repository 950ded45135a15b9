import type { Verdict } from '../../verify/verify-suite.ts';
import { differenceLines } from '../failure-lines.ts';
import { xmlText } from '../xml-text.ts';
import { verificationTally, type Verification } from './verification.ts';

/** The report for CI servers, in the form that they know from JUnit. */
export function verificationJunit({ suites, milliseconds, against }: Verification): string {
  const all = verificationTally({ suites });
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({
      name: `apx verify against ${against}`,
      ...counts(all),
      time: (milliseconds / 1000).toFixed(3),
    })}>`,
    ...suites.flatMap(({ name, file, verdicts }) => [
      `  <testsuite${attributes({
        name,
        file,
        ...counts(verificationTally({ suites: [{ name, file, verdicts }] })),
      })}>`,
      ...verdicts.flatMap((verdict) => caseLines(verdict, name)),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function counts(tally: ReturnType<typeof verificationTally>) {
  const { same, different, unanswered, skipped, unplayable } = tally;
  return {
    tests: same + different + unanswered + skipped + unplayable,
    failures: different + unanswered,
    errors: unplayable,
    skipped,
  };
}

function caseLines(verdict: Verdict, suite: string): readonly string[] {
  const open = `    <testcase${attributes({ name: verdict.case.name, classname: suite })}`;
  switch (verdict.outcome) {
    case 'same':
      return [`${open}/>`];
    case 'skipped':
      return [`${open}>`, `      <skipped${attributes({ message: verdict.reason })}/>`, closing];
    case 'unplayable': {
      const message = verdict.problems[0] ?? 'There is nothing to compare with.';
      return [
        `${open}>`,
        `      <error${attributes({ message })}>${xmlText(verdict.problems.join('\n'))}</error>`,
        closing,
      ];
    }
    case 'different':
    case 'unanswered': {
      const untolerated = verdict.differences.filter(({ tolerated }) => tolerated === undefined);
      const message = untolerated
        .map(({ at }) => at)
        .slice(0, 5)
        .join(', ');
      const detail = untolerated.flatMap(differenceLines).join('\n');
      return [
        `${open}>`,
        `      <failure${attributes({ message, type: verdict.outcome })}>${xmlText(detail)}</failure>`,
        closing,
      ];
    }
  }
}

const closing = '    </testcase>';

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join('');
}
