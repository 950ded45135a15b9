import { expect } from 'chai';
import { codes, compiled, lenient, strict, type Settings, type Variables } from './rendering.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** source, expected text with unresolved variables ignored, values. */
type Row = readonly [source: string, expected: string, values?: Variables, settings?: Settings];

const braces: readonly Row[] = [
  ['', ''],
  ['plain', 'plain'],
  ['{a}', '1', { a: '1' }],
  ['{a}{b}', '12', { a: '1', b: '2' }],
  ['x{a}y{b}z', 'x1y2z', { a: '1', b: '2' }],
  ['{_a}', '1', { _a: '1' }],
  ['{request.header.x-id}', '7', { 'request.header.x-id': '7' }],
  ['{a}', ''],
  ['{a:Unknown}', 'Unknown'],
  ['{a:Unknown}', '1', { a: '1' }],
  ['{a:Unknown}', '', { a: '' }],
  ['{a:}', ''],
  ['{a:b:c}', 'b:c'],
  ['{a:two words}', 'two words'],
  ['{a:b(c)}', 'b(c)'],
  ['{proto:http}://h', 'http://h'],
  ['{text-align: center;}', '{text-align: center;}'],
  ['{ a }', '{ a }', { a: '1' }],
  ['{\na}', '{\na}', { a: '1' }],
  ['{"a":1}', '{"a":1}', { a: '1' }],
  ["{'a':1}", "{'a':1}", { a: '1' }],
  ['{"a":{"b":"{v}"}}', '{"a":{"b":"1"}}', { v: '1' }],
  ['{ "list": [{"n":{n}}] }', '{ "list": [{"n":7}] }', { n: 7 }],
  ['{}', '{}'],
  ['{3}', '{3}', { 3: 'three' }],
  ['{[a]}', '{[a]}'],
  ['{$a}', '{$a}', { a: '1' }],
  ['{-a}', '{-a}', { a: '1' }],
  ['{:a}', '{:a}'],
  ['{{v}}', '{x}', { v: 'x' }],
  ['{{{v}}}', '{{x}}', { v: 'x' }],
  ['}', '}'],
  ['}{a}', '}1', { a: '1' }],
  ['{a', '{a', { a: '1' }],
  ['{a{b}', '{a2', { a: '1', b: '2' }],
  ['{a.{b}}', '{a.2}', { b: '2' }],
  ['{a:x{b}}', '{a:x2}', { b: '2' }],
  ['{a b}', '{a b}', { a: '1' }],
  ['{a }', '{a }', { a: '1' }],
  ['{a[0]}', '{a[0]}', { a: '1' }],
  ['{a,b}', '{a,b}', { a: '1' }],
  ['{a|b}', '{a|b}', { a: '1' }],
  ['{a)}', '{a)}', { a: '1' }],
  ['{a(}', '{a(}', { a: '1' }],
  ['{createUuid()', '{createUuid()'],
  ['{createUuid():x}', '{createUuid():x}'],
  ['{ createUuid() }', '{ createUuid() }'],
  ['{console.log(a)}', '{console.log(a)}', { a: '1' }],
  ["{toUpperCase('a)}", "{toUpperCase('a)}"],
  ["{toUpperCase('a'b)}", "{toUpperCase('a'b)}"],
  ['\\{"a":"{v}"}', '{"a":"x"}', { v: 'x' }],
  ['\\{v}', '{v}', { v: 'x' }],
  ['\\\\{v}', '\\{v}', { v: 'x' }],
  ['\\n{v}\\', '\\nx\\', { v: 'x' }],
  ['"{v}"', '"x"', { v: 'x' }],
  ['"{v}"', 'x', { v: 'x' }, { outerQuotes: 'strip' }],
  ['"', '"', {}, { outerQuotes: 'strip' }],
  ['"a" "b"', '"a" "b"', {}, { outerQuotes: 'strip' }],
  ['${v}', '$x', { v: 'x' }],
  ['?w=${v}&y={v}$', '?w=5&y=5$', { v: '5' }, { dollarReferences: 'reference' }],
  ['$${v}', '$5', { v: '5' }, { dollarReferences: 'reference' }],
  ['{a}${b}', '12', { a: '1', b: '2' }, { dollarReferences: 'reference' }],
  ["${toUpperCase('a')}", 'A', {}, { dollarReferences: 'reference' }],
];

