import { expect } from 'chai';
import { DeploymentError } from '../../lib/diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import type { AccessRecord } from '../../lib/gateway/dispatcher.ts';
import { createGateway } from '../../lib/gateway/gateway.ts';
import { gate } from '../support/gate.ts';
import { bundlesOf, echoing, greeting, whileListening, whileServing } from './serving.ts';

/** A proxy at `/v` that answers with a text by itself. */
function answering(text: string, steps = ''): Record<string, string> {
  return {
    'v/apiproxy/v.xml': '<APIProxy name="v" revision="1"/>',
    'v/apiproxy/proxies/default.xml': `<ProxyEndpoint name="default">
      <HTTPProxyConnection><BasePath>/v</BasePath></HTTPProxyConnection>
      <PreFlow><Request><Step><Name>Call</Name></Step></Request>
        <Response><Step><Name>Answer</Name></Step></Response></PreFlow>
      ${steps}
      <RouteRule name="none"/></ProxyEndpoint>`,
    'v/apiproxy/policies/Answer.xml': `<AssignMessage name="Answer"><Set><Payload>${text}</Payload></Set>
      <AssignTo createNew="true" type="response">response</AssignTo></AssignMessage>`,
    'v/apiproxy/policies/Call.xml': `<ServiceCallout name="Call"><Response>r</Response>
      <HTTPTargetConnection><URL>http://backend.example/</URL></HTTPTargetConnection></ServiceCallout>`,
  };
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a gateway', () => {
  it('answers requests of the web standard without a socket', async () => {
    const gateway = await createGateway({ bundles: [await greeting()] });
    const response = await gateway.handle(
      new Request('https://api.example/greeting?name=Ada', { method: 'POST', body: 'hi' }),
    );
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.equal('application/json');
    expect(await response.json()).to.deep.equal({
      greeting: 'Hello, Ada',
      verb: 'POST',
      sent: 'hi',
    });
    const missing = await gateway.handle(new Request('https://api.example/nope'));
    expect(missing.status).to.equal(404);
    expect(await missing.text()).to.contain('host: api.example:443 and url: \\/nope');
    await gateway.close();
  });

  it('refuses a body of the web standard that is too big', async () => {
    const gateway = await createGateway({ bundles: [await greeting()] });
    const body = new Uint8Array(10 * 1024 * 1024 + 1);
    const response = await gateway.handle(
      new Request('http://a/greeting', { method: 'POST', body }),
    );
    expect(response.status).to.equal(413);
    await gateway.close();
  });

  it('never mixes up 2,000 requests, 200 of which run at once', async () => {
    let waiting: (() => void)[] = [];
    let seen = 0;
    // Answers come in groups and in reverse, so that many transactions are open together.
    const shuffled = () =>
      new Promise<void>((resolve) => {
        seen += 1;
        waiting.push(resolve);
        if (waiting.length < 50 && seen < 2_000) return;
        const group = waiting.reverse();
        waiting = [];
        for (const go of group) go();
      });
    await whileListening(echoing(shuffled), async (backend) => {
      const upstreams = { 'http://backend.example': backend };
      await whileServing({ upstreams }, async ({ server }) => {
        const send = async (canary: string): Promise<boolean> => {
          const response = await fetch(`${server.url}/mirror/${canary}?q=${canary}`, {
            method: 'POST',
            headers: { 'x-canary': canary },
            body: canary,
          });
          const text = await response.text();
          const echo = JSON.parse(text) as { url: string; body: string; rawHeaders: string[] };
          const foreign = [...text.matchAll(/canary-\d+-/g)].filter(([found]) => found !== canary);
          return (
            foreign.length === 0 &&
            echo.body === canary &&
            echo.url === `/${canary}?q=${canary}` &&
            echo.rawHeaders.includes(canary)
          );
        };
        const canaries = Array.from({ length: 2_000 }, (_, index) => `canary-${index}-`).values();
        const right: boolean[] = [];
        // As many clients as the system takes connections from at once.
        const client = async (): Promise<void> => {
          for (const canary of canaries) right.push(await send(canary));
        };
        await Promise.all(Array.from({ length: 200 }, client));
        expect(right).to.have.length(2_000);
        expect(right.filter((one) => !one)).to.have.length(0);
      });
    });
  }).timeout(60_000);

  it('reloads under load without dropping or mixing a request', async () => {
    await whileListening(echoing(), async (backend) => {
      const one = await bundlesOf(answering('one'));
      const two = await bundlesOf(answering('two'));
      const upstreams = { 'http://backend.example': backend };
      await whileServing({ bundles: one, upstreams }, async ({ gateway, server }) => {
        let sending = true;
        const answers = new Set<string>();
        const clients = Array.from({ length: 8 }, async () => {
          let count = 0;
          for (; sending; count += 1) {
            const response = await fetch(`${server.url}/v`);
            expect(response.status).to.equal(200);
            answers.add(await response.text());
          }
          return count;
        });
        for (let turn = 0; turn < 20; turn += 1) {
          await gateway.reload(turn % 2 === 0 ? two : one);
          expect(await (await fetch(`${server.url}/v`)).text()).to.equal(
            turn % 2 === 0 ? 'two' : 'one',
          );
        }
        sending = false;
        const counts = await Promise.all(clients);
        expect(Math.min(...counts)).to.be.above(0);
        expect([...answers].sort()).to.deep.equal(['one', 'two']);
      });
    });
  });

  it('finishes a request in flight as it began, whatever is deployed meanwhile', async () => {
    const arrived = gate();
    const go = gate();
    const backend = echoing(() => {
      arrived.open();
      return go.opened;
    });
    await whileListening(backend, async (url) => {
      const one = await bundlesOf(answering('one'));
      const upstreams = { 'http://backend.example': url };
      await whileServing({ bundles: one, upstreams }, async ({ gateway, server }) => {
        const response = fetch(`${server.url}/v`);
        await arrived.opened;
        await gateway.reload(await bundlesOf(answering('two')));
        go.open();
        expect(await (await response).text()).to.equal('one');
        expect(await (await fetch(`${server.url}/v`)).text()).to.equal('two');
      });
    });
  });

  it('keeps the revision before when a reload fails', async () => {
    const broken = await bundlesOf({
      ...answering('two'),
      'v/apiproxy/policies/Answer.xml': '<AssignMessage name="Answer"><Set>',
    });
    await whileServing({}, async ({ gateway, server }) => {
      const error = await errorOf(gateway.reload(broken));
      expect(error).to.be.instanceOf(DeploymentError);
      expect((await fetch(`${server.url}/greeting`)).status).to.equal(200);
      expect((await fetch(`${server.url}/v`)).status).to.equal(404);
      expect(gateway.deployed).to.deep.equal(['greeting']);
    });
  });

  it('refuses to deploy what has errors, with every finding, or leaves it out if told to', async () => {
    const broken = await bundlesOf({
      ...answering('x'),
      'v/apiproxy/policies/Answer.xml': '<AssignMessage name="Answer"><Set>',
    });
    const bundles = [await greeting(), ...broken];
    const error = await errorOf(createGateway({ bundles }));
    expect(error).to.be.instanceOf(DeploymentError);

    const diagnostics: Diagnostic[] = [];
    const gateway = await createGateway({
      bundles,
      undeployable: 'leave-out',
      report: (diagnostic) => diagnostics.push(diagnostic),
    });
    expect(gateway.deployed).to.deep.equal(['greeting']);
    expect(diagnostics.some(({ file }) => file.endsWith('Answer.xml'))).to.equal(true);
    await gateway.close();
  });

  it('leaves out the second of two bundles that want one base path', async () => {
    const twice = await bundlesOf({ ...answering('one') });
    const other = await bundlesOf({
      ...answering('two'),
      'v/apiproxy/v.xml': '<APIProxy name="w" revision="1"/>',
    });
    const bundles = [...twice, ...other];
    expect(await errorOf(createGateway({ bundles }))).to.be.instanceOf(DeploymentError);
    const gateway = await createGateway({ bundles, undeployable: 'leave-out' });
    expect(gateway.deployed).to.deep.equal(['v']);
    await gateway.close();
  });

  it('closes after what is in flight: the response, the PostClientFlow and its callouts', async () => {
    const arrived = gate();
    const go = gate();
    const paths: string[] = [];
    const backend = echoing(() => {
      paths.push('call');
      arrived.open();
      return go.opened;
    });
    const postClient = `<PostClientFlow><Response><Step><Name>Log</Name></Step></Response></PostClientFlow>`;
    const bundles = await bundlesOf({
      ...answering('done', postClient),
      'v/apiproxy/policies/Log.xml': `<ServiceCallout name="Log">
        <HTTPTargetConnection><URL>http://backend.example/</URL></HTTPTargetConnection></ServiceCallout>`,
    });
    await whileListening(backend, async (url) => {
      const upstreams = { 'http://backend.example': url };
      await whileServing({ bundles, upstreams }, async ({ gateway, server }) => {
        const response = fetch(`${server.url}/v`);
        await arrived.opened;
        const closed = gateway.close();
        expect((await gateway.handle(new Request('http://a/v'))).status).to.equal(503);
        go.open();
        expect(await (await response).text()).to.equal('done');
        await closed;
        expect(paths).to.have.length(2);
      });
    });
  });

  it('tells the access log of each request, and nothing of its query', async () => {
    const records: AccessRecord[] = [];
    const onAccess = (record: AccessRecord) => records.push(record);
    await whileServing({ onAccess }, async ({ server, gateway }) => {
      await (await fetch(`${server.url}/greeting?apikey=s3cret`)).text();
      await (await fetch(`${server.url}/nope?apikey=s3cret`)).text();
      await gateway.idle();
      expect(records.map(({ path, status, proxy }) => ({ path, status, proxy }))).to.deep.equal([
        { path: '/greeting', status: 200, proxy: 'greeting' },
        { path: '/nope', status: 404, proxy: undefined },
      ]);
      expect(JSON.stringify(records)).to.not.contain('s3cret');
    });
  });

  it('answers a mistake of the program with a message id and logs the rest', async () => {
    const errors: Readonly<Record<string, unknown>>[] = [];
    const log = {
      warn: () => undefined,
      error: (details: Readonly<Record<string, unknown>>) => errors.push(details),
    };
    const recorderFor = () => {
      throw new Error('the secret mistake');
    };
    await whileServing({ log, recorderFor }, async ({ server }) => {
      const response = await fetch(`${server.url}/greeting`);
      const text = await response.text();
      expect(response.status).to.equal(500);
      expect(text).to.not.contain('mistake');
      expect(errors).to.have.length(1);
      const [details = {}] = errors;
      expect(text).to.contain(String(details['messageId']));
      expect(details['stack']).to.contain('the secret mistake');
    });
  });
});
