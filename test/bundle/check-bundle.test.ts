import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { checkBundle } from '../../lib/bundle/check-bundle.ts';
import { loadBundle } from '../../lib/bundle/load-bundle.ts';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import { emptyEnvironment, type Environment } from '../../lib/host/environment.ts';
import {
  findings,
  proxyEndpoint,
  proxyFiles,
  relevant,
  withTarget,
  type Documents,
} from './bundle-files.ts';
import { inFolder } from './folder.ts';

async function check(
  documents: Documents,
  environment?: Environment,
): Promise<readonly Diagnostic[]> {
  return inFolder(proxyFiles(documents), async (folder) =>
    checkBundle(await loadBundle(folder), { environment }),
  );
}

const raiseFault = '<RaiseFault name="RF"><FaultResponse/></RaiseFault>';
const callout =
  '<ServiceCallout name="SC"><Request/><HTTPTargetConnection><LoadBalancer><Server name="s1"/></LoadBalancer></HTTPTargetConnection></ServiceCallout>';
const script = '<Javascript name="JS"><ResourceURL>jsc://a.js</ResourceURL></Javascript>';

const request = (steps: string): string => `<PreFlow><Request>${steps}</Request></PreFlow>`;
const step = (name: string): string => `<Step><Name>${name}</Name></Step>`;
const http = (content: string): Documents =>
  withTarget(`<HTTPTargetConnection>${content}</HTTPTargetConnection>`);
const url = '<URL>http://t.example</URL>';

interface Case {
  readonly title: string;
  readonly documents: Documents;
  readonly expected: readonly string[];
}

const endpoint = (title: string, more: string, expected: readonly string[]): Case => ({
  title,
  documents: { 'proxies/default.xml': proxyEndpoint(more) },
  expected,
});
const basePath = (path: string, expected: readonly string[]): Case => ({
  title: `the base path "${path}"`,
  documents: { 'proxies/default.xml': proxyEndpoint('', path) },
  expected,
});
const target = (title: string, documents: Documents, expected: readonly string[]): Case => ({
  title,
  documents,
  expected,
});

const sound: readonly Case[] = [
  endpoint('a sound endpoint', '', []),
  endpoint(
    'an empty DefaultFaultRule and empty FaultRules',
    '<FaultRules/><DefaultFaultRule/>',
    [],
  ),
  endpoint(
    'an empty Condition, which is none',
    '<Flows><Flow name="f"><Condition/></Flow></Flows>',
    [],
  ),
  endpoint(
    'legacy elements',
    '<Statistics><EnableAll>true</EnableAll></Statistics><Description>d</Description>',
    [],
  ),
  endpoint(
    'an EventFlow',
    '<EventFlow name="e" content-type="text/event-stream"><Response/></EventFlow>',
    [],
  ),
  basePath('/', []),
  basePath('/team/*/members', []),
  basePath('/v1/foo', []),
  target('a target with a URL', http(url), []),
  target('a target with a template for its path', http('<URL>http://t.example/{p}</URL>'), []),
  target(
    'a target by path',
    withTarget('<LocalTargetConnection><Path>/x</Path></LocalTargetConnection>'),
    [],
  ),
];

