import { expect } from 'chai';
import { memoryTraces } from '../../lib/trace/memory-traces.ts';
import { deploy, clientRequest, runToEnd, type Setting } from './play.ts';
import { checksSharedFlow, ordersProxy } from './orders-proxy.ts';
import { accessesOf, lineOf, pointsOf, propertiesOf } from './points.ts';

async function record(init: Parameters<typeof clientRequest>[0], setting: Partial<Setting> = {}) {
  const deployment = await deploy({ proxy: ordersProxy, sharedFlow: checksSharedFlow, ...setting });
  const traces = memoryTraces();
  await runToEnd(deployment, clientRequest(init), traces.recorderFor());
  return pointsOf(traces.records()[0]);
}

type Points = Awaited<ReturnType<typeof record>>;

function execution(points: Points, name: string) {
  return points.find(
    (point) => point.id === 'Execution' && propertiesOf(point)['stepDefinition-name'] === name,
  );
}

function message(points: Points, state: string) {
  const point = points.find(
    (candidate) => candidate.id === 'StateChange' && propertiesOf(candidate)['To'] === state,
  );
  return point?.results[1];
}

const notAboutSurroundings = (line: string): boolean =>
  !/^FlowInfo (environment|organization|apiproxy|proxy\.basepath)/.test(line);