const delimiters: readonly Row[] = [
  ['{"n":"@v#","m":{"k":1}}', '{"n":"z","m":{"k":1}}', { v: 'z' }, { prefix: '@', suffix: '#' }],
  ['{v}', '{v}', { v: 'z' }, { prefix: '@', suffix: '#' }],
  ['\\{v}@v#', '\\{v}z', { v: 'z' }, { prefix: '@', suffix: '#' }],
  ['%request.content#', 'body', { 'request.content': 'body' }, { prefix: '%', suffix: '#' }],
  ['a@@v##b', 'azb', { v: 'z' }, { prefix: '@@', suffix: '##' }],
  ['a@v#b@@@v##', 'a@v#b@z', { v: 'z' }, { prefix: '@@', suffix: '##' }],
  ['%v%%v%', 'zz', { v: 'z' }, { prefix: '%', suffix: '%' }],
  ["@toUpperCase('a#b')#", 'A#B', {}, { prefix: '@', suffix: '#' }],
  ['@v:{}#', '{}', {}, { prefix: '@', suffix: '#' }],
  ['joe@example.com "x"', 'joe@example.com "x"', {}, { prefix: '@', suffix: '#' }],
  ['<<v>>', 'z', { v: 'z' }, { prefix: '<<', suffix: '>>' }],
  ['{v}', 'z', { v: 'z' }, { prefix: '', suffix: '' }],
];

const callArguments: readonly Row[] = [
  ["{toUpperCase('abC')}", 'ABC'],
  ['{toUpperCase(v)}', 'X', { v: 'x' }],
  ['{toLowerCase(foo.bar:FOO)}', 'foo'],
  ['{toLowerCase(foo.bar:FOO)}', 'set', { 'foo.bar': 'SET' }],
  ['{toUpperCase(foo)}', 'FOO'],
  [`{substring(${alphabet},-4)}`, 'WXYZ'],
  ['{substring(alpha,0,seven)}', 'ABCDEFG', { alpha: alphabet, seven: '7' }],
  ['{substring(alpha,0,4)}', 'ABCD', { alpha: alphabet }],
  ['{substring( alpha , 0 ,4 )}', 'ABCD', { alpha: alphabet }],
  ["{toUpperCase('a, {b} (c)')}", 'A, {B} (C)'],
  ["{toUpperCase('')}", ''],
  ["{replaceAll('a-b','-',)}", 'ab'],
  ['{firstnonnull(a,b)}', 'z', { b: 'z' }],
  ['{firstnonnull(a,b)}', '', { a: '', b: 'z' }],
  ["{firstnonnull(a,b,'fallback value')}", 'fallback value'],
  ['{firstnonnull(a,b)}', ''],
  ['{firstnonnull(a:x,b)}', 'x', { b: 'z' }],
  ['{firstnonnull(a,7)}', '7'],
  ["{jsonPath($.a[?(@.b=='c')].d,v)}", '1', { v: '{"a":[{"b":"c","d":1}]}' }],
];

