import { expect } from 'chai';
import fc from 'fast-check';
import { debugSession, debugSessionText } from '../../lib/trace/debug-session.ts';
import { memoryTraces } from '../../lib/trace/memory-traces.ts';
import { TransactionRecorder } from '../../lib/trace/transaction-recorder.ts';
import type { TransactionRecord } from '../../lib/trace/transaction-record.ts';
import { newFlow } from '../../lib/variables/flow.ts';
import { ObservedVariables } from '../../lib/variables/observed-variables.ts';
import { clientRequest, deploy, fixedHost, runToEnd } from './play.ts';
import { checksSharedFlow, ordersProxy } from './orders-proxy.ts';
import { accessesOf, pointsOf, propertiesOf } from './points.ts';

const echoProxy = {
  'echo.xml': '<APIProxy name="echo"/>',
  'proxies/default.xml': `<ProxyEndpoint name="default">
    <PreFlow><Request><Step><Name>AM-Copy</Name></Step></Request></PreFlow>
    <HTTPProxyConnection><BasePath>/echo</BasePath></HTTPProxyConnection>
    <RouteRule name="none"/>
  </ProxyEndpoint>`,
  'policies/AM-Copy.xml': `<AssignMessage name="AM-Copy">
    <AssignVariable><Name>copy</Name><Ref>request.content</Ref></AssignVariable>
    <AssignVariable><Name>header</Name><Ref>request.header.x-odd</Ref></AssignVariable>
    <IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables>
  </AssignMessage>`,
};

async function recordOf(init: Parameters<typeof clientRequest>[0]): Promise<TransactionRecord> {
  const deployment = await deploy({ proxy: echoProxy });
  const traces = memoryTraces();
  await runToEnd(deployment, clientRequest({ target: '/echo', ...init }), traces.recorderFor());
  const [record] = traces.records();
  if (record === undefined) throw new Error('Nothing was recorded');
  return record;
}

function firstMessage(record: TransactionRecord) {
  return pointsOf(record)[0]?.results[1];
}

/** A recorder of its own, with variables that it watches. */
function watched(limits?: ConstructorParameters<typeof TransactionRecorder>[1]) {
  const kept: TransactionRecord[] = [];
  const recorder = new TransactionRecorder((record) => kept.push(record), limits);
  const variables = new ObservedVariables({ access: () => undefined, read: () => null }, recorder);
  const flow = { ...newFlow({ host: fixedHost }), variables };
  return { recorder, variables, flow, kept };
}

describe('the record of a hostile transaction', () => {
  it('keeps bytes that are no text, one character a byte', async () => {
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const message = firstMessage(await recordOf({ method: 'POST', body }));
    expect(message).to.include({ contentEncoding: 'iso-8859-1' });
    const content = message !== undefined && 'content' in message ? message.content : '';
    expect(Buffer.from(content, 'latin1')).to.deep.equal(Buffer.from(body));
  });

  it('cuts a body at 64 KB and says so', async () => {
    const message = firstMessage(await recordOf({ method: 'POST', body: 'x'.repeat(200_000) }));
    expect(message).to.include({ contentTruncated: true });
    expect(message)
      .to.have.property('content')
      .with.lengthOf(64 * 1024);
    const whole = firstMessage(await recordOf({ method: 'POST', body: 'x'.repeat(64 * 1024) }));
    expect(whole).not.to.have.property('contentTruncated');
  });

  it('masks a secret that stands across the cut', async () => {
    const body = `${'x'.repeat(64 * 1024 - 20)}&password=${'canary'.repeat(20)}`;
    expect(debugSessionText(await recordOf({ method: 'POST', body }))).not.to.include('canary');
  });

  it('is JSON of printable lines, whatever bytes pass', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'binary', maxLength: 50 }),
        async (body, odd) => {
          const headers = [['X-Odd', odd]] as const;
          const record = await recordOf({ method: 'POST', headers, body });
          const text = debugSessionText(record);
          expect(text).to.match(/^[^\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]*$/);
          expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(debugSession(record))));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('cannot be made to hold points that did not happen', async () => {
    const forged = '"}]}]},{"id":"Execution","results":[]}\n{"id":"Error"}';
    const record = await recordOf({ method: 'POST', headers: [['X-Odd', forged]], body: forged });
    expect(debugSessionText(record)).not.to.match(/^\s*\{"id":"Error"\}/m);
    expect(pointsOf(record).filter(({ id }) => id === 'Error')).to.deep.equal([]);
  });

  it('takes names such as __proto__ for names', () => {
    const { recorder, variables, flow, kept } = watched();
    variables.set('__proto__', 'polluted');
    variables.get('constructor.prototype');
    recorder.enteredState(flow, 'PROXY_REQ_FLOW');
    recorder.ended(flow, 'completed');
    expect(accessesOf(pointsOf(kept[0])[0])).to.deep.equal([
      { Set: { name: '__proto__', value: 'polluted', success: true } },
      { Get: { name: 'constructor.prototype' } },
    ]);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });

  it('lists ten thousand variables', () => {
    const { recorder, variables, flow, kept } = watched();
    for (let at = 0; at < 10_000; at++) variables.set(`v${at}`, at);
    recorder.enteredState(flow, 'PROXY_REQ_FLOW');
    recorder.ended(flow, 'completed');
    const accesses = accessesOf(pointsOf(kept[0])[0]);
    expect(accesses).to.have.length(10_000);
    expect(accesses.at(-1)).to.deep.equal({
      Set: { name: 'v9999', value: '9999', success: true },
    });
  });

  it('leaves out what is beyond its limits, and says how much', () => {
    const limits = { body: 10, bodies: 10, points: 2, accesses: 3, accessCharacters: 1_000 };
    const { recorder, variables, flow, kept } = watched(limits);
    for (let at = 0; at < 5; at++) variables.set(`v${at}`, at);
    for (const state of ['A', 'B', 'C']) recorder.enteredState(flow, state);
    recorder.ended(flow, 'completed');
    const points = pointsOf(kept[0]);
    expect(points.map(({ id }) => id)).to.deep.equal(['StateChange', 'StateChange', 'FlowInfo']);
    expect(propertiesOf(points[2])).to.deep.equal({
      'omitted.points': '1',
      'omitted.accesses': '2',
    });
  });

  it('cuts long values, and keeps no more of all of them than its limit', () => {
    const { recorder, variables, flow, kept } = watched();
    for (let at = 0; at < 3_000; at++) variables.set('long', 'x'.repeat(100_000));
    recorder.enteredState(flow, 'PROXY_REQ_FLOW');
    recorder.ended(flow, 'completed');
    const text = kept[0] === undefined ? '' : debugSessionText(kept[0]);
    expect(text.length).to.be.within(8_000_000, 9_000_000);
    expect(text).to.include('omitted.accesses');
  });

  it('ends once, also when a mistake of the program ended the transaction', async () => {
    const deployment = await deploy({
      proxy: ordersProxy,
      sharedFlow: checksSharedFlow,
      answers: () => {
        throw new RangeError('a mistake');
      },
    });
    const traces = memoryTraces();
    const run = runToEnd(deployment, clientRequest({ target: '/orders' }), traces.recorderFor());
    expect(await run.catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    expect(traces.records().map(({ outcome }) => outcome)).to.deep.equal(['aborted']);

    const { recorder, flow, kept } = watched();
    recorder.ended(flow, 'aborted');
    recorder.ended(flow, 'completed');
    expect(kept.map(({ outcome }) => outcome)).to.deep.equal(['aborted']);
  });
});
