import { expect } from 'chai';
import { calloutPolicy, trial, withHeaders } from './callout-trial.ts';
import type { Run } from './streams.ts';

interface Document {
  readonly policy: string;
  readonly type: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  } | null;
  readonly response: {
    readonly status: number;
    readonly reason: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    readonly bodyBase64?: string;
  } | null;
  readonly fault: Readonly<Record<string, unknown>> | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly lost?: string;
}

const documentOf = ({ stdout }: Run): Document => JSON.parse(stdout) as Document;

const timeTaken = 'apigee.metrics.policy.SC.timeTaken';

describe('apx callout --json', () => {
  it('gives what was sent, what came and every variable that the run set', () =>
    trial(
      async ({ callout }) => {
        const policy = calloutPolicy({
          request: `<Request variable="q"><Set><Headers><Header name="X-Id">{id}</Header></Headers>
            <QueryParams><QueryParam name="a">1 2</QueryParam></QueryParams>
            <Payload contentType="application/json">{"n":{n}}</Payload></Set></Request>`,
        });
        const run = await callout(policy, '--json', '--var', 'id=7', '--var', 'n=5');
        expect(run).to.include({ code: 0, stderr: '' });
        const { variables, ...rest } = documentOf(run);
        expect(rest).to.deep.equal({
          policy: 'SC',
          type: 'ServiceCallout',
          request: {
            method: 'POST',
            url: 'http://up.test/p?a=1%202',
            headers: [
              ['host', 'up.test'],
              ['x-id', '7'],
              ['content-type', 'application/json'],
            ],
            body: '{"n":5}',
          },
          response: {
            status: 201,
            reason: 'Made',
            headers: [
              ['x-list', 'a, b'],
              ['content-length', '2'],
            ],
            body: 'ok',
          },
          fault: null,
        });
        expect(variables[timeTaken]).to.be.a('number').above(0);
        expect({ ...variables, [timeTaken]: 1 }).to.deep.equal({
          [timeTaken]: 1,
          'q.content': '',
          'q.header.content-type': 'application/json',
          'q.header.x-id': '7',
          'q.queryparam.a': '1 2',
          'q.url': 'http://up.test/p?a=1%202',
          'r.content': 'ok',
          'r.header.content-length': '2',
          'r.header.x-list': 'a',
          'r.reason.phrase': 'Made',
          'r.status.code': 201,
          'servicecallout.SC.failed': false,
          'servicecallout.SC.target.url': 'http://up.test/p',
          'servicecallout.requesturi': '/p?a=1%202',
        });
      },
      [{ status: 201, reason: 'Made', headers: { 'X-List': 'a, b' }, body: 'ok' }],
    ));

  it('gives a fault, with the response that caused it, and exit code 1', () =>
    trial(
      async ({ callout }) => {
        const run = await callout(calloutPolicy({}), '--json');
        expect(run.code).to.equal(1);
        const { fault, response, variables } = documentOf(run);
        expect(fault).to.deep.equal({
          code: 'steps.servicecallout.ExecutionFailed',
          name: 'ExecutionFailed',
          status: 500,
          faultstring:
            'Execution of ServiceCallout SC failed. Reason: ResponseCode 404 is treated as error',
        });
        expect(response).to.include({ status: 404, body: 'gone' });
        expect(variables).to.include({
          'r.status.code': 404,
          'servicecallout.SC.failed': true,
          'fault.name': 'ExecutionFailed',
        });
      },
      [{ status: 404, body: 'gone' }],
    ));

  it('has a null request when nothing left, and a null response when none came', () =>
    trial(async ({ callout, calls }) => {
      const unresolved = documentOf(
        await callout(calloutPolicy({ request: withHeaders({ a: '{nothing}' }) }), '--json'),
      );
      expect(unresolved).to.include({ request: null, response: null });
      expect(unresolved.fault).to.include({ code: 'entities.UnresolvedVariable' });

      const connection =
        '<HTTPTargetConnection><URL>http://127.0.0.1:1/</URL></HTTPTargetConnection>';
      const refused = documentOf(await callout(calloutPolicy({ connection }), '--json'));
      expect(refused).to.include({ request: null, response: null });
      expect(calls).to.be.empty;
    }));

  it('has a request and a null response when the answer broke off', () =>
    trial(
      async ({ callout }) => {
        const { request, response, fault } = documentOf(await callout(calloutPolicy({}), '--json'));
        expect(request).to.include({ method: 'GET', url: 'http://up.test/p' });
        expect(response).to.equal(null);
        expect(fault).to.include({
          faultstring: 'Execution of ServiceCallout SC failed. Reason: Unexpected EOF at target',
        });
      },
      [{ failure: 'cut' }],
    ));

  it('gives bytes that are no text in base64 beside the text', () =>
    trial(
      async ({ callout }) => {
        const { response } = documentOf(await callout(calloutPolicy({}), '--json'));
        expect(response?.bodyBase64).to.equal('+/8A');
      },
      [{ bodyBase64: '+/8A' }],
    ));

  for (const value of ['日本', 'é', 'plain']) {
    it(`shows the header value ${value} as its text`, () =>
      trial(async ({ callout }) => {
        const policy = calloutPolicy({ request: withHeaders({ a: '{v}' }) });
        const run = await callout(policy, '--json', '--var', `v=${value}`);
        expect(documentOf(run).request?.headers).to.deep.include(['a', value]);
      }));
  }

  it('has exit code 0 and no fault when continueOnError let the flow go on', () =>
    trial(
      async ({ callout }) => {
        const run = await callout(
          calloutPolicy({ attributes: ' continueOnError="true"' }),
          '--json',
        );
        expect(run.code).to.equal(0);
        const { fault, variables } = documentOf(run);
        expect(fault).to.equal(null);
        expect(variables).to.include({
          'servicecallout.SC.failed': true,
          'fault.name': 'ExecutionFailed',
          'fault.reason':
            'Execution of ServiceCallout SC failed. Reason: ResponseCode 500 is treated as error',
        });
      },
      [{ status: 500 }],
    ));

  it('tells a person about a fault that continueOnError hides', () =>
    trial(
      async ({ callout }) => {
        const run = await callout(calloutPolicy({ attributes: ' continueOnError="true"' }));
        expect(run.stdout).to.match(/continueOnError hides .*ResponseCode 500 is treated as error/);
      },
      [{ status: 500 }],
    ));

  it('does nothing for a policy that is not enabled', () =>
    trial(async ({ callout, calls }) => {
      const run = await callout(calloutPolicy({ attributes: ' enabled="false"' }), '--json');
      expect(run.code).to.equal(0);
      expect(documentOf(run)).to.deep.include({ request: null, response: null, variables: {} });
      expect(calls).to.be.empty;
    }));

  it('gives one document, and the findings on stderr, for a policy that cannot be deployed', () =>
    trial(async ({ callout, folder }) => {
      const run = await callout(
        '<ServiceCallout name="SC">\n  <Timeout>0</Timeout>\n</ServiceCallout>',
        '--json',
      );
      expect(run.code).to.equal(2);
      expect(run.stderr.trimEnd().split('\n').sort()).to.deep.equal([
        `${folder}/SC.xml:1:1 error ConnectionInfoMissing Connection information is missing in Step SC.`,
        `${folder}/SC.xml:2:12 error InvalidTimeoutValue Invalid Timeout value 0.`,
      ]);
      expect(JSON.parse(run.stdout)).to.include({ policy: null, request: null, fault: null });
    }));

  it('runs the policies of SAP API Management, which have a namespace and no name', () =>
    trial(async ({ callout, calls }) => {
      const policy = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ServiceCallout async="true" continueOnError="false" enabled="true" xmlns="http://www.sap.com/apimgmt">
          <Request><Set><Verb>PUT</Verb></Set></Request><Response>sapapim.r</Response>
          <HTTPTargetConnection><URL>http://up.test/sap</URL></HTTPTargetConnection>
        </ServiceCallout>`;
      const run = await callout(policy, '--json');
      expect(run.code).to.equal(0);
      expect(documentOf(run).policy).to.equal('SC');
      expect(documentOf(run).variables).to.include({
        'sapapim.r.status.code': 200,
        'servicecallout.SC.failed': false,
      });
      expect(calls.map(({ method, target }) => `${method} ${target}`)).to.deep.equal(['PUT /sap']);
    }));
});

describe('apx callout variables', () => {
  const predefined = [
    'organization.name',
    'environment.name',
    'messageid',
    'system.timestamp',
    'system.time',
    'system.time.year',
    'system.uuid',
    'client.received.start.timestamp',
    'request.verb',
    'request.path',
    'request.header.x-id',
    'request.queryparam.postalcode',
    'request.content',
    'proxy.pathsuffix',
    'apiproxy.name',
    'an.ordinary.one',
    '__proto__.polluted',
  ];

  for (const name of predefined) {
    it(`--var sets ${name}, so that a run can be repeated exactly`, () =>
      trial(async ({ callout }) => {
        const policy = calloutPolicy({ request: withHeaders({ a: `{${name}}` }) });
        const flags = ['--json', '--var', `${name}=4 = 2 + 2`];
        const [first, second] = [await callout(policy, ...flags), await callout(policy, ...flags)];
        expect(documentOf(first).request?.headers).to.deep.include(['a', '4 = 2 + 2']);
        expect(first.stderr).to.equal('');
        const repeated = ({ variables, ...rest }: Document) => ({
          ...rest,
          variables: { ...variables, [timeTaken]: 1 },
        });
        expect(repeated(documentOf(second))).to.deep.equal(repeated(documentOf(first)));
      }));
  }

  it('--vars gives strings, numbers, lists, JSON texts and messages, and --var wins over it', () =>
    trial(async ({ callout, file }) => {
      const vars = await file(
        'vars.json',
        `\uFEFF${JSON.stringify({
          s: 'text',
          n: 1.5,
          l: ['x', 'y'],
          o: { a: 1 },
          won: 'by --vars',
          'request.header.h': 'part',
          q: {
            message: 'request',
            verb: 'PATCH',
            path: '/from/message',
            headers: { 'X-A': ['1', '2'] },
            queryParams: { p: 'é' },
            content: 'body',
          },
          old: { message: 'response', statusCode: 418, reasonPhrase: 'Teapot', content: 'tea' },
        })}`,
      );
      const policy = calloutPolicy({
        request: `<Request variable="q"><Set><Headers><Header name="seen">{s} {n} {l} {o} {won} {request.header.h} {old.status.code} {old.reason.phrase} {old.content}</Header></Headers></Set></Request>`,
      });
      const run = await callout(policy, '--json', '--vars', vars, '--var', 'won=by --var');
      expect(run).to.include({ code: 0, stderr: '' });
      expect(documentOf(run).request).to.deep.equal({
        method: 'PATCH',
        url: 'http://up.test/p/from/message?p=%C3%A9',
        headers: [
          ['host', 'up.test'],
          ['x-a', '1'],
          ['x-a', '2'],
          ['seen', 'text 1.5 [x, y] {"a":1} by --var part 418 Teapot tea'],
        ],
        body: 'body',
      });
    }));

  it('runs in the response flow when the message given is a response', () =>
    trial(async ({ callout, file }) => {
      const vars = await file(
        'vars.json',
        JSON.stringify({ message: { message: 'response', statusCode: 503, content: 'sorry' } }),
      );
      const request = withHeaders({ a: '{message.status.code} {response.content} {request.verb}' });
      const run = await callout(calloutPolicy({ request }), '--json', '--vars', vars);
      expect(documentOf(run).request?.headers).to.deep.include(['a', '503 sorry GET']);
    }));

  it('says that a variable was given which cannot be set', () =>
    trial(async ({ callout }) => {
      const run = await callout(calloutPolicy({}), '--var', 'request.status.code=200');
      expect(run.code).to.equal(0);
      expect(run.stderr).to.equal(
        'warning: request.status.code was given a value and cannot have one; it reads as unset\n',
      );
    }));
});

describe('apx callout connections', () => {
  it('--upstream moves the connection; Host and variables stay as if unmapped', () =>
    trial(async ({ callout, calls, url }) => {
      const connection =
        '<HTTPTargetConnection><URL>https://maps.example.com/a?b=1</URL></HTTPTargetConnection>';
      const policy = calloutPolicy({ connection });
      const run = await callout(
        policy,
        '--json',
        '--upstream',
        `https://maps.example.com=${url}/pre`,
      );
      expect(calls[0]?.target).to.equal('/pre/a?b=1');
      expect(calls[0]?.headers).to.deep.include(['host', 'maps.example.com']);
      const { request, variables } = documentOf(run);
      expect(request?.url).to.equal('https://maps.example.com/a?b=1');
      expect(variables).to.include({
        'servicecallout.SC.target.url': 'https://maps.example.com/a?b=1',
        'servicecallout.requesturi': '/a?b=1',
      });
    }));

  it('--env gives target servers to a load balancer', () =>
    trial(async ({ callout, calls, file, url }) => {
      const env = await file(
        'test.json',
        JSON.stringify({
          name: 'test',
          targetServers: [{ name: 'one', host: '127.0.0.1', port: Number(new URL(url).port) }],
        }),
      );
      const policy = calloutPolicy({
        request: withHeaders({ env: '{environment.name}' }),
        connection:
          '<HTTPTargetConnection><LoadBalancer><Server name="one"/></LoadBalancer><Path>/lb</Path></HTTPTargetConnection>',
      });
      const run = await callout(policy, '--json', '--env', env);
      expect(run).to.include({ code: 0, stderr: '' });
      expect(calls[0]).to.include({ method: 'GET', target: '/lb' });
      expect(calls[0]?.headers).to.deep.include(['env', 'test']);

      const missing = await callout(policy.replace('"one"', '"two"'), '--json', '--env', env);
      expect(missing.code).to.equal(2);
      expect(missing.stderr).to.match(/SC\.xml:1:\d+ error unknown-target-server /);
      expect(calls).to.have.length(1);
    }));

  for (const [kind, token] of [
    [
      'GoogleAccessToken',
      '<GoogleAccessToken><Scopes><Scope>s</Scope></Scopes></GoogleAccessToken>',
    ],
    ['GoogleIDToken', '<GoogleIDToken><Audience>a</Audience></GoogleIDToken>'],
  ] as const) {
    it(`--google-token stands in for Google's ${kind}`, () =>
      trial(async ({ callout, calls }) => {
        const connection = `<HTTPTargetConnection><Authentication>${token}</Authentication><URL>http://up.test/</URL></HTTPTargetConnection>`;
        const run = await callout(calloutPolicy({ connection }), '--json', '--google-token', 'T0K');
        expect(run.code).to.equal(0);
        expect(calls[0]?.headers).to.deep.include(['Authorization', 'Bearer T0K']);
      }));
  }

  const locals: readonly (readonly [written: string, target: string])[] = [
    ['<Path>/base/items?x=1</Path>', '/base/items?x=1'],
    ['<APIProxy>other</APIProxy><ProxyEndpoint>inner</ProxyEndpoint>', '/other/inner'],
    ['<APIProxy>other</APIProxy>', '/other/default'],
  ];
  for (const [written, target] of locals) {
    it(`--local sends ${written} to ${target}`, () =>
      trial(async ({ callout, calls, url }) => {
        const connection = `<LocalTargetConnection>${written}</LocalTargetConnection>`;
        const run = await callout(calloutPolicy({ connection }), '--json', '--local', url);
        expect(run).to.include({ code: 0, stderr: '' });
        expect(calls.map((call) => call.target)).to.deep.equal([target]);
        expect(documentOf(run).variables).to.include({ 'r.status.code': 200 });
      }));
  }

  it('without --local no proxy is found', () =>
    trial(async ({ callout }) => {
      const connection = '<LocalTargetConnection><Path>/x</Path></LocalTargetConnection>';
      const run = await callout(calloutPolicy({ connection }), '--json');
      expect(run.code).to.equal(1);
      expect(documentOf(run).fault).to.include({
        faultstring: 'Execution of ServiceCallout SC failed. Reason: Host not reachable',
      });
    }));

  it('waits for a call that no flow waits for, and says why it failed', () =>
    trial(
      async ({ callout, calls }) => {
        const done = await callout(calloutPolicy({ response: '' }), '--json');
        expect(done.code).to.equal(0);
        expect(calls).to.have.length(1);
        expect(documentOf(done).response).to.include({ status: 500 });
        expect(documentOf(done)).not.to.have.property('lost');

        const connection =
          '<HTTPTargetConnection><URL>http://127.0.0.1:1/</URL></HTTPTargetConnection>';
        const lost = await callout(calloutPolicy({ response: '', connection }), '--json');
        expect(lost.code).to.equal(0);
        expect(documentOf(lost).lost).to.equal(
          'Execution of ServiceCallout SC failed. Reason: Host not reachable',
        );
      },
      [{ status: 500, delay: 30 }],
    ));
});

