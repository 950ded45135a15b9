import { expect } from 'chai';
import { defaultHost, type Host } from '../../lib/host/host.ts';
import { Message } from '../../lib/message/message.ts';
import { newFlow } from '../../lib/variables/flow.ts';
import { builtInVariables, readOnly, readWrite } from '../../lib/variables/predefined.ts';
import { flowValueText, type FlowValue } from '../../lib/message/flow-value.ts';

/** Sunday, 2013-08-25, 19:06:07.008 UTC. */
const SUNDAY = Date.UTC(2013, 7, 25, 19, 6, 7, 8);

function hostAt(time: number): Host & { time: number; uuids: number } {
  const host = {
    ...defaultHost,
    time,
    uuids: 0,
    environment: { ...defaultHost.environment, name: 'eval', organization: 'acme' },
    clock: { ...defaultHost.clock, now: () => host.time },
    random: { ...defaultHost.random, uuid: () => `uuid-${++host.uuids}` },
  };
  return host;
}

describe('a new flow', () => {
  it('starts with an empty client request', () => {
    const { variables } = newFlow({ host: hostAt(SUNDAY) });
    expect(variables.get('request.verb')).to.equal('GET');
    expect(variables.get('request.uri')).to.equal('/');
    expect(variables.get('request.content')).to.equal('');
    expect(variables.get('request.headers.count')).to.equal(0);
    expect(variables.message('message')).to.equal(variables.message('request'));
    expect(variables.get('response')).to.equal(null);
  });

  it('starts with the request it is given', () => {
    const { variables } = newFlow({
      host: hostAt(SUNDAY),
      request: { message: 'request', verb: 'POST', path: '/a?b=1', content: 'hi' },
    });
    expect(variables.get('request.verb')).to.equal('POST');
    expect(variables.get('request.queryparam.b')).to.equal('1');
    expect(variables.get('message.content')).to.equal('hi');
  });

  it('seeds parts of the request, read-only ones too', () => {
    const { variables } = newFlow({
      host: hostAt(SUNDAY),
      variables: {
        'request.header.x-id': 7,
        'request.queryparam.a': 'x y',
        'request.content': 'body',
        'request.verb': 'PATCH',
        'message.header.y': '1',
        'request.url': 'http://up.test/p',
      },
    });
    const request = variables.message('request');
    expect(request?.headers.lines()).to.deep.equal([
      ['x-id', '7'],
      ['y', '1'],
    ]);
    expect(request?.uri).to.equal('/?a=x%20y');
    expect(request?.content).to.equal('body');
    expect(request?.verb).to.equal('PATCH');
    expect(request?.url).to.equal('http://up.test/p');
  });

  it('seeds path and query at once through request.uri', () => {
    const { variables } = newFlow({
      host: hostAt(SUNDAY),
      variables: { 'request.uri': '/p?a=%2C' },
    });
    expect(variables.get('request.path')).to.equal('/p');
    expect(variables.get('request.querystring')).to.equal('a=%2C');
  });

  it('seeds values as they are, messages as messages and other objects as JSON text', () => {
    const json = `{
      "s": "x", "n": 1, "b": true, "none": null, "list": ["a", 1, {"k": [1]}, ["c"]], "object": {"a": {"b": 1}},
      "mail": {"message": "other"},
      "reply": {"message": "response", "statusCode": 201, "headers": {"X-A": ["1", "2"]}, "content": "ok"},
      "__proto__": {"polluted": true}
    }`;
    const { variables } = newFlow({
      host: hostAt(SUNDAY),
      variables: JSON.parse(json) as Readonly<Record<string, unknown>>,
    });
    const expected: Readonly<Record<string, FlowValue>> = {
      s: 'x',
      n: 1,
      b: true,
      none: null,
      list: ['a', 1, '{"k":[1]}', '["c"]'],
      object: '{"a":{"b":1}}',
      mail: '{"message":"other"}',
      'reply.status.code': 201,
      'reply.header.x-a.2': '2',
      'reply.content': 'ok',
    };
    for (const [name, value] of Object.entries(expected)) {
      expect(variables.get(name), name).to.deep.equal(value);
    }
    expect(variables.get('__proto__')).to.equal('{"polluted":true}');
    expect(variables.message('reply')).to.be.instanceOf(Message);
  });

  it('names the variable whose message it cannot understand', () => {
    expect(() =>
      newFlow({ host: hostAt(SUNDAY), variables: { q: { message: 'request', headers: 5 } } }),
    ).to.throw(TypeError, /^q: "headers" holds 5/);
  });
});

