import path from 'node:path';
import { expect } from 'chai';
import { runSuite } from '../../../lib/verification/play/run-suite.ts';
import type { CaseResult } from '../../../lib/verification/play/run-case.ts';
import { failureLines } from '../../../lib/verification/report/failure-lines.ts';
import { parseSuite } from '../../../lib/verification/suite/read-suite.ts';

const fixtures = path.resolve(import.meta.dirname, '../../../fixtures');

const callout = (attributes: string, rest: string): string =>
  `<ServiceCallout name="SC"${attributes}>${rest}<HTTPTargetConnection><URL>http://a.test/p</URL></HTTPTargetConnection></ServiceCallout>`;
const awaited = callout('', '<Response>r</Response>');
const forgotten = callout('', '');
const assign = (name: string, value: string): string =>
  `<AssignMessage name="AM-${name}"><AssignVariable><Name>${name}</Name><Value>${value}</Value></AssignVariable></AssignMessage>`;

interface Row {
  readonly what: string;
  readonly suite?: object;
  readonly one: object;
  readonly outcome: CaseResult['outcome'];
  /** What its failure mentions. */
  readonly says?: readonly string[];
}

const rows: readonly Row[] = [
  {
    what: 'a fault that nobody expected',
    one: { policy: awaited, upstreams: { 'http://a.test': { status: 500 } }, expect: {} },
    outcome: 'failed',
    says: ['fault', 'steps.servicecallout.ExecutionFailed'],
  },
  {
    what: 'no fault where one is expected',
    one: { policy: awaited, upstreams: { 'http://a.test': {} }, expect: { fault: {} } },
    outcome: 'failed',
    says: ['fault', 'found    nothing'],
  },
  {
    what: 'a call that nothing answers',
    one: { policy: awaited, upstreams: { 'http://b.test': {} }, expect: { fault: {} } },
    outcome: 'failed',
    says: [
      'calls without an answer[0]: No upstream of the case answers this call.',
      'http://a.test/p',
    ],
  },
  {
    what: 'a call of nobody who waits, left hanging',
    one: {
      policy: forgotten,
      upstreams: { 'http://a.test': { failure: 'hang' } },
      expect: { calls: [{ url: 'http://a.test/p' }] },
    },
    outcome: 'passed',
  },
  {
    what: 'steps with expectations between them',
    one: {
      steps: [
        { set: { one: 'before' } },
        { expect: { one: 'before', two: null } },
        { policy: assign('one', 'after') },
        { policy: assign('two', 'x') },
        { expect: { one: 'before' } },
      ],
      expect: { steps: ['AM-one', 'AM-two'], variables: { two: { pattern: '^x$' } } },
    },
    outcome: 'failed',
    says: ['steps[4].one', 'expected "before"', 'found    "after"'],
  },
  {
    what: 'shared flows of a suite and of a case',
    suite: { sharedFlows: { both: [assign('one', '1')], other: [assign('two', '2')] } },
    one: {
      sharedFlows: { both: [assign('one', 'of the case')] },
      steps: ['both', 'other'].map((name) => ({
        policy: `<FlowCallout name="FC-${name}"><SharedFlowBundle>${name}</SharedFlowBundle></FlowCallout>`,
      })),
      expect: { variables: { one: 'of the case', two: '2' } },
    },
    outcome: 'passed',
  },
  {
    what: 'a shared flow by the path of its bundle',
    one: {
      sharedFlows: { correlate: path.join(fixtures, 'bundles/correlate') },
      policy: '<FlowCallout name="FC"><SharedFlowBundle>correlate</SharedFlowBundle></FlowCallout>',
      expect: {},
    },
    outcome: 'passed',
  },
  {
    what: 'a shared flow that is a proxy',
    one: {
      sharedFlows: { x: path.join(fixtures, 'bundles/geocode') },
      policy: '<FlowCallout name="FC"><SharedFlowBundle>x</SharedFlowBundle></FlowCallout>',
      expect: {},
    },
    outcome: 'undeployable',
    says: ['There is no shared flow bundle here.'],
  },
  {
    what: 'a quota that is used up, and is there again when its time has come',
    one: {
      policy:
        '<Quota name="Q"><Allow count="1"/><Interval>1</Interval><TimeUnit>minute</TimeUnit></Quota>',
      requests: ['GET /', { after: 60_000 }, { after: 60_000 }],
      expect: {},
    },
    outcome: 'passed',
  },
  {
    what: 'a quota that is used up',
    one: {
      policy:
        '<Quota name="Q"><Allow count="1"/><Interval>1</Interval><TimeUnit>hour</TimeUnit></Quota>',
      requests: ['GET /', { after: 60_000 }],
      expect: { fault: { code: { pattern: 'QuotaViolation' } } },
    },
    outcome: 'passed',
  },
  {
    what: 'a response, a call and steps of a bundle',
    one: {
      bundle: path.join(fixtures, 'bundles/geocode'),
      upstreams: { 'https://maps.example.com': { status: 404, body: 'gone' } },
      request: 'GET /geocode',
      expect: {
        response: { status: 200, headers: { 'content-type': 'x' }, body: 'gone' },
        calls: [],
        steps: ['SA-Limit'],
        fault: { rule: 'none' },
      },
    },
    outcome: 'failed',
    says: ['response.status', 'response.headers.content-type', 'calls[0]: Nothing was said'],
  },
  {
    what: 'a bundle that is not there',
    one: { bundle: 'nowhere', expect: {} },
    outcome: 'undeployable',
    says: ['nowhere'],
  },
  {
    what: 'an environment that is none',
    one: { policy: assign('a', 'b'), environment: { targetServers: 5 }, expect: {} },
    outcome: 'undeployable',
    says: ['suite.json (environment):1:', 'The target servers must be'],
  },
  {
    what: 'one to be skipped',
    one: { policy: 'x', skip: 'later', expect: {} },
    outcome: 'skipped',
  },
];

