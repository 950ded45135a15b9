import { expect } from 'chai';
import fc from 'fast-check';
import { hostHeader, originKey, parseTargetUrl } from '../../../lib/connection/target-url.ts';

const accepted: [url: string, key: string, path: string, query: string | undefined][] = [
  ['http://up.test', 'http://up.test:80', '', undefined],
  ['https://up.test', 'https://up.test:443', '', undefined],
  ['HTTPS://UP.Test:8443/A/%2e%2E/../b?Q=%20a', 'https://up.test:8443', '/A/%2e%2E/../b', 'Q=%20a'],
  ['http://up.test?x=1', 'http://up.test:80', '', 'x=1'],
  ['http://up.test/?', 'http://up.test:80', '/', ''],
  ['http://up.test/a?b?c', 'http://up.test:80', '/a', 'b?c'],
  ['http://up.test/a#f?x', 'http://up.test:80', '/a', undefined],
  ['http://up.test#f', 'http://up.test:80', '', undefined],
  ['http://up.test/a?b#c', 'http://up.test:80', '/a', 'b'],
  ['http://up.test:/a', 'http://up.test:80', '/a', undefined],
  ['http://up.test//evil.test/a', 'http://up.test:80', '//evil.test/a', undefined],
  ['http://up.test/\\evil.test', 'http://up.test:80', '/\\evil.test', undefined],
  ['http://up.test/@evil.test', 'http://up.test:80', '/@evil.test', undefined],
  ['http://up.test/a b/\u00fc', 'http://up.test:80', '/a b/\u00fc', undefined],
  ['http://[::1]:8080/a', 'http://::1:8080', '/a', undefined],
  ['http://[2001:DB8::1]', 'http://2001:db8::1:80', '', undefined],
  ['http://b\u00fccher.test/', 'http://xn--bcher-kva.test:80', '/', undefined],
  ['http://127\u30020\u30020\u30021/', 'http://127.0.0.1:80', '/', undefined],
  ['http://under_score.test/', 'http://under_score.test:80', '/', undefined],
];

const refused = [
  '',
  'http://',
  'http:///path',
  'http:/up.test',
  'http:up.test',
  '//up.test',
  ' http://up.test',
  'ftp://up.test',
  'httpx://up.test',
  'javascript://up.test',
  'http://?x',
  'http://:80',
  'http://user@up.test',
  'http://user:secret@up.test',
  'http://good.test@evil.test/',
  'http://good.test:80@evil.test/',
  'http://good.test\\@evil.test/',
  'http://good.test\\evil.test/',
  'http://good.test%2fevil.test/',
  'http://good.test\uff0fevil.test/',
  'http://good.test\uff20evil.test/',
  'http://good.test\uff1f.evil.test/',
  'http://good test/',
  'http://good.test\t/',
  'http://good.test\r\n/',
  'http://up.test:0',
  'http://up.test:65536',
  'http://up.test:8o',
  'http://up.test:-1',
  'http://up.test:123456',
  'http://up.test:80:80',
  'http://[::1',
  'http://[::1]x',
  'http://[::1]x:80',
  'http://[fe80::1%25eth0]/',
  'http://[127.0.0.1]/',
  'http://[]/',
  'http://::1/',
  `http://${'a'.repeat(254)}/`,
];

describe('parseTargetUrl', () => {
  for (const [url, key, path, query] of accepted) {
    it(`reads ${JSON.stringify(url)}`, () => {
      const parsed = parseTargetUrl(url);
      expect(
        parsed && { key: originKey(parsed.origin), path: parsed.path, query: parsed.query },
      ).to.deep.equal({ key, path, query });
    });
  }

  for (const url of refused) {
    it(`refuses ${JSON.stringify(url.slice(0, 60))}`, () => {
      expect(parseTargetUrl(url)).to.equal(undefined);
    });
  }

  it('never lets what follows the authority change the host', () => {
    fc.assert(
      fc.property(fc.constantFrom('/', '?', '#'), fc.string({ unit: 'binary' }), (mark, rest) => {
        expect(parseTargetUrl(`https://up.test:81${mark}${rest}`)?.origin).to.deep.equal({
          scheme: 'https',
          host: 'up.test',
          port: 81,
        });
      }),
    );
  });

  it('never lets a text behind a host name move the request to a host after an @ or backslash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (suffix) => {
        const host = parseTargetUrl(`http://up.test${suffix}@evil.test/`)?.origin.host;
        expect(host ?? 'up.test').to.satisfy((name: string) => name.startsWith('up.test'));
      }),
    );
  });
});

describe('hostHeader', () => {
  const cases: [url: string, header: string][] = [
    ['http://up.test', 'up.test'],
    ['http://up.test:443', 'up.test:443'],
    ['https://up.test:443', 'up.test'],
    ['https://[::1]:8443', '[::1]:8443'],
  ];
  for (const [url, header] of cases) {
    it(`is ${header} for ${url}`, () => {
      const origin = parseTargetUrl(url)?.origin;
      expect(origin && hostHeader(origin)).to.equal(header);
    });
  }
});
