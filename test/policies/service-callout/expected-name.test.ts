import { expect } from 'chai';
import { createRuntime, parsePolicy, type OutgoingRequest } from '../../../lib/index.ts';

const policy = `<ServiceCallout name="SC"><Response>r</Response><HTTPTargetConnection>
  <SSLInfo><Enabled>true</Enabled><CommonName>from.policy.test</CommonName></SSLInfo>
  <URL>https://a.test/</URL></HTTPTargetConnection></ServiceCallout>`;
const variable = 'servicecallout.SC.expectedcn';

describe('servicecallout.NAME.expectedcn', () => {
  it('shows the name that the policy expects, and is no override until a flow writes it', async () => {
    const sent: OutgoingRequest[] = [];
    const runtime = createRuntime({
      transport: {
        send(request) {
          sent.push(request);
          return Promise.resolve({
            status: 200,
            reason: 'OK',
            version: '1.1',
            headers: [],
            body: new Uint8Array(),
          });
        },
        close: () => Promise.resolve(),
      },
    });
    const callout = runtime.compile(parsePolicy(policy));
    const flow = runtime.newFlow();
    expect(flow.variables.get(variable)).to.equal(null);
    await callout.run(flow);
    expect(flow.variables.get(variable)).to.equal('from.policy.test');
    await callout.run(flow);
    flow.variables.set(variable, 'from.flow.test');
    await callout.run(flow);
    expect(sent.map(({ tls }) => tls?.commonName?.name)).to.deep.equal([
      'from.policy.test',
      'from.policy.test',
      'from.flow.test',
    ]);
    await runtime.close();
  });
});
