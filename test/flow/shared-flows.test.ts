import { expect } from 'chai';
import { createGateway } from '../../lib/gateway/gateway.ts';
import { bundlesOf } from '../gateway/serving.ts';

const sharedFlow = (name: string, calls: string | undefined) => ({
  [`${name}/sharedflowbundle/${name}.xml`]: `<SharedFlowBundle name="${name}"/>`,
  [`${name}/sharedflowbundle/sharedflows/default.xml`]: `<SharedFlow name="default">${
    calls === undefined ? '' : '<Step><Name>FC</Name></Step>'
  }</SharedFlow>`,
  [`${name}/sharedflowbundle/policies/FC.xml`]: callout(calls ?? 'nobody'),
});

const callout = (name: string) =>
  `<FlowCallout name="FC"><SharedFlowBundle>${name}</SharedFlowBundle></FlowCallout>`;

/** Calls the shared flow sf1 and gives the status and the body. */
async function calling(
  flows: Readonly<Record<string, string>>,
): Promise<readonly [number, string]> {
  const gateway = await createGateway({
    bundles: await bundlesOf({
      'p/apiproxy/p.xml': '<APIProxy name="p"/>',
      'p/apiproxy/proxies/default.xml': `<ProxyEndpoint name="default"><PreFlow><Request><Step><Name>FC</Name></Step></Request></PreFlow><HTTPProxyConnection><BasePath>/p</BasePath></HTTPProxyConnection><RouteRule name="none"/></ProxyEndpoint>`,
      'p/apiproxy/policies/FC.xml': callout('sf1'),
      ...flows,
    }),
  });
  try {
    const response = await gateway.handle(new Request('http://gateway.test/p'));
    return [response.status, await response.text()];
  } finally {
    await gateway.close();
  }
}

const chain = (length: number) =>
  Object.assign(
    {},
    ...Array.from({ length }, (_, index) =>
      sharedFlow(`sf${index + 1}`, index + 1 === length ? undefined : `sf${index + 2}`),
    ),
  ) as Record<string, string>;

describe('shared flows that call each other', () => {
  it('may be ten deep', async () => {
    expect((await calling(chain(10)))[0]).to.equal(200);
  });

  it('are a fault when they are deeper', async () => {
    const [status, body] = await calling(chain(11));
    expect(status).to.equal(500);
    expect(JSON.parse(body)).to.deep.equal({
      fault: {
        faultstring: 'Shared Flow sf11 is more than 10 calls deep',
        detail: { errorcode: 'flow.SharedFlowsTooDeep' },
      },
    });
  });

  it('are a fault when one calls itself', async () => {
    const [status, body] = await calling(sharedFlow('sf1', 'sf1'));
    expect(status).to.equal(500);
    expect(body).to.contain('flow.SharedFlowsTooDeep');
  });
});