describe('predefined variables', () => {
  const values: Readonly<Record<string, FlowValue>> = {
    'system.timestamp': SUNDAY,
    'system.time': 'Sun, 25 Aug 2013 19:06:07 GMT',
    'system.time.year': 2013,
    'system.time.month': 8,
    'system.time.day': 25,
    'system.time.dayofweek': 1,
    'system.time.hour': 19,
    'system.time.minute': 6,
    'system.time.second': 7,
    'system.time.millisecond': 8,
    'system.time.zone': 'UTC',
    'environment.name': 'eval',
    'organization.name': 'acme',
    'environment.orgname': 'acme',
    'environment.qualifiedname': 'acme__eval',
    'client.received.start.timestamp': SUNDAY,
    'client.received.start.time': 'Sun, 25 Aug 2013 19:06:07 UTC',
    'client.received.end.timestamp': SUNDAY,
    'client.received.end.time': 'Sun, 25 Aug 2013 19:06:07 UTC',
    'is.error': false,
    'apiproxy.name': null,
    'apiproxy.revision': null,
  };
  for (const [name, value] of Object.entries(values)) {
    it(`give ${name} as ${JSON.stringify(value)}`, () => {
      const { variables } = newFlow({ host: hostAt(SUNDAY) });
      expect(variables.get(name)).to.equal(value);
    });
  }

  it('are computed when they are read, but a flow begins once', () => {
    const host = hostAt(SUNDAY);
    const { variables } = newFlow({ host });
    host.time += 1_500;
    expect(variables.get('system.timestamp')).to.equal(SUNDAY + 1_500);
    expect(variables.get('system.time.second')).to.equal(8);
    expect(variables.get('client.received.start.timestamp')).to.equal(SUNDAY);
    expect(variables.get('system.uuid')).not.to.equal(variables.get('system.uuid'));
  });

  it('give each flow one message id (runtime 137)', () => {
    const host = hostAt(SUNDAY);
    const one = newFlow({ host });
    const two = newFlow({ host });
    expect(one.variables.get('messageid')).to.equal('uuid-1');
    expect(two.variables.get('messageid')).to.equal('uuid-2');
    expect(one.variables.get('messageid')).to.equal('uuid-1');
  });

  it('cannot be set or removed, and are not among the entries', () => {
    const { variables } = newFlow({ host: hostAt(SUNDAY) });
    const seen: string[] = [];
    variables.observe((name) => seen.push(name));
    for (const name of ['system.timestamp', 'messageid', 'organization.name', 'apiproxy.name']) {
      const before = variables.get(name);
      expect(variables.set(name, 'x'), name).to.equal('read-only');
      expect(variables.remove(name), name).to.equal('read-only');
      expect(variables.get(name), name).to.equal(before);
    }
    expect(seen).to.deep.equal([]);
    expect([...variables.entries()].map(([name]) => name)).to.deep.equal(['request']);
  });

  it('are replaced by what is seeded, for good, null included', () => {
    const { variables } = newFlow({
      host: hostAt(SUNDAY),
      variables: {
        'system.timestamp': 5,
        messageid: 'fixed',
        'organization.name': 'other',
        'apiproxy.name': 'p',
        'environment.name': null,
      },
    });
    expect(variables.get('system.timestamp')).to.equal(5);
    expect(variables.get('messageid')).to.equal('fixed');
    expect(variables.get('organization.name')).to.equal('other');
    expect(variables.get('apiproxy.name')).to.equal('p');
    expect(variables.get('environment.name')).to.equal(null);
    expect(variables.set('messageid', 'x')).to.equal('read-only');
    expect(variables.get('messageid')).to.equal('fixed');
  });

  it('make is.error follow the phase until somebody sets it', () => {
    const { variables } = newFlow({ host: hostAt(SUNDAY) });
    variables.phase = 'error';
    expect(variables.get('is.error')).to.equal(true);
    variables.phase = 'request';
    expect(variables.set('is.error', true)).to.equal('written');
    expect(variables.get('is.error')).to.equal(true);
  });

  it('can be a table of the caller', () => {
    const { variables } = newFlow({
      host: hostAt(SUNDAY),
      predefined: new Map([
        ...builtInVariables,
        ['proxy.name', readOnly(() => 'default')],
        ['target.copy.pathsuffix', readWrite(() => true)],
      ]),
    });
    expect(variables.get('proxy.name')).to.equal('default');
    expect(variables.set('proxy.name', 'x')).to.equal('read-only');
    expect(variables.set('target.copy.pathsuffix', false)).to.equal('written');
    expect(variables.get('target.copy.pathsuffix')).to.equal(false);
    expect(variables.get('system.time.zone')).to.equal('UTC');
  });
});

describe('transactions', () => {
  it('never see each other: 10,000 of them, interleaved, each with a canary', async () => {
    const host = hostAt(SUNDAY);
    const transaction = async (number: number): Promise<void> => {
      const canary = `canary-${number}`;
      const { variables } = newFlow({ host, variables: { 'request.header.x-canary': canary } });
      const turn = (): Promise<void> => Promise.resolve();
      const check = (name: string): void => {
        expect(flowValueText(variables.get(name))).to.equal(canary);
      };
      variables.set('own', canary);
      await turn();
      check('own');
      variables.set('q', new Message('request'));
      variables.set('q.queryparam.c', canary);
      await turn();
      variables.phase = number % 2 === 0 ? 'request' : 'error';
      variables.set('error', new Message('response'));
      variables.set('message.content', canary);
      await turn();
      check('message.content');
      check('q.queryparam.c');
      check('request.header.x-canary');
      const copy = variables.message('q')?.clone();
      copy?.query.set('c', 'changed');
      variables.set('request.formparam.c', canary);
      await turn();
      check('request.formparam.c');
      check('q.queryparam.c');
      check('own');
      expect(variables.get(`canary-${number + 1}`)).to.equal(null);
    };
    const numbers = Array.from({ length: 10_000 }, (_, number) => number);
    await Promise.all(numbers.map(transaction));
  });
});
