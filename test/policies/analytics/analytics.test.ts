import { expect } from 'chai';
import {
  checkPolicy,
  createRuntime,
  Fault,
  parsePolicy,
  type CapturedData,
  type CollectedStatistics,
  type Flow,
  type FlowSeed,
} from '../../../lib/index.ts';
import { newFlow } from '../../../lib/variables/flow.ts';
import { defaultHost } from '../../../lib/host/host.ts';
import { LonePassage, type Passage } from '../../../lib/variables/passage.ts';

interface Outcome {
  readonly statistics: readonly CollectedStatistics[];
  readonly captured: readonly CapturedData[];
  readonly printed: readonly string[];
  readonly flow: Flow;
  readonly fault: Fault | undefined;
}

/** Runs policies in a row, as one transaction. */
async function run(policies: readonly string[], seed: FlowSeed = {}): Promise<Outcome> {
  const statistics: CollectedStatistics[] = [];
  const captured: CapturedData[] = [];
  const printed: string[] = [];
  const runtime = createRuntime({
    statistics: { record: (one) => void statistics.push(one) },
    dataCapture: { capture: (one) => void captured.push(one) },
  });
  const started = newFlow({ host: defaultHost, ...seed });
  const passage: Passage = new LonePassage(
    () => 'request',
    (line) => printed.push(line),
  );
  const { variables, host } = started;
  const flow: Flow = { variables, host, localDepth: 0, passage };
  let fault: Fault | undefined;
  try {
    for (const xml of policies) await runtime.compile(parsePolicy(xml)).run(flow);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  }
  await runtime.close();
  return { statistics, captured, printed, flow, fault };
}

const collector = (statistics: string): string =>
  `<StatisticsCollector name="ST"><Statistics>${statistics}</Statistics></StatisticsCollector>`;

describe('StatisticsCollector', () => {
  it('mediation 241: records the default of an unset variable, and changes no message', async () => {
    const { statistics, flow, fault } = await run([
      collector('<Statistic name="s" ref="nobody" type="string">none</Statistic>'),
    ]);
    expect(fault).to.equal(undefined);
    expect(statistics.map(({ policy, values }) => [policy, ...values])).to.deep.equal([
      ['ST', ['s', 'none']],
    ]);
    expect(flow.variables.get('message.content')).to.equal('');
  });

  it('collects nothing where there is neither a value nor a default', async () => {
    const { statistics } = await run([
      collector('<Statistic name="s" ref="nobody" type="string"/>'),
    ]);
    expect([...(statistics[0]?.values ?? [])]).to.deep.equal([]);
  });

  it('makes values what their type says, as far as they are', async () => {
    const { statistics, printed } = await run(
      [
        collector(`<Statistic name="i" ref="i" type="integer"/><Statistic name="b" ref="b" type="Boolean"/>
          <Statistic name="f" type="float">1.5</Statistic><Statistic name="no" ref="s" type="integer"/>
          <Statistic name="p" ref="private.p" type="string"/>`),
      ],
      { variables: { i: '7', b: 'true', s: 'seven', 'private.p': 'secret' } },
    );
    expect([...(statistics[0]?.values ?? [])]).to.deep.equal([
      ['i', 7],
      ['b', true],
      ['f', 1.5],
      ['no', 'seven'],
      ['p', 'secret'],
    ]);
    expect(printed).to.deep.equal(['i=7', 'b=true', 'f=1.5', 'no=seven', 'p=*****']);
  });

  it('cuts text after a thousand characters', async () => {
    const { statistics } = await run([collector('<Statistic name="s" ref="s" type="string"/>')], {
      variables: { s: 'x'.repeat(2_000) },
    });
    expect(statistics[0]?.values.get('s')).to.equal('x'.repeat(1_000));
  });

  const codes: Readonly<Record<string, readonly string[]>> = {
    '<Statistic name="organization" ref="a" type="string"/>': ['InvalidName'],
    '<Statistic name="two words" ref="a" type="string"/>': ['InvalidName'],
    '<Statistic name="s" ref="a"/>': ['DatatypeMissing'],
    '<Statistic name="s" ref="a" type="date"/>': ['UnsupportedDatatype'],
  };
  for (const [xml, expected] of Object.entries(codes)) {
    it(`is not deployed with ${xml}`, () => {
      expect(checkPolicy(collector(xml)).map(({ code }) => code)).to.deep.equal(expected);
    });
  }
});

const capture = (collect: string, rest = ''): string =>
  `<DataCapture name="DC">${rest}<Capture><DataCollector>dc_a</DataCollector>${collect}</Capture></DataCapture>`;

const throwing = '<ThrowExceptionOnLimit>true</ThrowExceptionOnLimit>';

