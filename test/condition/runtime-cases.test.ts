import { expect } from 'chai';
import { compiled, flowOf, holds, isInvalid, type Variables } from './evaluating.ts';

/** `s`, `n` and `e` are set, `u` and `u2` are not. */
const given: Variables = { s: 'abc', n: 404, e: '' };

type Row = readonly [number: number, source: string, expected: boolean, values?: Variables];

const suffix = (path: string): Variables => ({ 'proxy.pathsuffix': path });

const rows: readonly Row[] = [
  [85, 's = "abc"', true],
  [85, 's == "abc"', true],
  [85, 's Equals "abc"', true],
  [85, 's Is "abc"', true],
  [85, 's equals "abc"', true],
  [86, 's = "ABC"', false],
  [86, 's := "ABC"', true],
  [86, 's EqualsCaseInsensitive "ABC"', true],
  [87, 's != "x"', true],
  [87, 's NotEquals "x"', true],
  [87, 's IsNot "x"', true],
  [88, 's =| "ab"', true],
  [88, 's StartsWith "bc"', false],
  [89, 'n = 404', true],
  [89, 'n = "404"', true],
  [90, 'n > 400', true],
  [90, 'n >= 404', true],
  [90, 'n < 500', true],
  [90, 'n <= 404', true],
  [90, 'n GreaterThan 400', true],
  [90, 'n LesserThanOrEquals 404', true],
  [91, 'u = null', true],
  [91, 'u is null', true],
  [91, 'u != null', false],
  [91, 'e = null', false],
  [92, 'u = "x"', false],
  [92, 'u != "x"', true],
  [93, 'u > 5', true],
  [93, 'u < 5', true],
  [93, 'u <= 5', true],
  [93, 'u >= 5', false],
  [94, 'n > u', false],
  [94, 'n >= u', true],
  [94, 'n < u', false],
  [94, 'n <= u', false],
  [95, 'u = u2', true],
  [95, 'u != u2', false],
  [95, 'u =| u2', false],
  [96, 'u ~ "*"', false],
  [96, 'u ~~ ".*"', false],
  [96, 'u ~/ "/**"', false],
  [96, 'u !~ "x"', true],
  [97, 'false = true and u = null or s = "abc"', true],
  [98, 's = "abc" or s = "x" and s = "y"', true],
  [99, '!(s = "abc")', false],
  [99, 'not (s = "abc")', false],
  [99, 'NOT(s = "abc")', false],
  [100, 's="abc"', true],
  [101, '"abc" = s', true],
  [102, '(s = "abc") && (n = 404) || false', true],
  [103, 'flag', true, { flag: true }],
  [103, '!flag', false, { flag: true }],
  [103, 'flag', false],
  [104, 'flag = "true"', true, { flag: true }],
  [104, 'flag = true', true, { flag: true }],
  [104, 'flag = "true"', true, { flag: 'true' }],
  [104, 'flag = true', true, { flag: 'true' }],
  [105, '\'request.header.help!me\' = "yes"', true, { 'request.header.help!me': 'yes' }],
  [106, "s = 'abc'", false],
  [110, 's not Matches "x*"', true],
  [110, 's Not StartsWith "x"', true],
  [112, 'proxy.pathsuffix Matches "/*at"', true, suffix('/cat')],
  [112, 'proxy.pathsuffix Matches "/*at"', false, suffix('/owl')],
  [113, 'proxy.pathsuffix Matches "/*"', true, suffix('/a/b')],
  [114, 'proxy.pathsuffix JavaRegex "/c*t"', false, suffix('/cat')],
  [115, 'proxy.pathsuffix ~~ "/items/.+"', false, suffix('/items/')],
  [115, 'proxy.pathsuffix ~~ "/items/.+"', true, suffix('/items/a')],
  [116, 'proxy.pathsuffix MatchesPath "/items/*"', true, suffix('/items/a')],
  [116, 'proxy.pathsuffix MatchesPath "/items/*"', true, suffix('/items/')],
  [116, 'proxy.pathsuffix MatchesPath "/items/*"', false, suffix('/items/a/b')],
  [117, 'proxy.pathsuffix ~/ "/*/a/**"', true, suffix('/x/a/b/c/d')],
  [118, 'proxy.pathsuffix ~/ "/*/a/{reader}/feed/"', true, suffix('/x/a/b/feed/')],
  [119, 'x ~/ "%{user%}"', true, { x: '{user}' }],
  [119, 'x ~/ "%{user%}"', false, { x: 'user' }],
  [120, 'proxy.pathsuffix ~/ "/animals/**"', true, suffix('/animals/cats/wild')],
  [120, 'proxy.pathsuffix ~/ "/animals/**"', false, suffix('/animals')],
  [121, 'proxy.pathsuffix ~/ "/"', false, suffix('')],
  [122, 'proxy.pathsuffix ~/ "**"', true, suffix('')],
  [123, 'n > 400 && n < 500', true],
  [124, 's\n\t=\r\n"abc"\tand\nn =\t404', true],
  [125, 'a = b', true, { a: '1', b: '1' }],
  [126, 'exceed GreaterThan "0"', true, { exceed: 1 }],
];

describe('the documented cases of conditions', () => {
  for (const [number, source, expected, values] of rows) {
    const all = { ...given, ...values };
    it(`runtime ${number}: ${JSON.stringify(source)} is ${expected} with ${JSON.stringify(values ?? 's, n, e')}`, () => {
      expect(holds(source, all)).to.equal(expected);
    });
  }

  const refused: readonly (readonly [number: number, source: string])[] = [
    [107, 's = "abc'],
    [108, '{s} = "abc"'],
    [109, 's SeemsLike "x"'],
    [111, 's not = "x"'],
  ];
  for (const [number, source] of refused) {
    it(`runtime ${number}: ${source} is refused, and never holds`, () => {
      expect(isInvalid(source)).to.equal(true);
      expect(compiled(source).condition.holds(flowOf(given))).to.equal(false);
    });
  }

  it('runtime 106: single quotes on the right load with a warning', () => {
    expect(compiled("s = 'abc'").diagnostics).to.have.length(1);
    expect(compiled("s = 'abc'").diagnostics[0]).to.include({
      severity: 'warning',
      code: 'condition-single-quotes',
    });
    expect(holds("s = 'abc'", { s: 'x', abc: 'x' })).to.equal(true);
  });

  it('runtime 118: a name in braces sets no variable', () => {
    const flow = flowOf(suffix('/x/a/b/feed/'));
    compiled('proxy.pathsuffix ~/ "/*/a/{reader}/feed/"').condition.holds(flow);
    expect(flow.variables.get('reader')).to.equal(null);
  });
});
