import { expect } from 'chai';
import fc from 'fast-check';
import { allowedOrigin } from '../../../lib/policies/cors/permission.ts';
import { runPolicy } from '../run-policy.ts';

const cors = (origins: string) => `<CORS name="C"><AllowOrigins>${origins}</AllowOrigins></CORS>`;

const preflightOf = (origin: string) => ({
  variables: {
    request: {
      message: 'request',
      verb: 'OPTIONS',
      path: '/',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'GET' },
    },
  },
});

async function granted(origins: string, origin: string): Promise<unknown> {
  const { flow } = await runPolicy(cors(origins), preflightOf(origin));
  return flow.variables.get('response.header.access-control-allow-origin') ?? null;
}

describe('the origin that CORS allows', () => {
  const foreign = [
    'https://o.test.evil.test',
    'https://evil-o.test',
    'http://o.test',
    'https://o.test:8443',
    'https://O.test',
    'https://o.test/',
    'null',
    '*',
    '',
    'https://evil.test, https://o.test',
    'https://o.test https://evil.test',
  ];
  for (const origin of foreign) {
    it(`is not ${JSON.stringify(origin)} where https://o.test is`, async () => {
      expect(await granted('https://o.test, https://p.test', origin)).to.equal(null);
    });
  }

  it('is with * whatever the client sends, as long as it is one word', async () => {
    expect(await granted('*', 'https://any.test')).to.equal('https://any.test');
    expect(await granted('*', 'null')).to.equal('null');
    expect(await granted('*', 'https://a.test,https://b.test')).to.equal(null);
  });

  it('never holds what would end a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const origin = `https://${text}`;
        const allowed = allowedOrigin('*', { type: 'ACTUAL', origin, method: '', headers: '' });
        expect(allowed).to.equal(/^[!-~]*$/.test(text) && !text.includes(',') ? origin : '');
      }),
    );
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true }), (url) => {
        const { origin } = new URL(url);
        const request = { type: 'ACTUAL', origin, method: '', headers: '' } as const;
        expect(allowedOrigin(`https://a.test, ${origin}`, request)).to.equal(origin);
      }),
    );
  });
});