describe('apx callout --dry-run', () => {
  const servers = (port: number) =>
    JSON.stringify({
      name: 'test',
      serviceAccount: 'sa@example.com',
      targetServers: ['a', 'b'].map((name) => ({ name, host: '127.0.0.1', port })),
    });
  const token =
    '<Authentication><GoogleIDToken><Audience useTargetUrl="true"/></GoogleIDToken></Authentication>';
  const balancer =
    '<LoadBalancer><Server name="a"/><Server name="b"/></LoadBalancer><Path>/lb</Path>';
  const connections: Readonly<Record<string, string>> = {
    'a URL': '<HTTPTargetConnection><URL>http://up.test/dry</URL></HTTPTargetConnection>',
    Authentication: `<HTTPTargetConnection>${token}<URL>http://up.test/dry</URL></HTTPTargetConnection>`,
    'a load balancer': `<HTTPTargetConnection>${balancer}</HTTPTargetConnection>`,
    'a local proxy': '<LocalTargetConnection><Path>/dry</Path></LocalTargetConnection>',
  };
  for (const [what, connection] of Object.entries(connections)) {
    for (const response of ['<Response>r</Response>', '']) {
      const waiting = response === '' ? 'fire and forget' : 'with a response';
      it(`prepares and sends nothing: ${what}, ${waiting}`, () =>
        trial(async ({ callout, calls, file, url }) => {
          const env = await file('test.json', servers(Number(new URL(url).port)));
          const run = await callout(
            calloutPolicy({
              connection,
              response,
              request:
                '<Request><Set><Payload contentType="text/plain">b</Payload></Set></Request>',
            }),
            ...['--json', '--dry-run', '--env', env, '--local', url],
          );
          expect(run).to.include({ code: 0, stderr: '' });
          const { request, fault, variables } = documentOf(run);
          expect(request).to.include({ method: 'POST', body: 'b' });
          expect(documentOf(run)).to.include({ response: null, fault: null });
          expect(fault).to.equal(null);
          expect(variables).not.to.have.property('r.status.code');
          expect(documentOf(run)).not.to.have.property('lost');
          expect(calls).to.be.empty;
        }));
    }
  }

  it('still ends in the faults of preparation', () =>
    trial(async ({ callout }) => {
      const policy = calloutPolicy({ request: withHeaders({ a: '{nothing}' }) });
      const run = await callout(policy, '--dry-run', '--json');
      expect(run.code).to.equal(1);
      expect(documentOf(run).fault).to.include({ faultstring: 'Unresolved variable : nothing' });
    }));
});
