import { expect } from 'chai';
import { memoryTraces } from '../../lib/trace/memory-traces.ts';
import { clientRequest, deploy, runToEnd } from './play.ts';
import { lineOf, pointsOf, propertiesOf } from './points.ts';

/** A proxy without a target, of which two debug sessions that Apigee Edge recorded are public (24Solver). */
const solver = {
  '24Solver.xml': '<APIProxy name="24Solver" revision="3"/>',
  'proxies/default.xml': `<ProxyEndpoint name="default">
    <PreFlow name="PreFlow">
      <Request>
        <Step><Name>JSONThreatProtection</Name><Condition>request.verb="POST"</Condition></Step>
        <Step><Name>ExtractParamVariables</Name><Condition>request.verb="GET"</Condition></Step>
        <Step>
          <Name>ExtractPayloadVariables</Name>
          <Condition>request.verb="POST" and request.header.contenttype="application/json"</Condition>
        </Step>
      </Request>
    </PreFlow>
    <PostFlow name="PostFlow"><Response><Step><Name>jsCalculate</Name></Step></Response></PostFlow>
    <PostClientFlow/>
    <HTTPProxyConnection><BasePath>/24solver</BasePath></HTTPProxyConnection>
    <RouteRule name="noroute"/>
  </ProxyEndpoint>`,
  'policies/JSONThreatProtection.xml': '<JSONThreatProtection name="JSONThreatProtection"/>',
  'policies/ExtractParamVariables.xml': `<AssignMessage name="ExtractParamVariables">
    <AssignVariable><Name>numArray</Name><Ref>request.queryparam.numbers</Ref></AssignVariable>
  </AssignMessage>`,
  'policies/ExtractPayloadVariables.xml': '<ExtractVariables name="ExtractPayloadVariables"/>',
  'policies/jsCalculate.xml': `<AssignMessage name="jsCalculate">
    <Set><Payload contentType="application/json">[]</Payload></Set>
    <AssignTo type="response" createNew="false">response</AssignTo>
  </AssignMessage>`,
};

/**
 * Edge's points, without what is the business of its own insides: `Paused` and `Resumed` before the first
 * state, the condition by which it finds an endpoint, virtual hosts, debug masks and analytics.
 */
const recordedByEdge = [
  'StateChange REQ_HEADERS_PARSED',
  'FlowInfo environment.name environment.qualifiedname environment.orgname',
  'FlowInfo organization.name',
  'FlowInfo apiproxy.qualifiedname apiproxy.basepath apiproxy.revision apiproxy.name',
  'FlowInfo proxy.basepath proxy.pathsuffix proxy.url proxy.name proxy.client.ip',
  'StateChange PROXY_REQ_FLOW',
  'FlowInfo proxy.flow.name',
  'FlowInfo current.flow.name',
  'Execution JSONThreatProtection skipped',
  'Execution ExtractParamVariables CONTINUE',
  'Execution ExtractPayloadVariables skipped',
  'FlowInfo proxy.flow.name',
  'FlowInfo current.flow.name',
  'Execution EchoRequestExecution skipped',
  'StateChange PROXY_RESP_FLOW',
  'FlowInfo proxy.flow.name',
  'FlowInfo current.flow.name',
  'FlowInfo proxy.flow.name',
  'FlowInfo current.flow.name',
  'Execution jsCalculate CONTINUE',
  'StateChange RESP_SENT',
  'StateChange END',
  'StateChange PROXY_POST_RESP_SENT',
  'FlowInfo proxy.flow.name',
  'FlowInfo current.flow.name',
];

async function session() {
  const deployment = await deploy({ proxy: solver });
  const traces = memoryTraces();
  const target = '/24solver?numbers=1%2C2%2C4%2C6';
  await runToEnd(deployment, clientRequest({ target }), traces.recorderFor());
  return pointsOf(traces.records()[0]);
}

describe('a session that Apigee Edge recorded', () => {
  it('has the same points in the same order', async () => {
    const points = await session();
    const lines = points.map((point) => lineOf(point).replace(/=\S*/g, ''));
    expect(lines).to.deep.equal(recordedByEdge);
  });

  it('has the same conditions, in the same words', async () => {
    const steps = (await session())
      .map(propertiesOf)
      .filter(({ expression }) => expression !== undefined);
    expect(
      steps.map(({ expression, expressionResult }) => [expression, expressionResult]),
    ).to.deep.equal([
      ['(request.verb equals "POST")', 'false'],
      ['(request.verb equals "GET")', 'true'],
      [
        '((request.verb equals "POST") and (request.header.contenttype equals "application/json"))',
        'false',
      ],
    ]);
  });

  it('has the same values of the proxy’s variables', async () => {
    const [, environment, organization, api, proxy] = (await session()).map(propertiesOf);
    expect(environment).to.include({ 'environment.qualifiedname': 'local__test' });
    expect(organization).to.deep.equal({ 'organization.name': 'local' });
    expect(api).to.deep.equal({
      'apiproxy.qualifiedname': '24Solver__3',
      'apiproxy.basepath': '/',
      'apiproxy.revision': '3',
      'apiproxy.name': '24Solver',
    });
    expect(proxy).to.include({ 'proxy.basepath': '/24solver', 'proxy.pathsuffix': '' });
  });
});