describe('message template syntax', () => {
  for (const [title, rows] of Object.entries({ braces, delimiters, callArguments })) {
    describe(title, () => {
      for (const [source, expected, values, settings] of rows) {
        const given = JSON.stringify({ ...values, ...settings });
        it(`gives ${JSON.stringify(expected)} for ${JSON.stringify(source)} with ${given}`, () => {
          expect(lenient(source, values, settings)).to.equal(expected);
        });
      }
    });
  }

  describe('findings', () => {
    const rows: readonly (readonly [string, readonly string[], Settings?])[] = [
      ['{a}{b:c}{"d":{e}}', []],
      ["{toUpperCase('a')}", []],
      ['{unknownFn(x)}', ['entities.UnknownStringFunction']],
      ['{touppercase(x)}', ['entities.UnknownStringFunction']],
      ['{__proto__(x)}', ['entities.UnknownStringFunction']],
      ['{createUuid(x)}', ['template-function-arity']],
      ['{toUpperCase()}', ['template-function-arity']],
      ["{substring('a')}", ['template-function-arity']],
      ['{substring(a,0,1,2)}', ['template-function-arity']],
      ["{escapeHTML('a')}", ['template-function-alias']],
      ['{substring(a, 0)}', ['template-space-in-call']],
      ['{createUuid( )}', ['template-space-in-call']],
      ['{toUpperCase(a b)}', ['template-space-in-argument']],
      ["{jsonPath($[?(@.a == 'b')],v)}", ['template-space-in-argument']],
      ['{toUpperCase( a b)}', ['template-space-in-call', 'template-space-in-argument']],
      ['{substring(a,)}', ['template-empty-argument', 'template-function-argument']],
      ['{toUpperCase(toLowerCase(a))}', ['template-nested-call']],
      ['{ createUuid() }', ['template-spaced-call']],
      ['{ alert() }', []],
      ['{console.log(a)}', ['template-not-a-function-name']],
      ['${a}', []],
      ['${a}', ['template-dollar-before-reference'], { dollarReferences: 'reference' }],
      ["{substring(a,'x')}", ['template-function-argument']],
      ["{hmacSha256('k','v','latin1')}", ['template-function-argument']],
      ["{replaceAll(a,'(','')}", ['template-function-argument']],
      ["{timeFormatUTC('bbb',t)}", ['template-function-argument']],
      ["{jsonPath('$[',v)}", ['template-function-argument']],
      ["{xpath('//a[',v)}", ['template-function-argument']],
    ];
    for (const [source, expected, settings] of rows) {
      it(`reports ${JSON.stringify(expected)} for ${source} ${JSON.stringify(settings ?? {})}`, () => {
        expect(codes(source, settings)).to.deep.equal(expected);
      });
    }

    it('place an unknown function at its name and name the one that is meant', () => {
      const { diagnostics } = compiled('line one\n  {toUppercase(x)}');
      expect(diagnostics).to.have.length(1);
      expect(diagnostics[0]).to.include({
        severity: 'error',
        code: 'entities.UnknownStringFunction',
        file: 'template',
        line: 2,
        column: 4,
        hint: 'Did you mean "toUpperCase"?',
      });
    });
  });

  it('a template without references is constant, and literal calls are evaluated when it is compiled', () => {
    expect(compiled('a\\{b}').template.constant).to.equal('a{b}');
    expect(compiled("<{sha1Hex('abc')}>").template.constant).to.equal(
      '<a9993e364706816aba3e25717850c26c9cd0d89d>',
    );
    expect(compiled('{a}').template.constant).to.equal(undefined);
    expect(compiled('{createUuid()}').template.constant).to.equal(undefined);
  });

  it('a template names the variables it reads once each, in order', () => {
    const { template } = compiled("{b}{a:x}{b}{firstnonnull(c,'d',7,true,e:f)}");
    expect(template.variables).to.deep.equal(['b', 'a', 'c', 'e']);
  });

  it('every number of references renders in order', () => {
    for (let count = 1; count <= 40; count += 1) {
      const names = Array.from({ length: count }, (_, index) => `v${index}`);
      const values = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
      const source = names.map((name, index) => `${index}{${name}}`).join('') + '.';
      const expected = names.map((name, index) => `${index}<${name}>`).join('') + '.';
      expect(strict(source, values)).to.equal(expected);
    }
  });
});
