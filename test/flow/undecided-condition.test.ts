import { expect } from 'chai';
import { createGateway } from '../../lib/gateway/gateway.ts';
import { memoryTraces } from '../../lib/trace/memory-traces.ts';
import type { RecorderFor } from '../../lib/trace/recorder.ts';
import { bundlesOf } from '../gateway/serving.ts';

const hostile = `request.header.x ~~ "(a+)+"`;
const evil = `${'a'.repeat(64)}!`;

const payload = (name: string) =>
  `<AssignMessage name="${name}"><AssignTo createNew="false" type="response"/><Set><Payload contentType="text/plain">${name}</Payload></Set></AssignMessage>`;

/** A proxy without a target; what is inside its endpoint may use the policies Guard, One and Two. */
async function answer(endpoint: string, x: string, recorderFor?: RecorderFor): Promise<Response> {
  const gateway = await createGateway({
    ...(recorderFor === undefined ? {} : { recorderFor }),
    bundles: await bundlesOf({
      'apiproxy/p.xml': '<APIProxy name="p"/>',
      'apiproxy/proxies/default.xml': `<ProxyEndpoint name="default">${endpoint}<HTTPProxyConnection><BasePath>/p</BasePath></HTTPProxyConnection>${endpoint.includes('<RouteRule') ? '' : '<RouteRule name="none"/>'}</ProxyEndpoint>`,
      'apiproxy/policies/Guard.xml':
        '<RaiseFault name="Guard"><FaultResponse><Set><StatusCode>403</StatusCode></Set></FaultResponse></RaiseFault>',
      'apiproxy/policies/One.xml': payload('One'),
      'apiproxy/policies/Two.xml': payload('Two'),
    }),
  });
  try {
    return await gateway.handle(new Request('http://gateway.test/p', { headers: { x } }));
  } finally {
    await gateway.close();
  }
}

const step = (policy: string, condition: string) =>
  `<Step><Name>${policy}</Name><Condition>${condition}</Condition></Step>`;

const undecided = {
  fault: {
    faultstring: 'Unable to decide a condition',
    detail: { errorcode: 'messaging.runtime.ConditionUndecided' },
  },
};

describe('a condition that cannot be decided', () => {
  const guards = {
    'a step': `<PreFlow><Request>${step('Guard', hostile)}</Request></PreFlow>`,
    'a step that asks for the opposite': `<PreFlow><Request>${step('Guard', `not (${hostile})`)}</Request></PreFlow>`,
    'a flow': `<Flows><Flow name="f"><Condition>${hostile}</Condition><Request><Step><Name>Guard</Name></Step></Request></Flow></Flows>`,
    'a route rule': `<RouteRule name="r"><Condition>${hostile}</Condition></RouteRule><RouteRule name="none"/>`,
  };
  for (const [place, endpoint] of Object.entries(guards)) {
    it(`is a fault where ${place} has it, so that nothing is got past`, async () => {
      const response = await answer(endpoint, evil);
      expect(response.status).to.equal(500);
      expect(await response.json()).to.deep.equal(undecided);
    });
  }

  it('is a fault for the fault rules of its endpoint to handle', async () => {
    const response = await answer(
      `<FaultRules><FaultRule name="r"><Condition>fault.name = "ConditionUndecided"</Condition><Step><Name>One</Name></Step></FaultRule></FaultRules>
       <PreFlow><Request>${step('Guard', hostile)}</Request></PreFlow>`,
      evil,
    );
    expect(await response.text()).to.equal('One');
  });

  it('does not hold where a fault rule has it: the next rule has its turn', async () => {
    const rules = `<FaultRules>
        <FaultRule name="asked-second"><Step><Name>Two</Name></Step></FaultRule>
        <FaultRule name="asked-first"><Condition>not (${hostile})</Condition><Step><Name>One</Name></Step></FaultRule>
      </FaultRules><PreFlow><Request><Step><Name>Guard</Name></Step></Request></PreFlow>`;
    const response = await answer(rules, evil);
    expect(response.status).to.equal(403);
    expect(await response.text()).to.equal('Two');
    expect(await (await answer(rules, 'b')).text()).to.equal('One');
  });

  it('does not hold where the default fault rule has it', async () => {
    const response = await answer(
      `<DefaultFaultRule><Condition>not (${hostile})</Condition><Step><Name>One</Name></Step></DefaultFaultRule>
       <PreFlow><Request><Step><Name>Guard</Name></Step></Request></PreFlow>`,
      evil,
    );
    expect(response.status).to.equal(403);
    expect(await response.json()).to.have.nested.property(
      'fault.detail.errorcode',
      'steps.raisefault.RaiseFault',
    );
  });

  it('ends a fault rule where a step of it has it, and the first fault stays in force', async () => {
    const response = await answer(
      `<FaultRules><FaultRule name="r">${step('One', hostile)}<Step><Name>Two</Name></Step></FaultRule></FaultRules>
       <PreFlow><Request><Step><Name>Guard</Name></Step></Request></PreFlow>`,
      evil,
    );
    expect(response.status).to.equal(403);
    expect(await response.json()).to.have.nested.property(
      'fault.detail.errorcode',
      'steps.raisefault.RaiseFault',
    );
  });

  it('shows in a trace as a step that was not run, with the reason, and then the fault', async () => {
    const traces = memoryTraces();
    await answer(
      `<PreFlow><Request>${step('Guard', hostile)}</Request></PreFlow>`,
      evil,
      traces.recorderFor,
    );
    const points = traces.records()[0]?.points ?? [];
    const at = points.findIndex(({ kind }) => kind === 'execution');
    const skipped = points[at];
    expect(skipped).to.deep.include({
      name: 'Guard',
      outcome: { kind: 'skipped', reason: 'condition' },
    });
    expect(skipped?.kind === 'execution' ? skipped.condition?.tree.undecided : '').to.match(
      /given up/,
    );
    expect(points.slice(at).some(({ kind }) => kind === 'fault')).to.equal(true);
  });
});
