import { expect } from 'chai';
import { printExpression } from '../../lib/condition/print.ts';
import { codes, compiled, holds, isInvalid } from './evaluating.ts';

/** source, its one form. */
const readings: readonly (readonly [source: string, printed: string])[] = [
  ['request.verb="POST"', '(request.verb equals "POST")'],
  ['"default" equals proxy.name', '("default" equals proxy.name)'],
  ['analytics != null', '(analytics not null)'],
  ['analytics is not null', '(analytics not null)'],
  ['analytics = null', '(analytics equals null )'],
  [
    'request.verb == "POST" && request.header.contenttype="application/json"',
    '((request.verb equals "POST") and (request.header.contenttype equals "application/json"))',
  ],
  ['a and b or c', '((a and b) or c)'],
  ['a or b and c', '(a or (b and c))'],
  ['a or b or c', '(a or b or c)'],
  ['(a or b) or c', '((a or b) or c)'],
  ['(a or b) and c', '((a or b) and c)'],
  ['((((a))))', 'a'],
  ['not a and b', '((not a) and b)'],
  ['not (a and b)', '(not (a and b))'],
  ['!a = "x"', '(not (a equals "x"))'],
  ['not a = "x" and b', '((not (a equals "x")) and b)'],
  ['!!a', '(not (not a))'],
  ['not not a', '(not (not a))'],
  ['NOT(a)', '(not a)'],
  ['notValid == true', '(notValid equals true)'],
  ['andy or orson', '(andy or orson)'],
  ['a and(b)or(c)', '((a and b) or c)'],
  ['(a)and(b)', '(a and b)'],
  ['a MatchesPath "a"or b', '((a matchespath "a") or b)'],
  ['a !Like "x"', '(a not matches "x")'],
  ['a ! ~/ "x"', '(a not matchespath "x")'],
  ['a !~/ "x"', '(a not matchespath "x")'],
  ['a =| "x"', '(a startswith "x")'],
  ['a !=| "x"', '(a not startswith "x")'],
  ['a=-5', '(a equals -5)'],
  ['a > .5', '(a greaterthan .5)'],
  ['a < -0.5f', '(a lesserthan -0.5f)'],
  ['a >= 007', '(a greaterthanorequals 007)'],
  ['\'a b\' = "x"', '(\'a b\' equals "x")'],
  ['\'and\' = "x"', '(\'and\' equals "x")'],
  ['\'3scale\' = "x"', '(\'3scale\' equals "x")'],
  ['a-b.c_d.1 = "x"', '(a-b.c_d.1 equals "x")'],
  ['_a = ""', '(_a equals "")'],
  ['a = "\\d+ \'x\' &gt; {y}"', '(a equals "\\d+ \'x\' &gt; {y}")'],
  ['a = "and or ) ("', '(a equals "and or ) (")'],
  ['a = Null', '(a equals null )'],
  ['null = a', '(null equals a)'],
  ['\n a\t=\r\n"x"\f', '(a equals "x")'],
  ['a &gt;= 5 &amp;&amp; b &lt; 6', '((a greaterthanorequals 5) and (b lesserthan 6))'],
  ['a = &quot;x&gt;&quot; and b', '((a equals "x&gt;") and b)'],
  ['&apos;a b&apos; = "x"', '(\'a b\' equals "x")'],
];

