import { expect } from 'chai';
import { createRuntime, parsePolicy, type OutgoingRequest } from '../../../lib/index.ts';

describe('Copy', () => {
  it('takes no form parameters from a body that is no form, and leaves the destination alone', async () => {
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
    const policy = parsePolicy(`<ServiceCallout name="SC">
      <Request variable="q"><Copy source="request"><FormParams/></Copy></Request>
      <Response>r</Response>
      <HTTPTargetConnection><URL>http://up.test</URL></HTTPTargetConnection>
    </ServiceCallout>`);
    const json = { 'Content-Type': 'application/json' };
    const flow = runtime.newFlow({
      request: { message: 'request', verb: 'POST', headers: json, content: '{"b":1}' },
      variables: { q: { message: 'request', verb: 'POST', headers: json, content: '{"a":1}' } },
    });
    await runtime.compile(policy).run(flow);
    expect(Buffer.from(sent[0]?.body ?? []).toString()).to.equal('{"a":1}');
    expect(sent[0]?.headers).to.deep.include(['Content-Type', 'application/json']);
  });
});
