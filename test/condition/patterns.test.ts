import { expect } from 'chai';
import fc from 'fast-check';
import { compileGlob } from '../../lib/condition/matches.ts';
import { compilePathPattern } from '../../lib/condition/matches-path.ts';
import { compiled, flowOf, holds } from './evaluating.ts';

type Row = readonly [pattern: string, matching: readonly string[], others: readonly string[]];

const globs: readonly Row[] = [
  ['/cat', ['/cat'], ['/cat/', '/bat', '/cat/paws', '/CAT', '']],
  ['/*at', ['/cat', '/bat', '/at', '/a/b/at'], ['/owl', '/cats', 'cat']],
  ['/ca*', ['/cat', '/calf', '/cat/xyz', '/ca'], ['/c', '/bat']],
  ['/*', ['/', '/a/b/c'], ['', 'a']],
  ['*', ['', 'a', '/\n/'], []],
  ['*unavailable*', ['the service is unavailable now', 'unavailable'], ['available']],
  ['a*b*c', ['abc', 'aXbYc', 'abbcc'], ['acb', 'ab', 'abcd']],
  ['aa*aa', ['aaaa', 'aaXaa'], ['aaa', 'aa']],
  ['a**b', ['ab', 'axb'], ['a']],
  ['a?[b].c', ['a?[b].c'], ['axb.c', 'a?[b]xc']],
  ['%*', ['*'], ['a', '']],
  ['%%a%', ['%a%'], ['%%a%', 'a']],
  ['{a}', ['{a}'], ['a']],
  ['', [''], ['a']],
];

const regexes: readonly Row[] = [
  ['/c*t', ['/t', '/cct'], ['/cat']],
  ['/c.*t', ['/cat', '/ct'], ['/cat/']],
  ['/items/.+', ['/items/a/b', '/items/a'], ['/items/']],
  ['/items/[^/]+', ['/items/a'], ['/items/a/b', '/items/']],
  ['/items/[0-9]+', ['/items/012'], ['/items/a']],
  ['(?i)abc', ['ABC', 'abc'], ['abcd']],
  ['a|ab', ['a', 'ab'], ['b']],
  ['^foo(a|b)$', ['fooa'], ['foo']],
  ['\\d+\\.\\w', ['12.x'], ['12x']],
  ['\\Qa.b\\E', ['a.b'], ['axb']],
  ['a++b', ['aab'], ['aa']],
  ['.*', ['', 'abc'], ['a\nb']],
];

const paths: readonly Row[] = [
  ['/*/a/', ['/x/a/', '/y/a/', '//a/'], ['/x/a', '/x/y/a/']],
  ['/*/a/*', ['/x/a/b', '/y/a/foo', '/x/a/'], ['/x/a', '/x/a/b/c']],
  ['/*/a/**', ['/x/a/b/c/d', '/x/a/b'], ['/x/a/', '/x/y/a/b']],
  ['/*/a/{reader}/feed/', ['/x/a/b/feed/', '/y/a/foo/feed/'], ['/x/a/b/c/feed/']],
  ['/a/**/feed/**', ['/a/b/feed/rss/1234', '/a/b/c/feed/x'], ['/a/feed/x', '/a/b/feed/']],
  ['%{user%}', ['{user}'], ['user']],
  ['/animals/*', ['/animals/cats', '/animals/'], ['/animals/cats/wild', '/animals']],
  ['/animals/**', ['/animals/cats', '/animals/cats/wild'], ['/animals', '/animals/']],
  ['/items/*', ['/items/'], ['/items']],
  ['/foo', ['/foo'], ['/foo/', '/Foo']],
  ['/status', ['/status'], ['/status/x']],
  ['/', ['/'], ['', '/a']],
  ['/**', ['/a', '//'], ['', '/']],
  ['**', ['', '/', '/a/b'], []],
  ['*', ['', 'a'], ['/', 'a/b']],
  ['/a*', ['/abc', '/a'], ['/ab/c']],
  [
    '/{v}/profile/{p.id}/pin**',
    ['/v1/profile/7/pin/x', '/v1/profile/7/pins'],
    ['/v1/profile/7/pin'],
  ],
  ['**/health/*', ['/a/health/x', 'x/health/'], ['/health/x', '/a/health/x/y']],
  ['/*.json', ['/a.json', '/.json'], ['/a/b.json']],
  ['/a%*', ['/a*'], ['/ab']],
  ['/{a', ['/{a'], ['/x']],
  ['/a}', ['/a}'], ['/ax']],
  ['/{a/b}', ['/{a/b}'], ['/x']],
  ['/{}', ['/', '/x'], ['/x/y']],
  ['/{a}{b}c', ['/xc', '/c'], ['/x/c']],
  ['/a*a', ['/aa', '/aba'], ['/a']],
  ['/a**a', ['/axa'], ['/a', '/aa']],
  ['*x*a/b', ['xa/b', 'yxza/b'], ['x/a/b']],
  ['*x*xb', ['xxb', 'xaxb'], ['xb']],
  ['/***', ['/a', '/a/b'], ['/']],
  ['%', ['%'], ['']],
  ['', [''], ['/']],
];

