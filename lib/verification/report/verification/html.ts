import type { ObservedCall } from '../../matching/compare-message.ts';
import type { Exchange } from '../../verify/ask.ts';
import type { SideDifference } from '../../verify/compare-sides.ts';
import { headersThatNeverMatter } from '../../verify/header-meaning.ts';
import type { ComparedVerdict, SuiteVerdict, Verdict } from '../../verify/verify-suite.ts';
import { differenceTable } from '../html/differences.ts';
import { html, type Content, type Markup } from '../html/markup.ts';
import { callBlock, requestBlock, responseBlock } from '../html/messages.ts';
import { badge, fold, page, type Mood } from '../html/page.ts';
import { verificationTally, type Verification } from './verification.ts';

/** Differences of one case that are spelled out on a page. */
const most = 200;

/** The report for somebody who was not there: what was sent, what each side did, and what differs. */
export function verificationPage(verification: Verification): string {
  const { same, different, unanswered, skipped, unplayable, tolerated } =
    verificationTally(verification);
  const compared = same + different + unanswered;
  const failed = different + unanswered;
  const title =
    failed === 0 && unplayable === 0
      ? `The new gateway does the same in all ${compared} cases`
      : `The new gateway differs in ${failed} of ${compared} cases`;
  const lead = html`<p>
      ${badge('good', `${same} same`)}
      ${different === 0 ? undefined : badge('bad', `${different} different`)}
      ${unanswered === 0 ? undefined : badge('bad', `${unanswered} unanswered`)}
      ${unplayable === 0 ? undefined : badge('bad', `${unplayable} not playable`)}
      ${skipped === 0 ? undefined : badge('quiet', `${skipped} skipped`)}
      ${tolerated === 0 ? undefined : badge('warning', `${tolerated} tolerated`)}
    </p>
    <p>
      Each request was sent twice: to the Apigee bundle, run by apigee-interpreter, and to the new
      gateway at <code>${verification.against}</code>. Both had the same upstream services behind
      them, played by this tool, so that the calls that each side made could be compared too.
    </p>
    <p class="dim">It took ${(verification.milliseconds / 1000).toFixed(2)} s.</p>`;
  return page({ title, lead, body: [verification.suites.map(suitePart), reading()] });
}

function suitePart({ name, file, verdicts }: SuiteVerdict): Markup {
  const path = name === file ? undefined : html`<p class="dim">${file}</p>`;
  // What needs reading comes first.
  const ordered = [...verdicts].sort((one, other) => rank(one) - rank(other));
  return html`<section>
    <h2>${name}</h2>
    ${path}${ordered.map(casePart)}
  </section>`;
}

const moods: Readonly<Record<Verdict['outcome'], Mood>> = {
  same: 'good',
  different: 'bad',
  unanswered: 'bad',
  unplayable: 'bad',
  skipped: 'quiet',
};

function rank({ outcome }: Verdict): number {
  return moods[outcome] === 'bad' ? 0 : 1;
}

function casePart(verdict: Verdict): Markup {
  const mood = moods[verdict.outcome];
  const label = verdict.outcome === 'unplayable' ? 'not playable' : verdict.outcome;
  const heading = html`${badge(mood, label)} ${verdict.case.name} ${remark(verdict)}`;
  return fold(mood === 'bad' ? 'open' : 'closed', heading, caseBody(verdict));
}

function remark(verdict: Verdict): Content {
  if (verdict.outcome !== 'same' || verdict.differences.length === 0) return undefined;
  return badge('warning', `${verdict.differences.length} tolerated`);
}

function caseBody(verdict: Verdict): Content {
  switch (verdict.outcome) {
    case 'skipped':
      return html`<p>Not run: ${verdict.reason}</p>`;
    case 'unplayable':
      return html`<p>There is nothing to compare with:</p>
        <pre>${verdict.problems.map((problem) => `${problem}\n`)}</pre>`;
    case 'same':
    case 'different':
    case 'unanswered':
      return comparedBody(verdict);
  }
}

function comparedBody(verdict: ComparedVerdict): Content {
  const { requests, interpreter, candidate, differences, unexpected } = verdict;
  const isTolerated = ({ tolerated }: SideDifference): boolean => tolerated !== undefined;
  return [
    table(
      'What differs',
      differences.filter((difference) => !isTolerated(difference)),
    ),
    table('What differs and is tolerated by the suite', differences.filter(isTolerated)),
    requests.map((request, index) => {
      const which = requests.length === 1 ? '' : ` ${index + 1}`;
      return html`<h4>What was sent${which}</h4>
        ${requestBlock(request)}
        <div class="sides">
          <div>
            <h4>Apigee answered</h4>
            ${answer(interpreter.exchanges[index])}
          </div>
          <div>
            <h4>The new gateway answered</h4>
            ${answer(candidate.exchanges[index])}
          </div>
        </div>`;
    }),
    callsPart(interpreter.calls, candidate.calls),
    unexpected.length === 0
      ? undefined
      : [
          html`<h4>Doubtful: the interpreter itself does not do what the case expects</h4>`,
          differenceTable(unexpected.slice(0, most), { expected: 'the case', found: 'Apigee' }),
        ],
  ];
}

function table(heading: string, differences: readonly SideDifference[]): Content {
  if (differences.length === 0) return undefined;
  const left = differences.length - most;
  const shown = differences.slice(0, most).map(({ at, expected, found, note, tolerated }) => ({
    at,
    expected,
    found,
    ...noteOf(note, tolerated),
  }));
  return [
    html`<h4>${heading}</h4>`,
    differenceTable(shown, { expected: 'Apigee', found: 'the new gateway' }),
    left > 0 ? html`<p class="dim">and ${left} more</p>` : undefined,
  ];
}

function noteOf(note: string | undefined, tolerated: string | undefined): { note?: string } {
  const parts = [note, tolerated === undefined ? undefined : `Tolerated by ${tolerated}.`];
  const text = parts.filter((part) => part !== undefined).join(' ');
  return text === '' ? {} : { note: text };
}

function answer(exchange: Exchange | undefined): Content {
  if (exchange === undefined) return undefined;
  return exchange.kind === 'answered'
    ? responseBlock(exchange.response)
    : html`<p>No answer: ${exchange.message}.</p>`;
}

function callsPart(one: readonly ObservedCall[], other: readonly ObservedCall[]): Content {
  if (one.length === 0 && other.length === 0) return undefined;
  return html`<div class="sides">
    <div>
      <h4>Apigee called</h4>
      ${one.length === 0 ? html`<p class="dim">nobody</p>` : one.map(callBlock)}
    </div>
    <div>
      <h4>The new gateway called</h4>
      ${other.length === 0 ? html`<p class="dim">nobody</p>` : other.map(callBlock)}
    </div>
  </div>`;
}

function reading(): Markup {
  const names = [...headersThatNeverMatter].join(', ');
  return html`<section>
    <h2>How to read this</h2>
    <p>
      JSON bodies are compared as JSON, forms as forms and XML as XML: the order of members makes no
      difference. These headers never matter: ${names}. Reason phrases are not compared.
    </p>
  </section>`;
}
