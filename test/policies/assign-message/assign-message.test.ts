import { expect } from 'chai';
import { checkPolicy, DeploymentError, parsePolicy } from '../../../lib/index.ts';
import { runPolicy, valuesAfter, type Situation } from '../run-policy.ts';

const assignMessage = (children: string): string =>
  `<AssignMessage name="AM">${children}</AssignMessage>`;

const setHeader = '<Set><Headers><Header name="x">1</Header></Headers></Set>';
const response = { message: 'response', statusCode: 404, content: 'target' };
const pending = { message: 'response', statusCode: 500, content: 'pending' };

describe('the message that AssignMessage changes', () => {
  const destinations: readonly (readonly [
    behaviour: string,
    assignTo: string,
    situation: Situation,
    expected: Readonly<Record<string, unknown>>,
  ])[] = [
    [
      'is the pending error message in the error flow, whatever type says',
      '<AssignTo createNew="false" transport="http" type="request"/>',
      { phase: 'error', variables: { response, error: pending } },
      { 'error.header.x': '1', 'request.header.x': null, 'response.header.x': null },
    ],
    [
      'is the pending error message where response is named in the error flow',
      '<AssignTo createNew="false">response</AssignTo>',
      { phase: 'error', variables: { response, error: pending } },
      { 'error.header.x': '1', 'response.header.x': null, 'error.content': 'pending' },
    ],
    [
      'is a new request in the place of the old one with createNew and no name',
      '<AssignTo createNew="true" type="response"/>',
      { variables: { 'request.header.old': '1' } },
      { 'request.header.x': '1', 'request.header.old': null, 'request.verb': null },
    ],
    [
      'is a new response under the name response with createNew',
      '<AssignTo createNew="true">response</AssignTo>',
      { phase: 'response', variables: { response } },
      { 'response.header.x': '1', 'response.status.code': 200, 'response.content': '' },
    ],
    [
      'has the kind of the flow if a new one has no type',
      '<AssignTo createNew="true">m</AssignTo>',
      { phase: 'response', variables: { response } },
      { 'm.status.code': 200, 'm.header.x': '1', 'response.header.x': null },
    ],
    [
      'is made anew where the variable holds a string and createNew is not given',
      '<AssignTo type="request">m</AssignTo>',
      { variables: { m: 'text' } },
      { 'm.header.x': '1', 'm.path': '' },
    ],
    [
      'stays as it is where it exists and createNew is not given',
      '<AssignTo type="request">m</AssignTo>',
      { variables: { m: { message: 'request', verb: 'PUT', content: 'kept' } } },
      { 'm.header.x': '1', 'm.verb': 'PUT', 'm.content': 'kept' },
    ],
  ];
  it('is still the old one where a payload and a copy make the new one of it', async () => {
    const found = await valuesAfter(
      assignMessage(`<AssignTo createNew="true" type="response"/>
        <AssignVariable><Name>before</Name><Ref>response.content</Ref></AssignVariable>
        <Copy source="response"><Headers><Header name="kept"/></Headers></Copy>
        <Set><Payload contentType="application/json">{"held":{response.content}}</Payload></Set>
        <AssignVariable><Name>after</Name><Ref>response.content</Ref></AssignVariable>`),
      ['response.content', 'response.header.kept', 'response.header.dropped', 'before', 'after'],
      {
        phase: 'response',
        variables: {
          response: { message: 'response', headers: { kept: '1', dropped: '2' }, content: '[7]' },
        },
      },
    );
    expect(found).to.deep.equal({
      'response.content': '{"held":[7]}',
      'response.header.kept': '1',
      'response.header.dropped': null,
      before: '[7]',
      after: '{"held":[7]}',
    });
  });

  it('reads query parameters of the request that it replaces', async () => {
    const found = await valuesAfter(
      assignMessage(`<AssignTo createNew="true" type="request"/>
        <Set><Payload>{request.queryparam.size}</Payload></Set>`),
      ['request.content', 'request.queryparam.size', 'request.verb'],
      { variables: { 'request.queryparam.size': '3' } },
    );
    expect(found).to.deep.equal({
      'request.content': '3',
      'request.queryparam.size': null,
      'request.verb': null,
    });
  });

  for (const [behaviour, assignTo, situation, expected] of destinations) {
    it(behaviour, async () => {
      const found = await valuesAfter(
        assignMessage(`${assignTo}${setHeader}`),
        Object.keys(expected),
        situation,
      );
      expect(found).to.deep.equal(expected);
    });
  }
});