describe('condition patterns', () => {
  for (const [operator, rows] of [
    ['Matches', globs],
    ['JavaRegex', regexes],
    ['MatchesPath', paths],
  ] as const) {
    for (const [pattern, matching, others] of rows) {
      it(`${operator} "${pattern}" covers ${JSON.stringify(matching)} and not ${JSON.stringify(others)}`, () => {
        for (const [values, expected] of [
          [matching, true],
          [others, false],
        ] as const) {
          for (const x of values) {
            expect(holds(`x ${operator} "${pattern}"`, { x }), x).to.equal(expected);
            expect(holds(`x not ${operator} "${pattern}"`, { x }), x).to.equal(!expected);
            expect(holds(`x ${operator} p`, { x, p: pattern }), x).to.equal(expected);
          }
        }
      });
    }
  }

  describe('choose flows by path', () => {
    // Flows in order, each with the path that it takes; verb is GET throughout.
    const flows: readonly (readonly [name: string, condition: string])[] = [
      ['glob empty', '(proxy.pathsuffix ~/ "/glob/*/") and (request.verb = "GET")'],
      ['glob', '(proxy.pathsuffix ~/ "/glob/*/*") and (request.verb = "GET")'],
      ['lax', '(proxy.pathsuffix ~~ "/regex1/.+/.+") and (request.verb = "GET")'],
      ['lax empty', '(proxy.pathsuffix ~~ "/regex1/.+/") and (request.verb = "GET")'],
      ['strict', '(proxy.pathsuffix ~~ "/regex2/[^/]+/[^/]+") and (request.verb = "GET")'],
      ['strict empty', '(proxy.pathsuffix ~~ "/regex2/[^/]+/") and (request.verb = "GET")'],
      ['digits', '(proxy.pathsuffix ~~ "/regex3/[^/]+/[0-9]+") and (request.verb = "GET")'],
    ];
    const requests: readonly (readonly [path: string, flow: string | undefined])[] = [
      ['/glob/foo/bar', 'glob'],
      ['/glob/foo/', 'glob empty'],
      ['/regex1/foo/bar', 'lax'],
      ['/regex1/foo/', 'lax empty'],
      ['/regex1/foo/bar/bam', 'lax'],
      ['/regex2/foo/bar', 'strict'],
      ['/regex2/foo/bar/bam', undefined],
      ['/regex3/foo/012873', 'digits'],
      ['/regex3/foo/ABC123', undefined],
    ];
    for (const [path, expected] of requests) {
      it(`GET ${path} takes the flow ${expected ?? 'of no name'}`, () => {
        const values = { 'proxy.pathsuffix': path, 'request.verb': 'GET' };
        const first = flows.find(([, condition]) => holds(condition, values));
        expect(first?.[0]).to.equal(expected);
      });
    }
  });

  it('a pattern from a variable follows the variable', () => {
    for (const operator of ['Matches', 'MatchesPath', 'JavaRegex']) {
      const { condition } = compiled(`x ${operator} p`);
      const flow = flowOf({ x: '/a/1' });
      const verdicts = ['/a/.*', '/a/.*', '/b/.*', '/a/1'].map((p) => {
        flow.variables.set('p', p);
        return condition.holds(flow);
      });
      const wild = operator === 'JavaRegex';
      expect(verdicts, operator).to.deep.equal([wild, wild, false, true]);
    }
  });

  const small = (letters: string) =>
    fc.string({ unit: fc.constantFrom(...Array.from(letters)), maxLength: 10 });
  const quoted = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '\\$&');

  it('Matches agrees with the regular expression that it stands for', () => {
    fc.assert(
      fc.property(small('ab/*'), small('ab/'), (pattern, text) => {
        const regex = new RegExp(`^${pattern.split('*').map(quoted).join('.*')}$`, 's');
        expect(compileGlob(pattern)(text)).to.equal(regex.test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('MatchesPath agrees with the regular expression that it stands for', () => {
    fc.assert(
      fc.property(small('ab//**{}'), small('ab//{}'), (pattern, text) => {
        const regex =
          pattern === '**'
            ? /^.*$/s
            : new RegExp(
                `^${pattern.replace(/\*\*|\*|\{[^{}/]*\}|[^]/g, (element) => {
                  if (element === '**') return '.+';
                  return element === '*' || element.length > 1 ? '[^/]*' : quoted(element);
                })}$`,
                's',
              );
        expect(compilePathPattern(pattern)(text), `${pattern} ${text}`).to.equal(regex.test(text));
      }),
      { numRuns: 5000 },
    );
  });
});
