import { expect } from 'chai';
import fc from 'fast-check';
import { compileJavaRegex, JavaRegexError } from '../../lib/java/regex/java-regex.ts';
import { compileXeger, XegerError } from '../../lib/java/xeger.ts';

/** A repeatable source of numbers. */
function randomFrom(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

const piece = fc.constantFrom(
  'a',
  'bc',
  '.',
  '[1-9]',
  '[^a-z]',
  '\\d',
  '\\w',
  '\\s',
  '\\p{Lu}',
  '(x|yz)',
  '(?:a(b)?)',
  '(?i)Q',
  '\\R',
);
const repeated = fc
  .tuple(piece, fc.constantFrom('', '', '*', '+', '?', '{3}', '{2,}', '{0,2}', '+?'))
  .map(([body, quantifier]) => (body === '(?i)Q' ? body : body + quantifier));
const expression = fc
  .array(fc.array(repeated, { maxLength: 5 }), { minLength: 1, maxLength: 3 })
  .map((branches) => branches.map((branch) => branch.join('')).join('|'));

describe('compileXeger', () => {
  it('makes only texts that the expression matches whole', () => {
    fc.assert(
      fc.property(expression, fc.nat(), (source, seed) => {
        const text = compileXeger(source)(randomFrom(seed));
        return compileJavaRegex(source).matches(text) !== null;
      }),
      { numRuns: 500 },
    );
  });

  it('makes seven digits without a zero from [1-9]{7}', () => {
    expect(compileXeger('[1-9]{7}')(randomFrom(1))).to.match(/^[1-9]{7}$/);
  });

  it('reaches every branch and every length', () => {
    const make = compileXeger('^(?:a|b{1,3})$');
    const random = randomFrom(3);
    const texts = new Set(Array.from({ length: 200 }, () => make(random)));
    expect([...texts].sort()).to.deep.equal(['a', 'b', 'bb', 'bbb']);
  });

  it('takes at most ten rounds more than it must', () => {
    const make = compileXeger('a{2,}');
    const random = randomFrom(5);
    const lengths = Array.from({ length: 500 }, () => make(random).length);
    expect([Math.min(...lengths), Math.max(...lengths)]).to.deep.equal([2, 12]);
  });

  const impossible = [
    { source: '(?=a)b', reason: 'look-around' },
    { source: '(?<!a)b', reason: 'look-around' },
    { source: '(?>a)', reason: 'atomic' },
    { source: 'a*+', reason: 'possessive' },
    { source: '(a)\\1', reason: 'back references' },
    { source: 'a^b', reason: 'anchor' },
    { source: 'a\\b', reason: 'boundary' },
    { source: '[a&&b]', reason: 'no members' },
    { source: 'a{200000}', reason: '100000' },
    { source: '((a{1000}){1000}){1000}', reason: '100000' },
    { source: '(){2000000000}', reason: '100000' },
  ];
  for (const { source, reason } of impossible) {
    it(`refuses ${source} at once`, () => {
      expect(() => compileXeger(source)).to.throw(XegerError, reason);
    });
  }

  it('refuses a malformed expression as Java does', () => {
    expect(() => compileXeger('a(')).to.throw(JavaRegexError, 'Unclosed group');
  });
});