/** The one value that a policy captured; undefined if it captured none. */
async function capturedBy(xml: string, seed: FlowSeed = {}): Promise<unknown> {
  const { captured, fault } = await run([xml], seed);
  expect(fault).to.equal(undefined);
  expect(captured).to.have.length(1);
  return captured[0]?.values.get('dc_a');
}

describe('DataCapture', () => {
  it('security 193: captures the default of an unset variable', async () => {
    expect(await capturedBy(capture('<Collect ref="nope" default="none"/>'))).to.equal('none');
  });

  it('security 194: captures a part of the path', async () => {
    const xml = capture('<Collect><URIPath><Pattern>/users/{$}</Pattern></URIPath></Collect>');
    const request = { message: 'request', path: '/users/7' } as const;
    expect(await capturedBy(xml, { request })).to.equal('7');
  });

  it('security 195: cuts a value of 500 bytes and notes it, or fails if told to', async () => {
    const seed: FlowSeed = { variables: { v: 'x'.repeat(500) } };
    const lenient = await run([capture('<Collect ref="v" default=""/>')], seed);
    expect(lenient.fault).to.equal(undefined);
    expect(lenient.captured[0]?.values.get('dc_a')).to.equal('x'.repeat(400));
    expect(lenient.flow.variables.get('dataCapturePolicyErrors')).to.equal(
      'VariableValueLimitExceeded',
    );
    const strict = await run([capture('<Collect ref="v" default=""/>', throwing)], seed);
    expect(strict.fault?.code).to.equal('steps.datacapture.VariableValueLimitExceeded');
    expect(strict.captured).to.be.empty;
  });

  it('cuts between two characters', async () => {
    const xml = capture('<Collect ref="v" default=""/>');
    expect(await capturedBy(xml, { variables: { v: '€'.repeat(200) } })).to.equal('€'.repeat(133));
  });

  it('captures a hundred values in one transaction, over all its policies', async () => {
    const many = (name: string, from: number): string =>
      `<DataCapture name="${name}">${Array.from(
        { length: 60 },
        (_, nth) =>
          `<Capture><DataCollector>dc_${from + nth}</DataCollector><Collect ref="v" default="d"/></Capture>`,
      ).join('')}</DataCapture>`;
    const { captured, flow } = await run([many('A', 0), many('B', 60)]);
    expect(captured.map(({ values }) => values.size)).to.deep.equal([60, 40]);
    expect(flow.variables.get('dataCapturePolicyErrors')).to.contain('VariableCountLimitExceeded');
    const strict = await run([
      many('A', 0),
      many('B', 60).replace('<Capture>', `${throwing}<Capture>`),
    ]);
    expect(strict.fault?.code).to.equal('steps.datacapture.VariableCountLimitExceeded');
  });

  it('keeps the type of a variable, and shows captured values in the trace', async () => {
    const { captured, printed } = await run([capture('<Collect ref="v" default=""/>')], {
      variables: { v: 7 },
    });
    expect(captured[0]?.values.get('dc_a')).to.equal(7);
    expect(printed).to.deep.equal(['dc_a=7']);
  });

  it('captures null for an unset variable without a default, and notes it unless told not to', async () => {
    const noted = await run([capture('<Collect ref="nope"/>')]);
    expect(noted.captured[0]?.values.get('dc_a')).to.equal(null);
    expect(noted.printed).to.deep.equal(['dc_a=Not set']);
    expect(noted.flow.variables.get('dataCapturePolicyErrors')).to.equal('UnresolvedVariable');
    const ignore = '<IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables>';
    const ignored = await run([capture('<Collect ref="nope"/>', ignore)]);
    expect(ignored.flow.variables.get('dataCapturePolicyErrors')).to.equal(null);
  });

  it('does not let private variables out', async () => {
    const { captured, flow } = await run([capture('<Collect ref="private.p"/>')], {
      variables: { 'private.p': 'secret' },
    });
    expect(captured[0]?.values.get('dc_a')).to.equal(null);
    expect(flow.variables.get('dataCapturePolicyErrors')).to.equal('PrivateVariableAccess');
  });

  const request = {
    message: 'request',
    verb: 'POST',
    path: '/?q=code-12',
    headers: { 'x-a': 'Bearer abc', 'content-type': 'application/json' },
    content: '{"a":{"b":"c"}}',
  } as const;
  const parts: Readonly<Record<string, string | undefined>> = {
    '<QueryParam name="q"><Pattern>no-{$}</Pattern><Pattern>code-{$}</Pattern></QueryParam>': '12',
    '<Header name="x-a"><Pattern ignoreCase="true">bearer {$}</Pattern></Header>': 'abc',
    '<JSONPayload><JSONPath>$.a.b</JSONPath></JSONPayload>': 'c',
    '<JSONPayload><JSONPath>$.{name}.b</JSONPath></JSONPayload>': 'c',
    '<Header name="x-a"><Pattern>Basic {$}</Pattern></Header>': undefined,
    '<XMLPayload><XPath>/a/b</XPath></XMLPayload>': undefined,
    '<Source>nobody</Source><Header name="x-a"><Pattern>{$}</Pattern></Header>': undefined,
    '<Source>text</Source><Header name="x-a"><Pattern>{$}</Pattern></Header>': undefined,
  };
  for (const [part, expected] of Object.entries(parts)) {
    it(`captures ${expected ?? 'nothing'} from ${part}`, async () => {
      const variables = { name: 'a', text: 'plain' };
      const xml = capture(`<Collect>${part}</Collect>`);
      expect(await capturedBy(xml, { request, variables })).to.equal(expected);
    });
  }

  it('captures from XML with namespaces', async () => {
    const xml = capture(
      '<Collect><XMLPayload><Namespaces><Namespace prefix="n">urn:n</Namespace></Namespaces><XPath>/n:a/n:b</XPath></XMLPayload></Collect>',
    );
    const content = '<a xmlns="urn:n"><b>c</b></a>';
    const headers = { 'content-type': 'text/xml' };
    expect(await capturedBy(xml, { request: { message: 'request', headers, content } })).to.equal(
      'c',
    );
  });

  it('notes a body that is not what its content type says', async () => {
    const xml = capture('<Collect><JSONPayload><JSONPath>$.a</JSONPath></JSONPayload></Collect>');
    const broken = { ...request, content: '{bad' };
    const { flow, fault } = await run([xml], { request: broken });
    expect(fault).to.equal(undefined);
    expect(flow.variables.get('dataCapturePolicyErrors')).to.equal('MsgContentParsingFailed');
    const missing = await run([xml.replace('$.a', '$.z')], { request });
    expect(missing.flow.variables.get('dataCapturePolicyErrors')).to.equal('JSONPathQueryFailed');
  });

  const refused: Readonly<Record<string, string>> = {
    'no collector': '<Capture><Collect ref="a"/></Capture>',
    'no Collect': '<Capture><DataCollector>a</DataCollector></Capture>',
    'nowhere to collect from': '<Capture><DataCollector>a</DataCollector><Collect/></Capture>',
    'two places to collect from':
      '<Capture><DataCollector>a</DataCollector><Collect ref="a"><Header name="h"><Pattern>{$}</Pattern></Header></Collect></Capture>',
  };
  for (const [what, xml] of Object.entries(refused)) {
    it(`is not deployed with ${what}`, () => {
      const found = checkPolicy(`<DataCapture name="DC">${xml}</DataCapture>`);
      expect(found.map(({ code }) => code)).to.deep.equal(['DeploymentAssertionError']);
    });
  }

  it('is not deployed with two captures for one collector', () => {
    const one = '<Capture><DataCollector>a</DataCollector><Collect ref="a"/></Capture>';
    const found = checkPolicy(`<DataCapture name="DC">${one}${one}</DataCapture>`);
    expect(found.map(({ code }) => code)).to.deep.equal(['DeploymentAssertionError']);
  });
});