/** source, the column of the error if the condition begins at column 5, and a part of message or hint. */
const refusals: readonly (readonly [source: string, column: number, says: string])[] = [
  ['{seven = "5"} AND {valid = false}', 5, 'without braces'],
  ['a = {5}', 9, 'without braces'],
  ['a = "code', 9, 'never closed'],
  ['a = "code""', 15, 'never closed'],
  ["a = 'code", 9, 'never closed'],
  ["'' = a", 5, 'hold no name'],
  ['a = "x")', 12, 'closes nothing'],
  [')', 5, 'missing before ")"'],
  ['()', 6, 'missing before ")"'],
  ['(', 6, 'ends where'],
  ['a = ', 9, 'ends where'],
  ['a = "x" and ', 17, 'ends where'],
  ['a = "x" and and b', 17, 'missing before "and"'],
  ['and a', 5, 'missing before "and"'],
  ['not', 8, 'ends where'],
  ['a or', 9, 'ends where'],
  ['"a is null"', 5, 'quotes around a whole condition'],
  ['5', 5, 'neither true nor false'],
  ['a and "b"', 11, 'neither true nor false'],
  ['a SeemsLike "x"', 7, 'Unknown operator "SeemsLike"'],
  ['a equalsa "x"', 7, 'Unknown operator "equalsa"'],
  ['a LessThan 5', 7, '"LesserThan"'],
  ['a Contains "x"', 7, '"*…*"'],
  ['b and not a IsNull', 17, '"= null"'],
  ['a toString "x"', 7, 'Unknown operator "toString"'],
  ['a = "x" b = "y"', 13, 'missing before "b"'],
  ['a = "x" "y"', 13, 'missing before "y"'],
  ['a = GET POST', 13, 'missing before "POST"'],
  ['(a = "x" b)', 14, 'missing before "b"'],
  ['a b', 7, 'Unknown operator "b"'],
  ['a (b)', 7, 'missing before "("'],
  ['a not = "x"', 7, 'negates Matches'],
  ['a ! = "x"', 7, 'negates Matches'],
  ['a Not Equals "x"', 7, 'negates Matches'],
  ['a ! NotEquals "x"', 7, 'negates Matches'],
  ['a Not EqualsCaseInsensitive "x"', 7, 'negates Matches'],
  ['a not GreaterThan 7', 7, 'negates Matches'],
  ['a ! >= 2', 7, 'negates Matches'],
  ['a not b', 7, 'negates Matches'],
  ['a !null', 7, 'negates Matches'],
  ['a is not "x"', 10, '"IsNot"'],
  ['(a) = "x"', 9, 'around the whole comparison'],
  ['a = (b)', 9, 'missing before "("'],
  ['a = = "x"', 9, 'missing before "="'],
  ['a === "x"', 7, 'Write "="'],
  ['a => 5', 7, 'Write ">="'],
  ['a =< 5', 7, 'Write "<="'],
  ['a /~ "x"', 7, 'Write "~/"'],
  ['a -> b', 7, 'means nothing'],
  ['a & b', 7, 'means nothing'],
  ['a | b', 7, 'means nothing'],
  ['a + 1 = 2', 7, 'no arithmetic'],
  ['a - 1 = 2', 7, 'no arithmetic'],
  ['a * 2 = 2', 7, 'no arithmetic'],
  ['a % 2 = 0', 7, 'no arithmetic'],
  ['a = /x', 9, 'Put a path into double quotes'],
  ['a = \u201cx\u201d', 9, 'U+0022'],
  ['a\u00a0= "x"', 6, 'U+00A0'],
  ['\u0000', 5, 'U+0000'],
  ['a = 20.20.20', 9, 'neither a number'],
  ['a > .20.1', 9, 'neither a number'],
  ['a > ..2', 9, 'means nothing'],
  ['a > 20..1', 9, 'neither a number'],
  ['a > -20..1', 9, 'neither a number'],
  ['a <= 0.ahdjh', 10, 'neither a number'],
  ['a = 1.5L', 9, 'neither a number'],
  ['20three = "x"', 5, 'single quotes'],
  ['is = "x"', 5, "written 'is'"],
  ['a:b = "x"', 6, 'single quotes'],
  ['a[0] = "x"', 6, 'single quotes'],
  ['é = "x"', 5, 'single quotes'],
  ['a ~~ "x(y"', 14, 'Unclosed group'],
  ['a !~~ "*"', 12, 'Dangling meta character'],
  ['a &amp;&amp (b)', 17, 'missing before "("'],
];

describe('condition syntax', () => {
  for (const [source, printed] of readings) {
    it(`reads ${JSON.stringify(source)} as ${printed}`, () => {
      const { expression } = compiled(source).condition;
      expect(isInvalid(source)).to.equal(false);
      expect(expression && printExpression(expression)).to.equal(printed);
    });
  }

  for (const [source, column, says] of refusals) {
    it(`refuses ${JSON.stringify(source)} at column ${column}: ${says}`, () => {
      const { diagnostics } = compiled(source);
      const [error] = diagnostics.filter(({ severity }) => severity === 'error');
      expect(error).to.include({ code: 'InvalidCondition', line: 10, column });
      expect(`${error?.message} ${error?.hint}`).to.include(says);
    });
  }

  for (const source of ['', ' ', '\n\t ']) {
    it(`${JSON.stringify(source)} always holds`, () => {
      expect(codes(source)).to.deep.equal([]);
      expect(holds(source)).to.equal(true);
    });
  }

  it('places an error on a later line', () => {
    const { diagnostics } = compiled('\n    a = "x" and\n    b SeemsLike "y"\n');
    expect(diagnostics).to.have.length(1);
    expect(diagnostics[0]).to.include({ file: 'proxies/default.xml', line: 12, column: 7 });
  });

  const remarks: readonly (readonly [string, readonly string[], column?: number])[] = [
    ['(a = "x"', ['condition-unclosed-parenthesis'], 5],
    ['b and ((a = "x") or (c', ['condition-unclosed-parenthesis'], 11],
    ['\'a\' = "x"', ['condition-single-quotes'], 5],
    ["a = 'b c'", ['condition-single-quotes'], 9],
    ['a :~ "x"', ['condition-undocumented-operator'], 7],
    ['a &gt; 5', ['condition-escaped-twice'], 7],
    ['a ~ "*%20*"', ['condition-percent-sign'], 11],
    ['a ~/ "/%*%%%{x%}"', []],
    ['a ~ "100%"', []],
    ['a ~~ "%20"', []],
    ['a MatchesPath "/"', ['condition-root-path'], 20],
    ['a Matches "/"', []],
  ];
  for (const [source, expected, column] of remarks) {
    it(`says ${JSON.stringify(expected)} about ${source}, which is valid`, () => {
      expect(codes(source)).to.deep.equal(expected);
      expect(isInvalid(source)).to.equal(false);
      expect(compiled(source).diagnostics[0]?.column).to.equal(column);
    });
  }

  it('closes what is open at the end where the condition ends', () => {
    const source = '((a = "1") and (b = "2") or (c = "3"';
    expect(holds(source, { a: '1', b: '2' })).to.equal(true);
    expect(holds(source, { c: '3' })).to.equal(true);
    expect(holds(source, { a: '1' })).to.equal(false);
  });
});
