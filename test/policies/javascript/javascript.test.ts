import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRuntime } from '../../../lib/index.ts';
import { LonePassage } from '../../../lib/variables/passage.ts';
import { runScript, valueOf } from './run-script.ts';

describe('a Javascript policy', () => {
  it('tells the transaction what it prints', async () => {
    const runtime = createRuntime();
    const flow = runtime.newFlow();
    const lines: string[] = [];
    if (flow.passage instanceof LonePassage) flow.passage.onPrint((line) => lines.push(line));
    await runScript('print("a", 1, null); print({});', { runtime, flow });
    await runtime.close();
    expect(lines).to.deep.equal(['a 1 null', '[object Object]']);
  });

  it('says where the transaction stands', async () => {
    expect(await valueOf('context.flow')).to.equal('PROXY_REQ_FLOW');
    expect(await valueOf('context.flow', { phase: 'response' })).to.equal('PROXY_RESP_FLOW');
    expect(await valueOf('context.flow', { phase: 'error' })).to.equal('ERROR');
  });

  it('writes to the error response where a fault is under way', async () => {
    const { flow } = await runScript('context.proxyResponse.content = "mine";', {
      phase: 'error',
      variables: {
        error: { message: 'response', statusCode: 500, content: 'fault' },
        response: { message: 'response', statusCode: 200, content: 'target' },
      },
    });
    expect(flow.variables.get('error.content')).to.equal('mine');
  });

  it('has other random numbers in each run', async () => {
    const numbers = [await valueOf('Math.random()'), await valueOf('Math.random()')];
    expect(numbers[0]).to.be.a('number').and.to.be.within(0, 1);
    expect(numbers[0]).to.not.equal(numbers[1]);
  });

  it('refuses Java with a fault of its own', async () => {
    const { fault } = await runScript('java.lang.System.exit(0);');
    expect(fault?.code).to.equal('steps.javascript.ScriptSecurityError');
  });

  it('says that E4X is not supported', async () => {
    const { fault } = await runScript('request.content.asXML.a;');
    expect(fault?.faultstring).to.include('asXML is an E4X object, which is not supported');
  });

  it('keeps what scripts share by name, exchanges and dates among it', async () => {
    const runtime = createRuntime();
    const flow = runtime.newFlow();
    await runScript('context.session.a = { when: new Date(5), list: [1] };', { runtime, flow });
    await runScript('context.session.a.list.push(2);', { runtime, flow });
    const seen = await valueOf('context.session.a.when.getTime() + context.session.a.list.join()', {
      runtime,
      flow,
    });
    await runtime.close();
    expect(seen).to.equal('51,2');
  });

  it('forgets the object behind a variable that something else was written to', async () => {
    const runtime = createRuntime();
    const flow = runtime.newFlow();
    await runScript('context.setVariable("o", { a: 1 });', { runtime, flow });
    flow.variables.set('o', 'text');
    expect(await valueOf('context.getVariable("o")', { runtime, flow })).to.equal('text');
    await runtime.close();
  });

  it('tells an error of any size with a text of bounded size', async () => {
    const { fault } = await runScript('throw new Error("x".repeat(1e6));');
    expect(fault?.faultstring.length).to.be.below(10_000);
  });

  const hostile: Readonly<Record<string, string>> = {
    'a getter that never ends':
      'throw { get message() { while (true); }, toString: function () { while (true); } };',
    'a stack that never ends':
      'var e = new Error("x"); Object.defineProperty(e, "stack", { get: function () { while (true); } }); throw e;',
    'texts that throw':
      'context.setVariable({ toString: function () { throw new Error("no"); } }, 1);',
    'an object without end': 'var o = {}; o.o = o; context.setVariable("x", o);',
    'a deep object':
      'var o = {}, c = o; for (var i = 0; i < 1e5; i++) { c.a = {}; c = c.a; } context.setVariable("x", o);',
    'a changed JSON':
      'JSON.stringify = function () { return "?"; }; Object.defineProperty(Array.prototype, "map", { get: function () { throw 1; } }); throw new Error("x");',
  };
  for (const [title, script] of Object.entries(hostile)) {
    it(`raises a fault for ${title}, and the next one runs`, async () => {
      const { fault } = await runScript(script, { timeLimit: 1000 });
      expect(fault?.code).to.equal('steps.javascript.ScriptExecutionFailed');
      expect(await valueOf('1 + 1')).to.equal(2);
    });
  }

  it('gives scripts no constructor that leads out', async () => {
    const probes = [
      'context',
      'context.getVariable',
      'request.headers',
      'httpClient.send',
      'print',
      '[]',
    ];
    for (const probe of probes) {
      const found = `${probe}.constructor.constructor("return typeof process + typeof require")()`;
      expect(await valueOf(found), probe).to.equal('undefinedundefined');
    }
  });
});

describe('httpClient', () => {
  let server: Server;
  let url: string;

  before(async () => {
    server = createServer((_request, response) => response.end('answer'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  after((done) => {
    server.close(done);
    server.closeAllConnections();
  });

  it('runs callbacks with what the script left in its variables', async () => {
    const script = `var n = 1;
      httpClient.get("${url}", function (response) { n += 1; context.setVariable("x", response.content + n); });`;
    const { flow } = await runScript(script);
    expect(flow.variables.get('x')).to.equal('answer2');
  });

  it('raises a fault for a callback that fails', async () => {
    const { fault } = await runScript(`httpClient.get("${url}", function () {\n nowhere.x; });`);
    expect(fault?.faultstring).to.include('"nowhere" is not defined. (main.js:2)');
  });

  it('serves many scripts that wait at once', async () => {
    const runtime = createRuntime();
    const script = `var e = httpClient.get("${url}"); e.waitForComplete(); context.setVariable("x", e.getResponse().content + "");`;
    const all = await Promise.all(
      Array.from({ length: 8 }, () => runScript(script, { runtime, timeLimit: 0 })),
    );
    await runtime.close();
    expect(all.map(({ flow }) => flow.variables.get('x'))).to.deep.equal(Array(8).fill('answer'));
  });

  it('stops waiting at the time limit', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const runtime = createRuntime();
    const { port } = silent.address() as AddressInfo;
    const script = `httpClient.get("http://127.0.0.1:${port}/").waitForComplete(); context.setVariable("x", 1);`;
    const { flow, fault } = await runScript(script, { runtime, timeLimit: 200 });
    silent.closeAllConnections();
    silent.close();
    await runtime.close();
    expect(fault?.faultstring).to.include('Javascript runtime exceeded limit of 200ms');
    expect(flow.variables.get('x')).to.equal(null);
  });

  it('tells an address that is no URL as an error of the exchange', async () => {
    const seen = await valueOf(
      '(function () { var e = httpClient.get("nowhere"); e.waitForComplete(); return e.isError() + e.getError(); })()',
    );
    expect(seen).to.equal('true"nowhere" is no http or https URL');
  });
});