const refused: readonly Case[] = [
  endpoint('a step whose policy is missing (runtime 201)', request(step('gone')), [
    'error policy-not-found',
  ]),
  endpoint('a step without a name', request('<Step/>'), ['error step-without-name']),
  endpoint('a step with an empty name', request('<Step><Name> </Name></Step>'), [
    'error step-without-name',
  ]),
  endpoint(
    'a condition whose quote is open (runtime 107)',
    '<Flows><Flow><Condition>s = "abc</Condition></Flow></Flows>',
    ['error InvalidCondition'],
  ),
  endpoint(
    'a condition with braces (runtime 108)',
    '<Flows><Flow><Condition>{s} = "abc"</Condition></Flow></Flows>',
    ['error InvalidCondition'],
  ),
  endpoint(
    'an unknown operator (runtime 109)',
    '<Flows><Flow><Condition>s SeemsLike "x"</Condition></Flow></Flows>',
    ['error InvalidCondition'],
  ),
  basePath('/*/search', ['error invalid-base-path']),
  basePath('/a/**/b', ['error invalid-base-path']),
  basePath('a', ['error invalid-base-path']),
  {
    title: 'two endpoints with one base path (runtime 43)',
    documents: { 'proxies/other.xml': proxyEndpoint('', '/p/').replace('"default"', '"other"') },
    expected: ['error CONFLICTING_DEPLOYMENT', 'warning base-path-ends-in-slash'],
  },
  {
    title: 'two endpoints with one name',
    documents: { 'proxies/other.xml': proxyEndpoint('', '/q') },
    expected: ['error duplicate-name'],
  },
  {
    title: 'a route to a missing target (runtime 202)',
    documents: withTargetRoute('gone'),
    expected: ['error target-not-found', 'warning target-not-routed'],
  },
  target(
    'a target with URL and LoadBalancer (runtime 203)',
    http(`${url}<LoadBalancer><Server name="s"/></LoadBalancer>`),
    ['error url-and-load-balancer'],
  ),
  target('a target with neither', http(''), ['error URLMissing']),
  target('a target with an empty URL', http('<URL> </URL>'), ['error URLMissing']),
  target(
    'a target with two fallback servers',
    http(
      '<LoadBalancer><Server name="a"><IsFallback>true</IsFallback></Server><Server name="b"><IsFallback>true</IsFallback></Server></LoadBalancer>',
    ),
    ['error two-fallback-servers'],
  ),
  target('a target without connection', withTarget(''), ['error connection-missing']),
  target(
    'a target with two connections',
    withTarget(
      `<HTTPTargetConnection>${url}</HTTPTargetConnection><LocalTargetConnection><Path>/x</Path></LocalTargetConnection>`,
    ),
    ['error two-connections'],
  ),
  target('a target of Apigee Edge', withTarget('<HostedTarget/>'), [
    'error unsupported-connection',
  ]),
  target('a local target that names nothing', withTarget('<LocalTargetConnection/>'), [
    'error local-target-missing',
  ]),
  target(
    'a parse limit out of bounds',
    http(
      `${url}<Properties><Property name="response.payload.parse.limit">31M</Property></Properties>`,
    ),
    ['error invalid-parse-limit'],
  ),
  {
    title: 'a policy of an unknown type',
    documents: {
      'policies/A.xml': '<Assign name="A"/>',
      'proxies/default.xml': proxyEndpoint(request(step('A'))),
    },
    expected: ['error unknown-policy-type'],
  },
  {
    title: 'a policy whose resource is missing',
    documents: {
      'policies/JS.xml': script,
      'proxies/default.xml': proxyEndpoint(request(step('JS'))),
    },
    expected: ['error resource-not-found'],
  },
];