describe('the record of a transaction', () => {
  it('tells states, flows, conditions and steps in the order in which they came', async () => {
    const points = await record({ target: '/orders/7?name=Ada' });
    expect(points.map(lineOf).filter(notAboutSurroundings)).to.deep.equal([
      'StateChange REQ_HEADERS_PARSED',
      'StateChange PROXY_REQ_FLOW',
      'FlowInfo proxy.flow.name=PreFlow',
      'FlowInfo current.flow.name=PreFlow',
      'Execution AM-Key CONTINUE',
      'Execution RF-Unpaid skipped',
      'Execution AM-Off skipped',
      'Execution JS-Unknown skipped',
      'Execution FC-Checks CONTINUE',
      'FlowInfo sharedflow.name=checks',
      'Execution AM-Level CONTINUE',
      'Condition post false',
      'Condition get true',
      'FlowInfo proxy.flow.name=get',
      'FlowInfo current.flow.name=get',
      'Paused',
      'Execution SC-Stock CONTINUE',
      'Resumed',
      'Condition none false',
      'FlowInfo route.name=default route.target=backend',
      'StateChange TARGET_REQ_FLOW',
      'FlowInfo target.flow.name=PreFlow',
      'FlowInfo current.flow.name=PreFlow',
      'StateChange REQ_SENT',
      'Paused',
      'StateChange RESP_START',
      'Resumed',
      'StateChange TARGET_RESP_FLOW',
      'FlowInfo target.flow.name=PreFlow',
      'FlowInfo current.flow.name=PreFlow',
      'Execution AM-Stamp CONTINUE',
      'StateChange PROXY_RESP_FLOW',
      'FlowInfo proxy.flow.name=PreFlow',
      'FlowInfo current.flow.name=PreFlow',
      'Condition post false',
      'Condition get true',
      'FlowInfo proxy.flow.name=get',
      'FlowInfo current.flow.name=get',
      'StateChange RESP_SENT',
      'StateChange END',
      'StateChange PROXY_POST_RESP_SENT',
      'FlowInfo proxy.flow.name=PostClientFlow',
      'FlowInfo current.flow.name=PostClientFlow',
      'Execution AM-After CONTINUE',
    ]);
  });

  it('tells a fault, the error state and the fault rule that handled it', async () => {
    const points = await record({ target: '/orders/7?unpaid=true' });
    const lines = points.map(lineOf).filter(notAboutSurroundings);
    expect(lines.slice(lines.indexOf('Execution RF-Unpaid ABORT'))).to.deep.equal([
      'Execution RF-Unpaid ABORT',
      'StateChange ERROR',
      'Error RaiseFault in PROXY_REQ_FLOW',
      'Condition unpaid true',
      'FlowInfo faultrule.name=unpaid',
      'FlowInfo current.flow.name=unpaid',
      'Execution AM-Apologise CONTINUE',
      'StateChange RESP_SENT',
      'StateChange END',
      'StateChange PROXY_POST_RESP_SENT',
      'FlowInfo proxy.flow.name=PostClientFlow',
      'FlowInfo current.flow.name=PostClientFlow',
      'Execution AM-After CONTINUE',
    ]);
    expect(message(points, 'ERROR')).to.include({
      ActionResult: 'ErrorMessage',
      statusCode: '402',
      reasonPhrase: 'Payment Required',
    });
    expect(message(points, 'END')).to.include({
      ActionResult: 'ResponseMessage',
      content: 'sorry',
    });
  });

  it('says why a step was not run', async () => {
    const points = await record({ target: '/orders/7' });
    const [unpaid, off, unknown] = ['RF-Unpaid', 'AM-Off', 'JS-Unknown'].map((name) =>
      propertiesOf(execution(points, name)),
    );
    expect(unpaid).to.include({
      expression: '(request.queryparam.unpaid equals "true")',
      expressionResult: 'false',
      'stepDefinition-enabled': 'true',
    });
    expect(off).to.include({ 'stepDefinition-enabled': 'false' });
    expect(unknown).to.include({ skipped: 'unsupported policy type' });
  });

  it('lists the variables that each step read and set, those of its condition first', async () => {
    const points = await record({ target: '/orders/7?name=Ada' });
    expect(accessesOf(execution(points, 'RF-Unpaid'))).to.deep.equal([
      { Get: { name: 'request.queryparam.unpaid' } },
    ]);
    expect(accessesOf(execution(points, 'AM-Level'))).to.deep.equal([
      { Get: { name: 'level', value: 'strict' } },
      { Get: { name: 'level', value: 'strict' } },
      { Set: { name: 'checked', value: 'strict', success: true } },
      { Set: { name: 'assignmessage.AM-Level.failed', value: 'false', success: true } },
      { Set: { name: 'apigee.metrics.policy.AM-Level.timeTaken', value: '1', success: true } },
    ]);
  });

  it('gives a step of a shared flow none of its caller’s variables, nor the other way round', async () => {
    const points = await record({ target: '/orders/7' });
    expect(accessesOf(execution(points, 'FC-Checks')).slice(0, 3)).to.deep.equal([
      { Get: { name: 'level' } },
      { Set: { name: 'level', value: 'strict', success: true } },
      { Remove: { name: 'level', success: true } },
    ]);
  });

  it('tells a write that was refused', async () => {
    const points = await record(
      { target: '/orders/7' },
      {
        proxy: {
          ...ordersProxy,
          'policies/AM-Key.xml': `<AssignMessage name="AM-Key" continueOnError="true">
            <AssignVariable><Name>apiproxy.name</Name><Value>other</Value></AssignVariable>
          </AssignMessage>`,
        },
      },
    );
    const step = execution(points, 'AM-Key');
    expect(accessesOf(step)[0]).to.deep.equal({
      Set: { name: 'apiproxy.name', value: 'other', success: false },
    });
    expect(propertiesOf(step)).to.include({ action: 'CONTINUE', result: 'false' });
  });

  it('shows what each part of a condition came to, and what was not asked any more', async () => {
    const points = await record({ method: 'PUT', target: '/orders' });
    const condition = points.find((point) => propertiesOf(point)['Tree'] === 'get');
    expect(JSON.parse(propertiesOf(condition)['expressionTree'] ?? '')).to.deep.equal({
      text: '((proxy.pathsuffix matchespath "/{id}") and (request.verb equals "GET"))',
      result: false,
      operands: [
        { text: '(proxy.pathsuffix matchespath "/{id}")', result: false },
        { text: '(request.verb equals "GET")', result: 'skipped' },
      ],
    });
    expect(accessesOf(condition)).to.deep.equal([{ Get: { name: 'proxy.pathsuffix', value: '' } }]);
  });

  it('shows messages as they came, as the target got them, and as they left', async () => {
    const points = await record({ method: 'POST', target: '/orders/7?a=1', body: 'hello' });
    expect(message(points, 'REQ_HEADERS_PARSED')).to.deep.equal({
      ActionResult: 'RequestMessage',
      uRI: '/orders/7?a=1',
      verb: 'POST',
      headers: [{ name: 'Host', value: 'api.example.com' }],
      content: 'hello',
    });
    expect(message(points, 'REQ_SENT')).to.include({ uRI: '/v1/7?a=1', verb: 'POST' });
    expect(message(points, 'RESP_START')).to.deep.equal({
      ActionResult: 'ResponseMessage',
      reasonPhrase: 'OK',
      statusCode: '200',
      headers: [{ name: 'Content-Type', value: 'application/json' }],
      content: '{"ok":true}',
    });
    expect(message(points, 'END')).to.deep.include({
      headers: [
        { name: 'Content-Type', value: 'application/json' },
        { name: 'X-Greeting', value: 'Hello ' },
      ],
    });
  });

  it('shows the echo that stands for a target, as Apigee does', async () => {
    const headers = [['mock', 'true']] as const;
    const lines = (await record({ target: '/orders/7', headers })).map(lineOf);
    expect(lines.slice(lines.indexOf('Condition none true')).slice(0, 3)).to.deep.equal([
      'Condition none true',
      'Execution EchoRequestExecution skipped',
      'StateChange PROXY_RESP_FLOW',
    ]);
  });

  it('changes nothing for the client', async () => {
    const deployment = await deploy({ proxy: ordersProxy, sharedFlow: checksSharedFlow });
    const traces = memoryTraces();
    for (const target of ['/orders/7', '/orders', '/orders/7?unpaid=true']) {
      const request = clientRequest({ target });
      const unrecorded = await runToEnd(deployment, request, undefined);
      expect(await runToEnd(deployment, request, traces.recorderFor())).to.deep.equal(unrecorded);
    }
    expect(traces.records()).to.have.length(3);
  });

  it('keeps the last transactions in memory, as many as it is told', async () => {
    const deployment = await deploy({ proxy: ordersProxy, sharedFlow: checksSharedFlow });
    const traces = memoryTraces(2);
    for (const name of ['a', 'b', 'c']) {
      const request = clientRequest({ target: `/orders/${name}` });
      await runToEnd(deployment, request, traces.recorderFor());
    }
    const paths = traces.records().map((kept) => message(pointsOf(kept), 'REQ_HEADERS_PARSED'));
    expect(paths.map((first) => first !== undefined && 'uRI' in first && first.uRI)).to.deep.equal([
      '/orders/b',
      '/orders/c',
    ]);
    traces.clear();
    expect(traces.records()).to.deep.equal([]);
  });
});
