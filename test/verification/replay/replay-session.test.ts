import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { emptyEnvironment } from '../../../lib/host/environment.ts';
import { inFolder } from '../../bundle/folder.ts';
import {
  edgeSession,
  ordersBundles,
  replayed,
  xSession,
  type Change,
  type Replay,
} from './orders.ts';

const proxy = 'proxies/default.xml';

async function replayOf(
  changes: readonly Change[],
  added?: Readonly<Record<string, string>>,
  session = edgeSession,
): Promise<Replay> {
  return replayed({ session, bundles: await ordersBundles(changes, added) });
}

describe('replaying a debug session', () => {
  for (const session of [edgeSession, xSession]) {
    it(`finds nothing unexplained in ${session}`, async () => {
      const { start, transactions, unexplained } = await replayOf([], {}, session);
      expect(unexplained).to.deep.equal([]);
      expect(start.revision).to.deep.equal([]);
      expect(start.notes).to.deep.equal([]);
      expect(start.head).to.deep.equal({
        organization: 'local',
        environment: 'test',
        proxy: 'orders',
        revision: '3',
      });
      expect(transactions.map(({ request }) => request)).to.deep.equal([
        'GET /v1/orders/7?weather=true&city=Paris',
        'GET /v1/orders/9',
        'POST /v1/orders/7/items',
        'GET /v1/orders/7',
      ]);
      expect(transactions[0]?.agreed).to.deep.equal({
        states: 9,
        flows: 7,
        conditions: 5,
        steps: 5,
        variables: 25,
        headers: 22,
        bodies: 5,
      });
    });
  }

  it('tells by name what Apigee’s servers add', async () => {
    const { explained } = await replayOf([]);
    expect([...explained]).to.include.members([
      'platform: variable virtualhost.ip',
      'platform: condition by which Apigee finds the endpoint',
      'time: variable apigee.metrics.policy.AM-Label.timeTaken',
      'framing: response header content-length',
    ]);
  });

  const mutations: readonly {
    readonly name: string;
    readonly changes: readonly Change[];
    readonly differences: readonly string[];
  }[] = [
    {
      name: 'another value of a header, in the message and in the response',
      changes: [{ file: 'policies/AM-Label.xml', from: '>1<', to: '>2<' }],
      differences: [
        'RESP_SENT: response header x-orders: 1 -> 2',
        'RESP_SENT: error header x-orders: 1 -> 2',
      ],
    },
    {
      name: 'a condition of a step that comes to something else',
      changes: [{ file: proxy, from: '= "true"</Condition>', to: '= "yes"</Condition>' }],
      differences: [
        'PROXY_REQ_FLOW, read-order, step SC-Weather: condition: true: (request.queryparam.weather equals "true") -> false: (request.queryparam.weather equals "yes")',
        'PROXY_REQ_FLOW, read-order, step SC-Weather: step: ran -> skipped',
      ],
    },
    {
      name: 'another status of a fault',
      changes: [{ file: 'policies/RF-NotFound.xml', from: '404', to: '410' }],
      differences: ['END, final response: response status: 404 -> 410'],
    },
    {
      name: 'another path of the target',
      changes: [
        {
          file: 'resources/properties/warehouse.properties',
          from: /^path.*$/m,
          to: 'path=elsewhere',
        },
      ],
      differences: [],
    },
    {
      name: 'a route that leads nowhere',
      changes: [{ file: proxy, from: '<TargetEndpoint>warehouse</TargetEndpoint>', to: '' }],
      differences: ['TARGET_REQ_FLOW: state TARGET_REQ_FLOW: entered -> nothing'],
    },
  ];
  for (const { name, changes, differences } of mutations) {
    it(`finds ${name}`, async () => {
      const { unexplained } = await replayOf(changes);
      expect(unexplained).to.not.be.empty;
      expect(unexplained).to.include.members([...differences]);
    });
  }

  it('finds that steps have changed places', async () => {
    const added = {
      'policies/AM-One.xml': '<AssignMessage name="AM-One"/>',
      'policies/AM-Two.xml': '<AssignMessage name="AM-Two"/>',
    };
    const steps = (...names: readonly string[]): Change => ({
      file: proxy,
      from: '<Name>FC-Correlate</Name>\n      </Step>',
      to: `<Name>FC-Correlate</Name></Step>${names.map((name) => `<Step><Name>${name}</Name></Step>`).join('')}`,
    });
    const shown = `<Point id="Execution"><DebugInfo><Properties><Property name="stepDefinition-name">AM-NAME</Property><Property name="action">CONTINUE</Property><Property name="result">true</Property></Properties></DebugInfo></Point>`;
    const text = await readFile(edgeSession, 'utf8');
    // Before the first condition of a flow, so behind the steps of the PreFlow.
    const flowCondition = /(?=<Point id="Condition">(?:(?!<\/Point>)[^])*\(\(proxy)/;
    const session = text
      .split('<Message>')
      .map((part) =>
        part.replace(flowCondition, shown.replace('NAME', 'One') + shown.replace('NAME', 'Two')),
      )
      .join('<Message>');
    await inFolder({ 'session.xml': session }, async (folder) => {
      const file = join(folder, 'session.xml');
      const same = await replayOf([steps('AM-One', 'AM-Two')], added, file);
      expect(same.unexplained).to.deep.equal([]);
      const other = await replayOf([steps('AM-Two', 'AM-One')], added, file);
      expect(other.unexplained.join('\n')).to.match(
        /step AM-(?:One|Two): ran -> nothing\n.*step AM-(?:One|Two): nothing -> ran|step AM-(?:One|Two): nothing -> ran\n.*step AM-(?:One|Two): ran -> nothing/,
      );
      expect(other.start.revision).to.deep.equal([]);
    });
  });

  it('leaves a step out that no transaction shows, and says so', async () => {
    const { unexplained, explained } = await replayOf(
      [{ file: proxy, from: '<Request>', to: '<Request><Step><Name>AM-New</Name></Step>' }],
      {
        'policies/AM-New.xml':
          '<AssignMessage name="AM-New"><AssignVariable><Name>new</Name><Value>1</Value></AssignVariable></AssignMessage>',
      },
    );
    expect(unexplained).to.deep.equal([]);
    expect([...explained]).to.include('step only in the bundle: AM-New');
  });

  const lacking: readonly {
    readonly name: string;
    readonly changes: readonly Change[];
    readonly says: string;
  }[] = [
    {
      name: 'is not attached',
      changes: [
        {
          file: proxy,
          from: /<Step>\s*<Name>SC-Weather<\/Name>[^]*?<\/Step>/,
          to: '',
        },
      ],
      says: 'step only in the session: SC-Weather: the bundle has no such step',
    },
    {
      name: 'is of a type that does not run here',
      changes: [
        {
          file: 'policies/JS-Trim.xml',
          from: /<Javascript[^]*<\/Javascript>/,
          to: '<JavaCallout name="JS-Trim"><ClassName>Trim</ClassName><ResourceURL>java://trim.jar</ResourceURL></JavaCallout>',
        },
      ],
      says: 'step only in the session: JS-Trim: policies of type JavaCallout do not run here',
    },
  ];
  for (const { name, changes, says } of lacking) {
    it(`lets the recording stand in for a step whose policy ${name}`, async () => {
      const { unexplained, explained } = await replayOf(changes);
      expect([...explained]).to.include(says);
      expect(unexplained).to.deep.equal([]);
    });
  }

  it('sets what the recording of a missing step says it set', async () => {
    const session = (await readFile(edgeSession, 'utf8')).replaceAll(
      /(<Property name="stepDefinition-name">)JS-Trim(<\/Property>)/g,
      '$1JS-Gone$2',
    );
    await inFolder({ 'session.xml': session }, async (folder) => {
      const { unexplained, explained } = await replayed({
        session: join(folder, 'session.xml'),
        bundles: await ordersBundles([
          { file: 'targets/warehouse.xml', from: /<PreFlow[^]*<\/PreFlow>/, to: '' },
        ]),
      });
      expect(unexplained).to.deep.equal([]);
      expect([...explained]).to.include(
        'step only in the session: JS-Gone: the bundle has no such step',
      );
    });
  });

  it('sends the request to the bundle’s own base path, and says so', async () => {
    const { unexplained, explained, transactions } = await replayOf([
      { file: proxy, from: '/v1/orders', to: '/v2/shop/orders' },
    ]);
    expect(unexplained).to.deep.equal([]);
    expect(transactions[0]?.request).to.equal('GET /v2/shop/orders/7?weather=true&city=Paris');
    expect([...explained]).to.include.members([
      'base path: base path',
      'base path: request URI',
      'base path: variable proxy.basepath',
    ]);
  });

  it('takes the recorded way where the bundle routes to a target that it has not', async () => {
    const { unexplained, explained, start } = await replayOf([
      {
        file: proxy,
        from: '<RouteRule name="dry-run">',
        to: '<RouteRule name="lost"><TargetEndpoint>lost</TargetEndpoint></RouteRule><RouteRule name="dry-run">',
      },
    ]);
    expect([...explained]).to.include('route: route');
    expect(start.notes.map(({ message }) => message).join()).to.include('lost');
    expect(unexplained.filter((text) => !text.includes('condition'))).to.deep.equal([]);
  });

  it('tells a condition in other words from one that came to something else', async () => {
    const { unexplained, explained } = await replayOf([
      {
        file: proxy,
        from: 'request.queryparam.weather = "true"',
        to: 'request.queryparam.weather Equals "true" and request.verb = "GET"',
      },
    ]);
    expect(unexplained).to.deep.equal([]);
    expect([...explained]).to.include('condition text: condition');
  });

  it('explains what the clock or chance decides, and nothing else by it', async () => {
    const script = (text: string): Promise<Replay> =>
      replayOf([{ file: 'resources/jsc/trim.js', from: /^/, to: text }]);
    const random = await script('context.setVariable("drawn", String(Math.random()));\n');
    expect(random.unexplained).to.have.length(2);
    const text = (await readFile(edgeSession, 'utf8')).replaceAll(
      /(<Property name="stepDefinition-name">JS-Trim<\/Property>[^]*?<VariableAccess>)/g,
      '$1<Set success="true" value="0.5" name="drawn"/>',
    );
    await inFolder({ 'session.xml': text }, async (folder) => {
      const session = join(folder, 'session.xml');
      const replay = (value: string): Promise<Replay> =>
        replayOf(
          [
            {
              file: 'resources/jsc/trim.js',
              from: /^/,
              to: `context.setVariable("drawn", ${value});\n`,
            },
          ],
          {},
          session,
        );
      const drawn = await replay('String(Math.random())');
      expect(drawn.unexplained).to.deep.equal([]);
      expect([...drawn.explained]).to.include('clock or chance: variable drawn');
      const moment = await replay('String(Date.now())');
      expect([...moment.explained]).to.include('clock or chance: variable drawn');
      const fixed = await replay('"0.25"');
      expect(fixed.unexplained[0]).to.include('variable drawn: 0.5 -> 0.25');
    });
  });

  it('compares the names of the environment if one was given', async () => {
    const bundles = await ordersBundles();
    const environment = { ...emptyEnvironment, name: 'production' };
    const named = await replayed({
      session: edgeSession,
      bundles,
      environment,
      environmentNames: 'of the environment',
    });
    expect(named.unexplained).to.include(
      'REQ_HEADERS_PARSED: variable environment.name: test -> production',
    );
    const unnamed = await replayed({ session: edgeSession, bundles, environment });
    expect(unnamed.unexplained).to.deep.equal([]);
  });

  it('asks services that run instead of the recording, each call once', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.headers.host ?? ''} ${request.url ?? ''}`);
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('X-Served-By', 'warehouse.example');
      response.end('{"order":8}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const { unexplained } = await replayed({
        session: edgeSession,
        bundles: await ordersBundles(),
        upstreams: { 'https://warehouse.example': `http://127.0.0.1:${port}` },
      });
      expect(asked).to.have.length(2);
      expect(asked[0]).to.match(/^warehouse\.example /);
      expect(unexplained.join('\n')).to.include('response body: {"order":7');
      expect(unexplained.join('\n')).to.include('-> {"order":8}');
      expect(unexplained.join('\n')).to.not.include('sky');
    } finally {
      server.close();
    }
  });

  it('expects nothing of what came after a session was saved', async () => {
    const text = await readFile(edgeSession, 'utf8');
    const [head = '', first = ''] = text.split(/(?=<Message>)/);
    const points = first.split(/(?=<Point )/);
    const session = `${head}${points.slice(0, 20).join('')}</Data></Message></Messages></DebugSession>`;
    for (const completed of ['false', 'true']) {
      const part = session.replace('>true</Completed>', `>${completed}</Completed>`);
      await inFolder({ 'session.xml': part }, async (folder) => {
        const { unexplained, explained } = await replayOf([], {}, join(folder, 'session.xml'));
        if (completed === 'true') expect(unexplained).to.not.be.empty;
        else {
          expect(unexplained).to.deep.equal([]);
          expect([...explained]).to.include('cut off: state RESP_SENT');
        }
      });
    }
  });

  it('says of a call that the session has no answer for', async () => {
    const { unexplained } = await replayOf([
      {
        file: 'policies/AM-Label.xml',
        from: /<AssignMessage[^]*<\/AssignMessage>/,
        to: '<ServiceCallout name="AM-Label"><Response>x</Response><HTTPTargetConnection><URL>https://label.example/</URL></HTTPTargetConnection></ServiceCallout>',
      },
    ]);
    expect(unexplained).to.include(
      'upstream: call GET https://label.example/: nothing -> made, and the session has no answer for it',
    );
  });
});
