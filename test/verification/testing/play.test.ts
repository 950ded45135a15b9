import { expect } from 'chai';
import { DeploymentError, double, loadBundle, playBundle, playPolicy } from '../../../lib/index.ts';

const callout = (attributes = '', response = '<Response>r</Response>'): string =>
  `<ServiceCallout name="SC-Customer"${attributes}>${response}
  <HTTPTargetConnection><URL>http://crm.test/customers/{id}</URL></HTTPTargetConnection></ServiceCallout>`;

const variables = { id: '7' };

describe('playPolicy', () => {
  it('runs a policy against a double that keeps what it saw', async () => {
    const customer = double('SC-Customer', { body: { json: { name: 'Ada' } } });
    const played = await playPolicy(callout(), { doubles: [customer], variables: { id: '7' } });
    expect(played.fault).to.equal(undefined);
    expect(played.variables.get('r.content')).to.equal('{"name":"Ada"}');
    expect(customer.calls.map(({ url }) => url)).to.deep.equal(['http://crm.test/customers/7']);
    expect(played.calls).to.have.length(1);
  });

  it('tells a fault and does not throw it', async () => {
    const doubles = { 'SC-Customer': { failure: 'refused' } } as const;
    const { fault } = await playPolicy(callout(), { doubles, variables });
    expect(fault?.code).to.equal('steps.servicecallout.ExecutionFailed');
  });

  it('lets a function answer, by what is asked', async () => {
    const played = await playPolicy(callout(), {
      variables: { id: 'x' },
      doubles: { 'SC-Customer': ({ url }) => ({ status: url.endsWith('/x') ? 201 : 500 }) },
    });
    expect(played.variables.get('r.status.code')).to.equal(201);
  });

  it('lets answers serve one after another, and again after a reset', async () => {
    const customer = double('SC-Customer', [{ status: 201 }, { status: 202 }]);
    const statuses: unknown[] = [];
    for (const again of [false, false, false, true]) {
      if (again) customer.reset();
      const played = await playPolicy(callout(), { doubles: [customer], variables });
      statuses.push(played.variables.get('r.status.code'));
    }
    expect(statuses).to.deep.equal([201, 202, 202, 201]);
  });

  it('answers calls that nobody waits for by the policy that made them', async () => {
    const customer = double('SC-Customer');
    await playPolicy(callout('', ''), { doubles: [customer], variables: { id: '1' } });
    expect(customer.calls).to.have.length(1);
  });

  it('shows calls that nothing answers', async () => {
    const { unexpected, fault } = await playPolicy(callout(), {
      doubles: { 'SC-Other': {} },
      variables,
    });
    expect(unexpected.map(({ url }) => url)).to.deep.equal(['http://crm.test/customers/7']);
    expect(fault).to.not.equal(undefined);
  });

  it('runs a script whose interpreter has to be loaded first', async () => {
    const played = await playPolicy(
      '<Javascript name="JS-Set"><ResourceURL>jsc://set.js</ResourceURL></Javascript>',
      { resources: { 'jsc://set.js': "context.setVariable('v', 'set');" } },
    );
    expect(played.variables.get('v')).to.equal('set');
  });

  it('refuses what cannot be deployed', async () => {
    let error: unknown;
    await playPolicy('<ServiceCallout name="SC"/>').catch((thrown: unknown) => {
      error = thrown;
    });
    expect(error).to.be.instanceOf(DeploymentError);
  });
});

describe('playBundle', () => {
  it('sends a request through a bundle and doubles a callout, not the target', async () => {
    const bundle = await loadBundle('fixtures/bundles/geocode');
    const played = await playBundle(bundle, {
      request: 'GET /geocode?postalcode=94043',
      doubles: { 'SC-Geocode': { body: { json: { lat: 37 } } } },
      upstreams: {
        'https://maps.example.com': { body: 'a map', headers: { 'X-Two': ['a', 'b'] } },
      },
    });
    expect(played.response.status).to.equal(200);
    expect(Buffer.from(played.response.body).toString()).to.equal('a map');
    expect(played.response.headers.filter(([name]) => name === 'X-Two')).to.deep.equal([
      ['X-Two', 'a'],
      ['X-Two', 'b'],
    ]);
    expect(played.variables?.get('geocodeResponse.content')).to.equal('{"lat":37}');
    expect(played.steps).to.deep.equal(['SA-Limit', 'SC-Geocode']);
    expect(played.calls).to.have.length(2);
  });

  it('answers a request for no proxy as the gateway does', async () => {
    const bundle = await loadBundle('fixtures/bundles/geocode');
    const { response, variables: none } = await playBundle(bundle, { request: 'GET /nowhere' });
    expect({ status: response.status, none }).to.deep.equal({ status: 404, none: undefined });
  });
});
