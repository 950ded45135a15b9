import { expect } from 'chai';
import { checkPolicy, Fault, type SharedFlows } from '../../../lib/index.ts';
import { createRuntime, parsePolicy } from '../../../lib/index.ts';
import { runPolicy } from '../run-policy.ts';

const flowCallout = (parameters: string): string =>
  `<FlowCallout name="FC"><SharedFlowBundle>sf</SharedFlowBundle><Parameters>${parameters}</Parameters></FlowCallout>`;

const swap = flowCallout('<Parameter name="a" ref="b"/><Parameter name="b">{a}</Parameter>');

describe('FlowCallout', () => {
  it('reads every parameter before it sets the first', async () => {
    const seen: unknown[] = [];
    const sharedFlows: SharedFlows = {
      run(name, { variables }, parameters) {
        seen.push(name, variables.get('a'), variables.get('b'), Object.fromEntries(parameters));
      },
    };
    const { flow, waited } = await runPolicy(swap, {
      variables: { a: '1', b: 2 },
      surroundings: { sharedFlows },
    });
    expect(seen).to.deep.equal(['sf', 2, '1', { a: 2, b: '1' }]);
    expect(flow.variables.get('a')).to.equal('1');
    expect(flow.variables.get('b')).to.equal(2);
    expect(waited, 'a shared flow that does not wait').to.equal(false);
  });

  it('keeps the parameters until a shared flow that waits is done', async () => {
    let seen: unknown;
    const sharedFlows: SharedFlows = {
      async run(_name, { variables }) {
        await Promise.resolve();
        seen = variables.get('a');
        throw new Fault({ code: 'steps.x.Y', faultstring: 'y' });
      },
    };
    const { flow, fault, waited } = await runPolicy(swap, {
      variables: { a: '1', b: '2' },
      surroundings: { sharedFlows },
    });
    expect(seen).to.equal('2');
    expect(flow.variables.get('a')).to.equal('1');
    expect(fault?.name).to.equal('Y');
    expect(waited).to.equal(true);
  });

  it('unsets a parameter whose ref names nothing', async () => {
    let seen: unknown = 'not run';
    const sharedFlows: SharedFlows = {
      run(_name, { variables }) {
        seen = variables.get('a');
      },
    };
    await runPolicy(flowCallout('<Parameter name="a" ref="nosuch"/>'), {
      variables: { a: '1' },
      surroundings: { sharedFlows },
    });
    expect(seen).to.equal(null);
  });

  it('ends shared flows that call themselves, and lets the next call through', async () => {
    const runtime = createRuntime();
    let calls = 0;
    let again = true;
    const sharedFlows: SharedFlows = {
      run(_name, flow) {
        calls++;
        if (again) return policy.run(flow);
      },
    };
    const policy = runtime.compile(parsePolicy(flowCallout('')), { sharedFlows });
    const flow = runtime.newFlow();
    expect(() => policy.run(flow)).to.throw(Fault, 'Shared Flow sf is more than 10 calls deep');
    expect(calls).to.equal(10);
    again = false;
    await policy.run(flow);
    expect(calls).to.equal(11);
    await runtime.close();
  });

  it('faults on an unresolved variable in a parameter', async () => {
    const { fault } = await runPolicy(flowCallout('<Parameter name="a">{nosuch}</Parameter>'), {
      surroundings: { sharedFlows: { run: () => undefined } },
    });
    expect(fault?.code).to.equal('entities.UnresolvedVariable');
  });

  it('cannot be deployed without the name of a shared flow', () => {
    const found = checkPolicy('<FlowCallout name="FC"/>');
    expect(found.map(({ code }) => code)).to.deep.equal(['shared-flow-missing']);
  });
});
