import { expect } from 'chai';
import { BasePathTable, parseBasePath, type BasePath } from '../../lib/bundle/base-path.ts';

function valid(text: string): BasePath {
  const reading = parseBasePath(text);
  if (reading.kind === 'invalid') throw new Error(reading.reason);
  return reading.basePath;
}

function table(...paths: readonly string[]): BasePathTable<string> {
  const filled = new BasePathTable<string>();
  for (const path of paths) expect(filled.add(valid(path), path)).to.equal(undefined);
  return filled;
}

const readings: readonly [text: string, expected: string | undefined][] = [
  ['/', '/'],
  ['', '/'],
  ['  ', '/'],
  ['/v1', '/v1'],
  ['/v1/', '/v1'],
  ['\u00a0/v1 ', '/v1'],
  ['/team/*/members', '/team/*/members'],
  ['/a/*', '/a/*'],
  ['/a*b', '/a*b'],
  ['v1', undefined],
  ['*', undefined],
  ['/*', undefined],
  ['/*/search', undefined],
  ['/a/**/b', undefined],
  ['/**', undefined],
];

const matches: readonly [
  title: string,
  paths: readonly string[],
  request: string,
  basePath: string | undefined,
  suffix?: string,
][] = [
  ['whole segments', ['/v1/foo'], '/v1/foo', '/v1/foo', ''],
  ['a slash behind', ['/v1/foo'], '/v1/foo/', '/v1/foo', '/'],
  ['more segments', ['/v1/foo'], '/v1/foo/x', '/v1/foo', '/x'],
  ['not a part of a segment', ['/v1/foo'], '/v1/foobar', undefined],
  ['not a part of the base path', ['/v1/foo'], '/v1', undefined],
  ['the longer one (runtime 31)', ['/v1', '/v1/foo'], '/v1/foo/x', '/v1/foo', '/x'],
  [
    'the shorter one, where the longer does not match',
    ['/v1', '/v1/foo'],
    '/v1/bar',
    '/v1',
    '/bar',
  ],
  ['a wildcard (runtime 33)', ['/team/*/members'], '/team/blue/members/7', '/team/*/members', '/7'],
  ['no empty segment by a wildcard', ['/team/*/members'], '/team//members', undefined],
  ['a literal before a wildcard (runtime 34)', ['/a/*', '/a/b'], '/a/b/c', '/a/b', '/c'],
  ['the leftmost literal', ['/a/*/c', '/a/b/*'], '/a/b/c', '/a/b/*', ''],
  [
    'a longer one with a wildcard before a shorter literal',
    ['/a/b', '/a/*/c'],
    '/a/b/c',
    '/a/*/c',
    '',
  ],
  ['a wildcard, where the literal leads nowhere', ['/a/*/c', '/a/b/d'], '/a/b/c', '/a/*/c', ''],
  ['everything by the root (runtime 39)', ['/'], '/zzz', '/', '/zzz'],
  ['the root itself', ['/'], '/', '/', '/'],
  ['case for case (runtime 40)', ['/API'], '/api', undefined],
  ['two paths of one proxy (runtime 44)', ['/a', '/a/logs'], '/a/logs', '/a/logs', ''],
  ['the path as it was encoded', ['/a b'], '/a%20b', undefined],
  ['double slashes as they are', ['/a'], '/a//b', '/a', '//b'],
  ['no path that does not start with a slash', ['/'], '*', undefined],
  ['an asterisk in a request as text', ['/a/*'], '/a/*', '/a/*', ''],
];

describe('base paths', () => {
  for (const [text, expected] of readings) {
    it(`reads "${text}" as ${expected ?? 'invalid'}`, () => {
      const reading = parseBasePath(text);
      expect(reading.kind === 'valid' ? reading.basePath.text : undefined).to.equal(expected);
    });
  }

  for (const [title, paths, request, basePath, suffix] of matches) {
    it(`match ${title}`, () => {
      const found = table(...paths).match(request);
      expect(found?.value).to.equal(basePath);
      expect(found?.suffix).to.equal(suffix);
      expect(found?.basePath.text).to.equal(basePath);
    });
    it(`match ${title}, whatever was added first`, () => {
      expect(table(...[...paths].reverse()).match(request)?.value).to.equal(basePath);
    });
  }

  it('are not given away twice', () => {
    const taken = table('/a/*', '/b');
    expect(taken.add(valid('/a/*/'), 'other')).to.equal('/a/*');
    expect(taken.match('/a/x')?.value).to.equal('/a/*');
  });

  it('are found in no more steps than there are base paths, however wild they are', () => {
    const filled = new BasePathTable<number>();
    for (let index = 0; index < 4096; index += 1) {
      const bits = index.toString(2).padStart(12, '0');
      const path = `/x${bits.replaceAll('1', '/*').replaceAll('0', '/a')}`;
      filled.add(valid(path), index);
    }
    expect(filled.match(`/x${'/a'.repeat(12)}/rest`)?.value).to.equal(0);
    expect(filled.match(`/x${'/b'.repeat(12)}/rest`)?.value).to.equal(4095);
    expect(filled.match(`/x${'/a'.repeat(100_000)}`)?.value).to.equal(0);
  });
});
