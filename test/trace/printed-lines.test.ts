import { expect } from 'chai';
import { createGateway } from '../../lib/gateway/gateway.ts';
import { memoryTraces } from '../../lib/trace/memory-traces.ts';
import { bundlesOf } from '../gateway/serving.ts';

const script = (name: string, code: string) =>
  `<Javascript name="${name}"><Source>${code}</Source></Javascript>`;

describe('what policies print', () => {
  it('is in the record with the policy that printed it, also when a callback does after its step', async () => {
    const traces = memoryTraces();
    const gateway = await createGateway({
      recorderFor: traces.recorderFor,
      bundles: await bundlesOf({
        'apiproxy/p.xml': '<APIProxy name="p"/>',
        'apiproxy/proxies/default.xml': `<ProxyEndpoint name="default">
          <PreFlow><Request><Step><Name>One</Name></Step><Step><Name>Two</Name></Step></Request></PreFlow>
          <HTTPProxyConnection><BasePath>/p</BasePath></HTTPProxyConnection><RouteRule name="none"/></ProxyEndpoint>`,
        'apiproxy/policies/One.xml': script(
          'One',
          `print("now"); httpClient.get("nowhere", function () { print("later"); });`,
        ),
        'apiproxy/policies/Two.xml': script('Two', 'print("two");'),
      }),
    });
    await gateway.handle(new Request('http://gateway.test/p'));
    await gateway.close();
    const printed = (traces.records()[0]?.points ?? []).flatMap((point) =>
      point.kind === 'execution' && point.output.length > 0 ? [[point.name, point.output]] : [],
    );
    expect(printed).to.deep.equal([
      ['One', ['now', 'later']],
      ['Two', ['two']],
    ]);
  });
});