describe('AssignVariable', () => {
  const assign = (children: string): string =>
    assignMessage(`<AssignVariable><Name>v</Name>${children}</AssignVariable>`);

  it('keeps the type of what Ref names', async () => {
    const found = await valuesAfter(assign('<Ref>n</Ref>'), ['v'], { variables: { n: 7 } });
    expect(found).to.deep.equal({ v: 7 });
  });

  it('takes an empty Value for a value', async () => {
    expect(await valuesAfter(assign('<Ref>nosuch</Ref><Value/>'), ['v'])).to.deep.equal({ v: '' });
  });

  it('prefers ResourceURL to Template, Ref, Value and PropertySetRef, in this order', async () => {
    const sources = [
      ['<ResourceURL>jsc://{name}</ResourceURL>', 'file'],
      ['<Template>{t}</Template>', 'template'],
      ['<Ref>r</Ref>', 'ref'],
      ['<Value>value</Value>', 'value'],
      ['<PropertySetRef>s.k</PropertySetRef>', 'property'],
    ] as const;
    const resources = {
      read: (url: string) => (url === 'jsc://a.json' ? Buffer.from('file') : undefined),
    };
    const variables = { name: 'a.json', t: 'template', r: 'ref', 'propertyset.s.k': 'property' };
    for (const [first, [, expected]] of sources.entries()) {
      const children = sources.slice(first).map(([element]) => element);
      const found = await valuesAfter(assign(children.toReversed().join('')), ['v'], {
        variables,
        surroundings: { resources },
      });
      expect(found).to.deep.equal({ v: expected });
    }
  });

  it('follows a template variable that changes from run to run', async () => {
    for (const tmpl of ['{request.verb}', 'literal', '{request.path}']) {
      const found = await valuesAfter(assign('<Template ref="tmpl"/>'), ['v'], {
        variables: { tmpl },
      });
      expect(found).to.deep.equal({
        v: { '{request.verb}': 'GET', '{request.path}': '/' }[tmpl] ?? tmpl,
      });
    }
  });

  it('takes its turn among the actions', async () => {
    const found = await valuesAfter(
      assignMessage(
        '<AssignVariable><Name>before</Name><Ref>request.header.x</Ref><Value>none</Value></AssignVariable>' +
          setHeader +
          '<AssignVariable><Name>after</Name><Ref>request.header.x</Ref></AssignVariable>',
      ),
      ['before', 'after'],
    );
    expect(found).to.deep.equal({ before: 'none', after: '1' });
  });

  for (const name of ['system.uuid', 'messageid', 'request.headers.count', 'request']) {
    it(`faults on ${name}, which may only be read`, async () => {
      const { fault, flow } = await runPolicy(
        assignMessage(`<AssignVariable><Name>${name}</Name><Value>1</Value></AssignVariable>`),
      );
      expect(fault).to.include({
        code: 'steps.assignmessage.SetVariableFailed',
        faultstring: `AssignMessage[AM]: unable to set variable ${name}`,
      });
      expect(flow.variables.get('assignmessage.failed')).to.equal(true);
    });
  }
});

describe('Set/Authentication', () => {
  const authenticate = (children: string): string =>
    assignMessage(
      `<Set><Headers><Header name="Authorization">Basic x</Header></Headers><Authentication>${children}</Authentication></Set>` +
        '<AssignVariable><Name>then</Name><Ref>request.header.authorization</Ref></AssignVariable>',
    );

  it('writes a token over the Authorization header, and what follows waits for it', async () => {
    const { flow, waited, fault } = await runPolicy(
      authenticate(
        '<GoogleAccessToken><Scopes><Scope>https://a/b</Scope></Scopes></GoogleAccessToken>',
      ),
    );
    expect(fault).to.equal(undefined);
    expect(waited).to.equal(true);
    expect(flow.variables.get('request.header.authorization')).to.equal('Bearer TOKEN');
    expect(flow.variables.get('then')).to.equal('Bearer TOKEN');
  });

  it('writes the token to another header and leaves Authorization', async () => {
    const found = await valuesAfter(
      authenticate(
        '<HeaderName>X-Token</HeaderName><GoogleIDToken><Audience>a</Audience></GoogleIDToken>',
      ),
      ['request.header.x-token', 'request.header.authorization'],
    );
    expect(found).to.deep.equal({
      'request.header.x-token': 'Bearer TOKEN',
      'request.header.authorization': 'Basic x',
    });
  });

  it('faults without an audience', async () => {
    const { fault } = await runPolicy(
      authenticate('<GoogleIDToken><Audience useTargetUrl="true"/></GoogleIDToken>'),
    );
    expect(fault).to.include({
      code: 'googletoken.EmptyIDTokenAudience',
      faultstring: 'AssignMessage[AM]: ID token audience is empty',
    });
  });

  it('takes the target URL for the audience', async () => {
    const { fault } = await runPolicy(
      authenticate('<GoogleIDToken><Audience useTargetUrl="true"/></GoogleIDToken>'),
      { variables: { 'target.url': 'https://t/x?q=1' } },
    );
    expect(fault).to.equal(undefined);
  });
});

describe('an AssignMessage without tokens', () => {
  it('does not make its flow wait', async () => {
    const { waited } = await runPolicy(assignMessage(setHeader));
    expect(waited).to.equal(false);
  });
});

describe('the deployment of an AssignMessage', () => {
  const findings: readonly (readonly [children: string, severity: string, code: string])[] = [
    ['<AssignVariable><Name/><Value>1</Value></AssignVariable>', 'error', 'InvalidVariableName'],
    ['<AssignVariable><Value>1</Value></AssignVariable>', 'error', 'InvalidVariableName'],
    ['<Remove><Headers><Header name="x.0"/></Headers></Remove>', 'error', 'InvalidIndex'],
    ['<Copy><QueryParams><QueryParam name="x.-1"/></QueryParams></Copy>', 'error', 'InvalidIndex'],
    [`<AssignTo type="responset">m</AssignTo>${setHeader}`, 'warning', 'invalid-value'],
    [`<AssignTo createNew="yes">m</AssignTo>${setHeader}`, 'warning', 'invalid-boolean'],
    [
      '<AssignVariable><Name>ratelimit.x</Name><Value>1</Value></AssignVariable>',
      'warning',
      'reserved-variable',
    ],
    ['<AssignVariable><Name>v</Name><Ref>{x}</Ref></AssignVariable>', 'warning', 'braces-in-ref'],
    ['<Set><Authentication/></Set>', 'error', 'invalid-authentication'],
  ];
  for (const [children, severity, code] of findings) {
    it(`finds ${code} in ${children}`, () => {
      const found = checkPolicy(assignMessage(children));
      expect(found.map((one) => [one.severity, one.code])).to.deep.equal([[severity, code]]);
    });
  }

  it('is refused for an error', () => {
    const parse = () => parsePolicy(assignMessage('<AssignVariable><Name/></AssignVariable>'));
    expect(parse).to.throw(DeploymentError);
  });
});
