import type { SideDifference } from '../../verify/compare-sides.ts';
import type { ComparedVerdict, Verdict } from '../../verify/verify-suite.ts';
import { differenceLines, valueText } from '../failure-lines.ts';
import type { Paint } from '../paint.ts';
import { shownCall, shownExchange, shownRequest } from './shown.ts';
import { verificationTally, type Verification } from './verification.ts';

/** Differences of one case that are spelled out; a terminal is no place for thousands. */
const most = 50;

/**
 * The report for a person: each case on a line; below one that differs what was sent, what each side
 * did, and the difference; the count at the end.
 */
export function verificationText(verification: Verification, paint: Paint): string {
  const lines = verification.suites.flatMap(({ name, verdicts }) => [
    paint.strong(paint.text(name)),
    ...verdicts.flatMap((verdict) => verdictLines(verdict, paint)),
    '',
  ]);
  return `${lines.join('\n')}${verificationSummary(verification, paint)}\n`;
}

export function verificationSummary(verification: Verification, paint: Paint): string {
  const { same, different, unanswered, skipped, unplayable, tolerated, doubtful } =
    verificationTally(verification);
  const bad = (count: number, text: string): readonly string[] =>
    count === 0 ? [] : [paint.bad(`${count} ${text}`)];
  const dim = (count: number, text: string): readonly string[] =>
    count === 0 ? [] : [paint.dim(`${count} ${text}`)];
  const parts = [
    paint.good(`${same} same`),
    different === 0 ? '0 different' : paint.bad(`${different} different`),
    ...bad(unanswered, 'unanswered'),
    ...bad(unplayable, 'not playable'),
    ...dim(skipped, 'skipped'),
    ...dim(tolerated, tolerated === 1 ? 'tolerated difference' : 'tolerated differences'),
  ];
  const time = paint.dim(`in ${(verification.milliseconds / 1000).toFixed(2)} s`);
  const note =
    doubtful === 0
      ? ''
      : `\n${doubtful} ${doubtful === 1 ? 'case does' : 'cases do'} not hold in the interpreter itself; \`apx test\` says more.`;
  return `${parts.join(', ')} ${time}${note}`;
}

function verdictLines(verdict: Verdict, paint: Paint): readonly string[] {
  const name = paint.text(verdict.case.name);
  const indented = (lines: readonly string[], depth = 6): readonly string[] =>
    lines.map((line) => `${' '.repeat(depth)}${paint.text(line)}`);
  switch (verdict.outcome) {
    case 'skipped':
      return [`  ${paint.dim(`- ${name}: ${paint.text(verdict.reason)}`)}`];
    case 'unplayable':
      return [`  ${paint.bad('!')} ${name}`, ...indented(verdict.problems)];
    case 'same':
      return [
        `  ${paint.good('✓')} ${name}`,
        ...indented(differencesText(verdict.differences)).map(paint.dim),
        ...doubts(verdict, paint),
      ];
    case 'different':
    case 'unanswered':
      return [
        `  ${paint.bad('✗')} ${name}`,
        ...indented(playLines(verdict)).map(paint.dim),
        ...indented(differencesText(verdict.differences)),
        ...doubts(verdict, paint),
      ];
  }
}

/** What was sent and what each side did, a line each. */
function playLines({ requests, interpreter, candidate }: ComparedVerdict): readonly string[] {
  return [
    ...requests.flatMap((request, index) => {
      const [one, other] = [interpreter.exchanges[index], candidate.exchanges[index]];
      const { line, body } = shownRequest(request);
      return [
        `sent        ${line}${body === '' ? '' : ` ${valueText(body)}`}`,
        ...(one === undefined ? [] : [`interpreter ${shownExchange(one).line}`]),
        ...(other === undefined ? [] : [`candidate   ${shownExchange(other).line}`]),
      ];
    }),
    ...interpreter.calls.map((call) => `interpreter called ${shownCall(call).line}`),
    ...candidate.calls.map((call) => `candidate   called ${shownCall(call).line}`),
  ];
}

function differencesText(differences: readonly SideDifference[]): readonly string[] {
  const lines = differences.slice(0, most).flatMap((difference) => {
    const [first = '', ...values] = differenceLines(difference);
    const { tolerated } = difference;
    return [
      tolerated === undefined ? first : `${first} (tolerated by ${tolerated})`,
      ...values.map((line) =>
        line.replace(/^ {2}expected/, '  interpreter').replace(/^ {2}found   /, '  candidate  '),
      ),
    ];
  });
  const left = differences.length - most;
  return left > 0 ? [...lines, `and ${left} more`] : lines;
}

function doubts({ unexpected }: ComparedVerdict, paint: Paint): readonly string[] {
  if (unexpected.length === 0) return [];
  const places = unexpected.slice(0, 5).map(({ at }) => at);
  const text = `the interpreter itself does not do what the case expects: ${places.join(', ')}`;
  return [`      ${paint.dim(paint.text(text))}`];
}
