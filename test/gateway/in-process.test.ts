import { expect } from 'chai';
import { createGateway, loadBundle, type RawRequest } from '../../lib/index.ts';

/** Answers of the proxy that echoes what it was sent. */
async function echoed(request: Partial<RawRequest>) {
  const gateway = await createGateway({ bundles: [await loadBundle('fixtures/bundles/greeting')] });
  try {
    const answer = await gateway.inject({ method: 'GET', target: '/greeting', ...request });
    return { ...answer, text: Buffer.from(answer.body).toString() };
  } finally {
    await gateway.close();
  }
}

describe('a request without a socket', () => {
  it('is answered as over the wire', async () => {
    const { status, text } = await echoed({ target: '/greeting?name=Ada' });
    expect({ status, json: JSON.parse(text) as unknown }).to.deep.equal({
      status: 200,
      json: { greeting: 'Hello, Ada', verb: 'GET', sent: '' },
    });
  });

  it('may have a body whatever its method', async () => {
    const { text } = await echoed({ body: Buffer.from('x') });
    expect(JSON.parse(text)).to.include({ verb: 'GET', sent: 'x' });
  });

  it('gets no body for HEAD', async () => {
    expect(await echoed({ method: 'HEAD' })).to.include({ status: 200, text: '' });
  });

  it('that no proxy takes gets the fault for it, with the host that it names', async () => {
    const { status, text } = await echoed({ target: '/no', headers: [['HOST', 'api.test']] });
    expect(status).to.equal(404);
    expect(text).to.include('api.test:80');
  });

  it('of a method that no proxy may see is refused', async () => {
    expect((await echoed({ method: 'TRACE' })).status).to.equal(405);
  });

  it('is turned away by a gateway that is closed', async () => {
    const gateway = await createGateway({ bundles: [] });
    await gateway.close();
    expect((await gateway.inject({ method: 'GET', target: '/' })).status).to.equal(503);
  });
});
