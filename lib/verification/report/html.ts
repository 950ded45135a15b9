import { formatDiagnostic } from '../../diagnostic/diagnostic.ts';
import type { Observation, TransactionObservation } from '../play/observation.ts';
import type { CaseResult } from '../play/run-case.ts';
import type { SuiteResult } from '../play/run-suite.ts';
import { stepsOf } from '../play/play-policy.ts';
import type { Case } from '../suite/case.ts';
import { requestParts } from '../suite/request.ts';
import { coveragePart, type SourceOf } from './html/coverage.ts';
import { differenceTable } from './html/differences.ts';
import { html, type Content, type Markup } from './html/markup.ts';
import { callBlock, requestBlock, responseBlock } from './html/messages.ts';
import { badge, fold, page, type Mood } from './html/page.ts';
import { readableValue } from './html/readable-value.ts';
import { tallyOf, type Run } from './run.ts';

/**
 * The report for somebody who was not there: one page with every case, what it sent, what came of it, what
 * differs, and what the cases reach.
 */
export function htmlReport(run: Run, sourceOf: SourceOf): string {
  const { passed, failed, skipped } = tallyOf(run);
  const lead = html`<p>
      ${badge('good', `${passed} passed`)}
      ${failed === 0 ? undefined : badge('bad', `${failed} failed`)}
      ${skipped === 0 ? undefined : badge('quiet', `${skipped} skipped`)}
    </p>
    <p class="dim">
      Cases of policies and API proxies, run by apigee-interpreter in virtual time against the
      answers that the suites give: no real service was called. ${startOf(run)}
    </p>`;
  const title = failed === 0 ? 'All cases passed' : `${failed} of ${passed + failed} cases failed`;
  const coverage = run.coverage === undefined ? undefined : coveragePart(run.coverage, sourceOf);
  return page({ title, lead, body: [run.suites.map(suitePart), coverage] });
}

function startOf({ startedAt, milliseconds }: Run): string {
  const time = `It took ${(milliseconds / 1000).toFixed(2)} s.`;
  return startedAt === undefined ? time : `Started ${new Date(startedAt).toISOString()}. ${time}`;
}

function suitePart({ name, file, results }: SuiteResult): Markup {
  const path = name === file ? undefined : html`<p class="dim">${file}</p>`;
  return html`<section>
    <h2>${name}</h2>
    ${path}${results.map(casePart)}
  </section>`;
}

const moods: Readonly<Record<CaseResult['outcome'], Mood>> = {
  passed: 'good',
  skipped: 'quiet',
  failed: 'bad',
  undeployable: 'bad',
  broken: 'bad',
};

function casePart(result: CaseResult): Markup {
  const mood = moods[result.outcome];
  const heading = html`${badge(mood, result.outcome)} ${result.case.name}
    <span class="dim">${result.milliseconds.toFixed(0)} ms</span>`;
  return fold(mood === 'bad' ? 'open' : 'closed', heading, caseBody(result));
}

function caseBody(result: CaseResult): Content {
  switch (result.outcome) {
    case 'passed':
      return observed(result.case, result.observation);
    case 'failed':
      return [
        html`<h4>What differs</h4>`,
        differenceTable(result.differences),
        observed(result.case, result.observation),
      ];
    case 'skipped':
      return html`<p>Not run: ${result.reason}</p>`;
    case 'undeployable':
      return html`<p>What is under test could not be deployed:</p>
        <pre>
${result.diagnostics.map((one) => `${formatDiagnostic(one)}${one.hint === undefined ? '' : ` ${one.hint}`}\n`)}</pre>`;
    case 'broken':
      return html`<p>apigee-interpreter itself failed:</p>
        <pre>${result.error.stack ?? result.error.message}</pre>`;
  }
}

function observed(one: Case, { transactions, calls, unexpected, log }: Observation): Content {
  const isAlone = stepsOf(one).length > 0;
  const requests =
    one.requests ?? (isAlone && one.request === undefined ? [] : [one.request ?? 'GET /']);
  const sent = requests.map(requestParts);
  const logged = log.map(
    ({ level, details, message }) => `${level} ${message} ${readableValue(details)}\n`,
  );
  return [
    part('Variables before', one.variables === undefined ? [] : [preformatted(one.variables)]),
    part('What was sent', sent.map(requestBlock)),
    transactions.map((transaction, index) =>
      transactionPart(transaction, index, transactions.length),
    ),
    part('Calls that left', calls.map(callBlock)),
    part('Calls that nothing answers', unexpected.map(callBlock)),
    part('Log', logged.length === 0 ? [] : [html`<pre>${logged}</pre>`]),
  ];
}

function transactionPart(
  { steps, fault, faultRule, response }: TransactionObservation,
  index: number,
  count: number,
): Content {
  const which = count === 1 ? '' : ` ${index + 1}`;
  const rule = faultRule === undefined ? '' : `, handled by fault rule ${faultRule}`;
  return [
    part(`Steps that ran${which}`, steps.length === 0 ? [] : [html`<p>${steps.join(' → ')}</p>`]),
    fault === undefined
      ? undefined
      : part(`Fault${which}`, [
          html`<p>${fault.status} ${fault.code}${rule}: ${fault.faultstring}</p>`,
        ]),
    response === undefined ? undefined : part(`Response${which}`, [responseBlock(response)]),
  ];
}

function part(heading: string, content: readonly Markup[]): Content {
  return content.length === 0 ? undefined : [html`<h4>${heading}</h4>`, content];
}

function preformatted(value: unknown): Markup {
  return html`<pre>${readableValue(value)}</pre>`;
}