describe('TraceCapture', () => {
  const trace = (children: string): string => `<TraceCapture name="TC">${children}</TraceCapture>`;

  it('tells the trace its values', async () => {
    const { printed } = await run(
      [
        trace(
          '<Variables><Variable name="a" ref="v">none</Variable><Variable name="b" ref="w">none</Variable></Variables>',
        ),
      ],
      { variables: { v: 7 } },
    );
    expect(printed).to.deep.equal(['a=7', 'b=none']);
  });

  it('fails for an unresolved variable without a default, unless told to ignore it', async () => {
    const variable = '<Variables><Variable name="a" ref="nobody"/></Variables>';
    expect((await run([trace(variable)])).fault?.code).to.equal('entities.UnresolvedVariable');
    const ignore = '<IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables>';
    expect((await run([trace(variable + ignore)])).fault).to.equal(undefined);
  });
});

describe('ConcurrentRatelimit', () => {
  it('is taken with a warning, and does nothing', async () => {
    const xml =
      '<ConcurrentRatelimit name="CR"><AllowConnections count="1" ttl="5"/><Distributed>true</Distributed></ConcurrentRatelimit>';
    const found = checkPolicy(xml);
    expect(found.map(({ severity, code }) => [severity, code])).to.deep.equal([
      ['warning', 'decommissioned-policy'],
    ]);
    expect((await run([xml, xml])).fault).to.equal(undefined);
  });
});