describe('a case', () => {
  for (const { what, suite = {}, one, outcome, says = [] } of rows) {
    it(`${outcome}: ${what}`, async () => {
      const text = JSON.stringify({ ...suite, cases: [{ name: what, ...one }] });
      const { results } = await runSuite(parseSuite(text, 'suite.json'));
      const [result] = results;
      if (result === undefined) throw new Error('It did not run.');
      const lines = failureLines(result).join('\n');
      expect(result.outcome, lines).to.equal(outcome);
      for (const part of says) expect(lines).to.include(part);
    });
  }

  it('comes to the same ids and times whenever it runs', async () => {
    const text = JSON.stringify({
      seed: 7,
      now: '2026-05-01T10:00:00Z',
      upstreams: { 'http://a.test': { delay: 5 } },
      cases: [
        {
          name: 'a',
          steps: [{ policy: awaited }, { expect: { messageid: 'x', 'system.timestamp': 0 } }],
          expect: {},
        },
      ],
    });
    const run = async () => {
      const { results } = await runSuite(parseSuite(text, 'suite.json'));
      return results.flatMap((result) => failureLines(result));
    };
    const first = await run();
    expect(first.join('\n')).to.include('found    1777629600005');
    expect(await run()).to.deep.equal(first);
  });

  it('has a world of its own, many beside each other', async () => {
    const cases = Array.from({ length: 40 }, (_, index) => ({
      name: `case ${index}`,
      policy: awaited,
      upstreams: { 'http://a.test': { delay: index, body: `answer ${index}` } },
      expect: { variables: { 'r.content': `answer ${index}` } },
    }));
    const { results } = await runSuite(parseSuite(JSON.stringify({ cases }), 'suite.json'));
    expect(results.map((one) => one.case.name)).to.deep.equal(cases.map(({ name }) => name));
    expect(results.filter(({ outcome }) => outcome !== 'passed')).to.deep.equal([]);
  });
});
