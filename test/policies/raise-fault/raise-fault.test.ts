import { expect } from 'chai';
import { checkPolicy } from '../../../lib/index.ts';
import { runPolicy } from '../run-policy.ts';

const raiseFault = (children: string, attributes = ''): string =>
  `<RaiseFault name="RF-1" ${attributes}><FaultResponse>${children}</FaultResponse></RaiseFault>`;

const text = 'Raising fault. Fault name : RF-1';

describe('the default body of a fault', () => {
  const xml = `<?xml version='1.0' encoding='UTF-8'?><fault><faultstring>Raising fault. Fault name : RF-1</faultstring><detail><errorcode>steps.raisefault.RaiseFault</errorcode></detail></fault>`;
  const json = JSON.stringify({
    fault: { faultstring: text, detail: { errorcode: 'steps.raisefault.RaiseFault' } },
  });
  const clients: readonly (readonly [
    headers: Readonly<Record<string, string>>,
    contentType: string,
    body: string | RegExp,
  ])[] = [
    [{}, 'application/json', json],
    [{ 'Content-Type': 'text/xml' }, 'application/xml', xml],
    [{ 'Content-Type': 'Application/Atom+XML; charset=utf-8' }, 'application/xml', xml],
    [{ 'Content-Type': 'text/plain', Accept: 'text/xml' }, 'application/json', json],
    [{ Accept: 'application/xml' }, 'application/xml', xml],
    [{ Accept: 'application/xml, application/json;q=0.5' }, 'application/json', json],
    [{ Accept: 'text/html, application/xml' }, 'application/json', json],
    [{ Accept: 'application/xml, */*;q=0.1' }, 'application/json', json],
    [
      { 'Content-Type': 'text/xml', SOAPAction: '""' },
      'text/xml',
      /^<\?xml .*<faultstring>Raising fault. Fault name : RF-1<\/faultstring><detail><source><errorcode>steps\.raisefault\.RaiseFault<\/errorcode>/,
    ],
    [
      { 'Content-Type': 'application/soap+xml' },
      'application/soap+xml',
      /<soap:Text xml:lang="en">Raising fault. Fault name : RF-1<\/soap:Text>/,
    ],
  ];
  for (const [headers, contentType, body] of clients) {
    it(`is ${contentType} for a client that sends ${JSON.stringify(headers)}`, async () => {
      const { flow } = await runPolicy(raiseFault('<Set><StatusCode>403</StatusCode></Set>'), {
        variables: { request: { message: 'request', verb: 'POST', path: '/', headers } },
      });
      expect(flow.variables.get('error.header.content-type')).to.equal(contentType);
      const content = flow.variables.get('error.content');
      if (typeof body === 'string') expect(content).to.equal(body);
      else expect(content).to.match(body);
    });
  }
});

describe('RaiseFault', () => {
  it('leaves everything as it was while its flow goes on', async () => {
    const error = { message: 'response', statusCode: 502, content: 'first' };
    const { flow, fault } = await runPolicy(
      raiseFault('<Set><StatusCode>403</StatusCode></Set>', 'continueOnError="true"'),
      { phase: 'error', variables: { error } },
    );
    expect(fault).to.equal(undefined);
    expect(flow.variables.phase).to.equal('error');
    expect(flow.variables.get('error.status.code')).to.equal(502);
    expect(flow.variables.get('message.content')).to.equal('first');
  });

  it('replaces the response that is pending in the error flow', async () => {
    const error = { message: 'response', statusCode: 502, content: 'first' };
    const { flow, fault } = await runPolicy(
      raiseFault('<Set><Payload>{message.content}second</Payload></Set>'),
      { phase: 'error', variables: { error, 'error.state': 'TARGET_RESP_FLOW' } },
    );
    expect(fault).to.include({ code: 'steps.raisefault.RaiseFault', status: 500 });
    expect(flow.variables.get('error.content')).to.equal('second');
    expect(flow.variables.get('error.state')).to.equal('TARGET_RESP_FLOW');
  });

  it('copies from the response of the target', async () => {
    const response = { message: 'response', statusCode: 418, reasonPhrase: 'Tea', content: 'pot' };
    const { flow, fault } = await runPolicy(raiseFault('<Copy source="response"/>'), {
      phase: 'response',
      variables: { response },
    });
    expect(fault?.status).to.equal(418);
    expect(flow.variables.get('error.content')).to.equal('pot');
    expect(flow.variables.get('error.reason.phrase')).to.equal('Tea');
    expect(flow.variables.get('response.content')).to.equal('pot');
  });

  for (const status of ['', 'abc', '99', '1000', '-1']) {
    it(`takes the status "${status}" for 500`, async () => {
      const { fault } = await runPolicy(
        raiseFault('<Set><StatusCode>{status}</StatusCode></Set>'),
        { variables: { status } },
      );
      expect(fault?.status).to.equal(500);
    });
  }

  it('ignores what it cannot assign', async () => {
    const { fault } = await runPolicy(
      raiseFault('<AssignVariable><Name>system.uuid</Name><Value>1</Value></AssignVariable>'),
    );
    expect(fault?.code).to.equal('steps.raisefault.RaiseFault');
  });

  it('draws attention to a continueOnError that defeats it', () => {
    const found = checkPolicy(raiseFault('', 'continueOnError="true"'));
    expect(found.map(({ code }) => code)).to.include('fault-without-effect');
  });
});