const suspicious: readonly Case[] = [
  endpoint('an extra Flows', '<Flows/><Flows><Flow><Request><Step/></Request></Flow></Flows>', [
    'warning extra-element',
  ]),
  endpoint('a second DefaultFaultRule', '<DefaultFaultRule/><DefaultFaultRule/>', [
    'warning extra-element',
  ]),
  endpoint('a misplaced element', '<PreFlow><Step/></PreFlow>', ['warning misplaced-element']),
  endpoint(
    'two flows of one name',
    '<Flows><Flow name="f"><Condition>a</Condition></Flow><Flow name="f"/></Flows>',
    ['warning duplicate-flow'],
  ),
  endpoint(
    'a flow without a condition before another',
    '<Flows><Flow name="f"/><Flow name="g"/></Flows>',
    ['warning flow-hides-others'],
  ),
  endpoint('a fault rule without a condition', '<FaultRules><FaultRule name="f"/></FaultRules>', [
    'warning fault-rule-without-condition',
  ]),
  endpoint('a route before another one', '<RouteRule name="first"/>', [
    'warning route-not-reached',
  ]),
  endpoint(
    'a condition that lacks its last parenthesis',
    '<Flows><Flow><Condition>(a = "b"</Condition></Flow></Flows>',
    ['warning condition-unclosed-parenthesis'],
  ),
  basePath('/v1/', ['warning base-path-ends-in-slash']),
  basePath('/v*', ['warning partial-wildcard']),
  basePath('', ['warning base-path-missing']),
  target(
    'a health monitor that takes nothing out',
    http('<LoadBalancer><Server name="a"/></LoadBalancer><HealthMonitor/>'),
    ['warning health-monitor-without-max-failures'],
  ),
  {
    title: 'a target that no route leads to',
    documents: {
      'targets/t.xml': `<TargetEndpoint name="t"><HTTPTargetConnection>${url}</HTTPTargetConnection></TargetEndpoint>`,
    },
    expected: ['warning target-not-routed'],
  },
  {
    title: 'an endpoint whose routes all have conditions',
    documents: {
      'proxies/default.xml': proxyEndpoint('').replace(
        '<RouteRule name="none"/>',
        '<RouteRule name="r"><Condition>a</Condition></RouteRule>',
      ),
    },
    expected: ['warning no-unconditional-route'],
  },
  {
    title: 'an endpoint without a name',
    documents: { 'proxies/default.xml': proxyEndpoint('').replace(' name="default"', '') },
    expected: ['warning name-from-file'],
  },
  {
    title: 'a step behind a RaiseFault, a policy nobody runs and a resource nobody names',
    documents: {
      'policies/RF.xml': raiseFault,
      'policies/Unused.xml': raiseFault.replace('RF', 'Unused'),
      'proxies/default.xml': proxyEndpoint(request(step('RF') + step('RF'))),
      'resources/jsc/a.js': '',
    },
    expected: [
      'warning policy-not-attached',
      'warning unreachable-step',
      'warning resource-not-used',
    ],
  },
];

function withTargetRoute(name: string): Documents {
  const documents = http(url);
  const file = 'proxies/default.xml';
  return { ...documents, [file]: (documents[file] ?? '').replace('>t<', `>${name}<`) };
}

