import { expect } from 'chai';
import fc from 'fast-check';
import {
  compilePattern,
  PatternError,
  type PatternOptions,
} from '../../../lib/policies/extract-variables/pattern.ts';

type Row = readonly [
  pattern: string,
  text: string,
  captures: Readonly<Record<string, string>> | undefined,
];

const ofPaths: readonly Row[] = [
  ['/accounts/{id}', '/accounts/7', { id: '7' }],
  ['/accounts/{id}', '/accounts/', undefined],
  ['/accounts/{id}', '/accounts/7/', undefined],
  ['/accounts/{id}.json', '/accounts/a.b.json', { id: 'a.b' }],
  ['/{a}-{b}', '/x-y-z', { a: 'x-y', b: 'z' }],
  ['/{a}/**', '/x/y/z', { a: 'x' }],
  ['/{a}/**', '/x/', { a: 'x' }],
  ['/{a}/**', '/x', undefined],
  ['/**/{last}', '/x/y/z', { last: 'z' }],
  ['/*/{b}', '/x/y', { b: 'y' }],
  ['/*/{b}', '//y', { b: 'y' }],
  ['/{du.grantType}/{customer-id}', '/x/y', { 'du.grantType': 'x', 'customer-id': 'y' }],
  ['/%{a%}/{b}', '/{a}/x', { b: 'x' }],
  ['/a.c/{b}', '/abc/x', undefined],
];

const ofTexts: readonly Row[] = [
  ['Bearer {t}', 'Bearer a b', { t: 'a b' }],
  ['Bearer {t}', 'Bearer ', { t: '' }],
  ['Bearer {t}', 'XBearer a', undefined],
  ['{user}:{password}', 'u:p:q', { user: 'u', password: 'p:q' }],
  ['*:{rest}', 'u:p:q', { rest: 'q' }],
  ['{a}', '', { a: '' }],
  ['{a} {b}', 'x', undefined],
  ['100% {a}', '100% x', { a: 'x' }],
  ['[{a}](b+)', '[x](b+)', { a: 'x' }],
  ['{a}, {a}', '1, 2', { a: '2' }],
];

function check(rows: readonly Row[], of: PatternOptions['of']): void {
  for (const [pattern, text, captures] of rows) {
    it(`${pattern} takes ${JSON.stringify(captures ?? 'nothing')} out of "${text}"`, () => {
      const found = compilePattern(pattern, { of, letters: 'exact' }).match(text);
      expect(found === undefined ? undefined : Object.fromEntries(found)).to.deep.equal(captures);
    });
  }
}

describe('a pattern of a path', () => {
  check(ofPaths, 'path');
});

describe('a pattern of a text', () => {
  check(ofTexts, 'text');
});

describe('a pattern', () => {
  it('may match letters in any case, and captures them as they are', () => {
    const pattern = compilePattern('Bearer {t}', { of: 'text', letters: 'any-case' });
    expect(pattern.match('bEARER aBc')).to.deep.equal(new Map([['t', 'aBc']]));
    expect(pattern.match('İearer x')).to.equal(undefined);
  });

  for (const broken of ['{', '}', '{a', 'a}', '{}', '{a{b}', '%{a}']) {
    it(`cannot be ${broken}`, () => {
      expect(() => compilePattern(broken, { of: 'text', letters: 'exact' })).to.throw(PatternError);
    });
  }

  // The reference is a regular expression, which backtracks: fine for texts this short.
  for (const of of ['path', 'text'] as const) {
    it(`of a ${of} captures what a regular expression would`, () => {
      const part = fc.constantFrom('a', 'b', '/', '{x}', '{y}', '*', '**');
      const letter = fc.constantFrom('a', 'b', '/', 'c');
      fc.assert(
        fc.property(
          fc.array(part, { maxLength: 6 }),
          fc.array(letter, { maxLength: 8 }),
          (parts, letters) => {
            const text = letters.join('');
            const names: string[] = [];
            const source = parts.join('').replaceAll(/\*\*\*+/g, '**');
            const expression = [...source.matchAll(/\{(.)\}|\*\*?|./g)].map(([word, name]) => {
              if (name !== undefined) {
                names.push(name);
                return of === 'path' ? '([^/]+)' : '(.*?)';
              }
              if (word === '**') return '.*';
              if (word === '*') return of === 'path' ? '[^/]*' : '.*';
              return word;
            });
            const found = new RegExp(`^${expression.join('')}$`).exec(text);
            const expected =
              found === null
                ? undefined
                : new Map(names.map((name, at) => [name, found[at + 1] ?? '']));
            const pattern = compilePattern(source, { of, letters: 'exact' });
            expect(pattern.match(text)).to.deep.equal(expected);
          },
        ),
        { numRuns: 500 },
      );
    });
  }

  it('takes no more than a moment for a text made to send regular expressions astray', () => {
    const pattern = compilePattern(`${'{x}a*'.repeat(20)}b{y}`, { of: 'text', letters: 'exact' });
    expect(pattern.match(`b${'a'.repeat(50_000)}`)).to.equal(undefined);
  });
});