describe('checkBundle', () => {
  for (const { title, documents, expected } of sound) {
    it(`finds nothing wrong with ${title}`, async () => {
      expect(findings(await check(documents))).to.deep.equal(expected);
    });
  }
  for (const { title, documents, expected } of refused) {
    it(`refuses ${title}`, async () => {
      expect(findings(await check(documents))).to.have.members(expected);
    });
  }
  for (const { title, documents, expected } of suspicious) {
    it(`warns of ${title}`, async () => {
      expect(findings(await check(documents))).to.have.members(expected);
    });
  }

  it("quotes Apigee's messages", async () => {
    const [step1] = relevant(
      await check({ 'proxies/default.xml': proxyEndpoint(request(step('gone'))) }),
    );
    expect(step1?.message).to.equal(
      'Error occurred while validation of bean default.xml. Reason: - Step definition gone not found',
    );
    const [nameless] = relevant(
      await check({ 'proxies/default.xml': proxyEndpoint(request('<Step/>')) }),
    );
    expect(nameless?.message).to.equal('Non null value expected for element Name in Step');
    const [route] = relevant(await check(withTargetRoute('gone')));
    expect(route?.message).to.equal('TargetEndpoint gone referenced in RouteRule t does not exist');
    const conflicting = await check(
      { 'proxies/other.xml': proxyEndpoint('').replace('"default"', '"other"') },
      { ...emptyEnvironment, organization: 'o' },
    );
    expect(conflicting[0]?.message).to.equal(
      'Existing deployment of "organizations/o/apis/p/revisions/2" contains conflicting base paths: [/p].',
    );
  });

  it('suggests the policy that a step probably means', async () => {
    const [finding] = relevant(
      await check({
        'policies/RF.xml': raiseFault,
        'proxies/default.xml': proxyEndpoint(
          request(step('rf')) +
            '<PostFlow><Request><Step><Name>RF</Name></Step></Request></PostFlow>',
        ),
      }),
    );
    expect(finding?.hint).to.equal('Did you mean RF?');
  });

  it('says nothing of what a broken document would have held', async () => {
    const diagnostics = await check({
      'policies/RF.xml': '<RaiseFault',
      'targets/t.xml': '<TargetEndpoint',
      'proxies/default.xml': proxyEndpoint(request(step('RF'))).replace(
        '<RouteRule name="none"/>',
        '<RouteRule name="t"><TargetEndpoint>t</TargetEndpoint></RouteRule>',
      ),
    });
    expect(findings(diagnostics)).to.deep.equal([
      'error xml-unclosed-tag',
      'error xml-unclosed-tag',
    ]);
  });

  it('looks for target servers and resources in an environment, if it is given one', async () => {
    const documents: Documents = {
      ...http('<LoadBalancer><Server name="s1"/></LoadBalancer>'),
      'policies/JS.xml': script,
      'policies/SC.xml': callout,
    };
    const file = 'proxies/default.xml';
    const all = {
      ...documents,
      [file]: (documents[file] ?? '').replace(
        '</HTTPProxyConnection>',
        `$&${request(step('JS') + step('SC'))}`,
      ),
    };
    expect(findings(await check(all))).to.deep.equal(['error resource-not-found']);
    const server = { name: 's1', host: 'h', port: 80, isEnabled: true, protocol: 'HTTP' };
    const environment: Environment = {
      ...emptyEnvironment,
      targetServers: new Map([['s1', server]]),
      resources: new Map([['jsc://a.js', new Uint8Array()]]),
    };
    expect(findings(await check(all, environment))).to.deep.equal([]);
    const missing = await check(all, { ...environment, targetServers: new Map() });
    expect(
      missing.filter(({ severity }) => severity === 'error').map(({ file: at }) => at.slice(-6)),
    ).to.deep.equal(['SC.xml', '/t.xml']);
  });

  it('lists everything that is wrong, each at its place, in order', async () => {
    const bundle = await loadBundle('fixtures/bundles/refused');
    const shown = checkBundle(bundle)
      .filter(({ severity }) => severity === 'error')
      .map(
        ({ file, line, column, code }) =>
          `${file.slice(bundle.path.length + 1)}:${line}:${column} ${code}`,
      );
    expect(shown).to.deep.equal([
      'policies/AM-Set.xml:2:1 duplicate-name',
      'policies/Illegal.xml:2:1 illegal-name',
      'policies/JS-Missing.xml:3:3 resource-not-found',
      'policies/Torn.xml:2:1 xml-unclosed-element',
      'policies/Unknown.xml:2:1 unknown-policy-type',
      'proxies/default.xml:6:15 policy-not-found',
      'proxies/default.xml:8:7 step-without-name',
      'proxies/default.xml:22:33 InvalidCondition',
      'proxies/default.xml:25:31 InvalidCondition',
      'proxies/default.xml:35:15 invalid-base-path',
      'proxies/default.xml:37:7 invalid-parse-limit',
      'proxies/default.xml:45:21 target-not-found',
      'proxies/same-path-b.xml:4:15 CONFLICTING_DEPLOYMENT',
      'targets/both.xml:4:5 url-and-load-balancer',
      'targets/both.xml:9:7 two-fallback-servers',
      'targets/empty-url.xml:4:5 URLMissing',
      'targets/none.xml:2:1 connection-missing',
      'targets/script.xml:3:3 unsupported-connection',
      'targets/two-connections.xml:6:3 two-connections',
      'targets/wrong-root.xml:2:1 unexpected-root',
    ]);
  });

  it('gives a hint with every error and warning of the refused bundle', async () => {
    const diagnostics = checkBundle(await loadBundle('fixtures/bundles/refused'));
    expect(diagnostics.filter(({ hint }) => hint === undefined)).to.deep.equal([]);
  });

  it('points at the very character of a condition, where it is on several lines', async () => {
    const text = proxyEndpoint(
      '<Flows><Flow><Condition>\n  (a = "b")\n    and x SeemsLike "c"</Condition></Flow></Flows>',
    );
    const [finding] = await check({ 'proxies/default.xml': text });
    const lines = text.split('\n');
    expect(finding).to.include({ line: 3, column: (lines[2]?.indexOf('SeemsLike') ?? -1) + 1 });
  });

  it('has fixtures that say on disk what they are for', async () => {
    const bytes = await readFile('fixtures/bundles/untidy/apiproxy/untidy.xml');
    expect([...bytes.subarray(0, 3)]).to.deep.equal([0xef, 0xbb, 0xbf]);
    expect(bytes.includes('\r\n')).to.equal(true);
  });
});
