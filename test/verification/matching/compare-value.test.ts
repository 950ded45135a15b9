import { expect } from 'chai';
import fc from 'fast-check';
import { compareValue } from '../../../lib/verification/matching/compare-value.ts';

const data = (text: string): unknown => JSON.parse(text);

interface Row {
  readonly what: string;
  readonly found: unknown;
  readonly expected: unknown;
  /** Places of the differences. */
  readonly at: readonly string[];
}

const rows: readonly Row[] = [
  { what: 'the same text', found: 'a', expected: 'a', at: [] },
  { what: 'a number for a text', found: 200, expected: '200', at: ['v'] },
  { what: 'a big integer for a number', found: 200n, expected: 200, at: [] },
  { what: 'nothing for null', found: undefined, expected: null, at: [] },
  { what: 'a text for null', found: '', expected: null, at: ['v'] },
  { what: 'any', found: '', expected: { any: true }, at: [] },
  { what: 'nothing for any', found: undefined, expected: { any: true }, at: ['v'] },
  { what: 'null for any', found: null, expected: { any: true }, at: ['v'] },
  { what: 'nothing for absent', found: undefined, expected: { absent: true }, at: [] },
  { what: 'false for absent', found: false, expected: { absent: true }, at: ['v'] },
  { what: 'a pattern over lines', found: 'a\nb', expected: { pattern: 'a.b' }, at: [] },
  { what: 'a pattern on a number', found: 94043, expected: { pattern: '^94' }, at: [] },
  { what: 'a pattern on nothing', found: undefined, expected: { pattern: '' }, at: ['v'] },
  { what: 'another text for a pattern', found: 'b', expected: { pattern: 'a' }, at: ['v'] },
  { what: 'an integer', found: 5, expected: { type: 'integer' }, at: [] },
  { what: 'a fraction for an integer', found: 5.5, expected: { type: 'integer' }, at: ['v'] },
  { what: 'a text for an integer', found: '5', expected: { type: 'integer' }, at: ['v'] },
  { what: 'more than', found: 6n, expected: { type: 'integer', above: 5 }, at: [] },
  { what: 'not more than', found: 5, expected: { type: 'integer', above: 5 }, at: ['v'] },
  { what: 'a boolean', found: false, expected: { type: 'boolean' }, at: [] },
  {
    what: 'data that looks like a condition',
    found: { any: true },
    expected: { equals: { any: true } },
    at: [],
  },
  {
    what: 'something else for such data',
    found: 'x',
    expected: { equals: { any: true } },
    at: ['v'],
  },
  { what: 'members in another order', found: { a: 1, b: 2 }, expected: { b: 2, a: 1 }, at: [] },
  { what: 'a member less', found: { a: 1 }, expected: { a: 1, b: 2 }, at: ['v.b'] },
  { what: 'a member more', found: { a: 1, b: 2 }, expected: { a: 1 }, at: ['v.b'] },
  { what: 'a member left out for null', found: {}, expected: { a: null }, at: ['v.a'] },
  { what: 'a member that is null', found: { a: null }, expected: { a: null }, at: [] },
  { what: 'an odd name', found: {}, expected: { 'a b': 1 }, at: ['v["a b"]'] },
  {
    what: '__proto__ as a member',
    found: data('{"__proto__":1}'),
    expected: data('{"__proto__":2}'),
    at: ['v.__proto__'],
  },
  {
    what: 'an inherited member',
    found: {},
    expected: { toString: { any: true } },
    at: ['v.toString'],
  },
  { what: 'lists', found: [1, 2], expected: [1, { any: true }], at: [] },
  { what: 'a longer list', found: [1, 2, 3], expected: [1], at: ['v[1]', 'v[2]'] },
  { what: 'a shorter list', found: [1], expected: [1, 2], at: ['v[1]'] },
  { what: 'a list for an object', found: [], expected: {}, at: ['v'] },
  {
    what: 'places deep inside',
    found: { items: [{ id: 1 }, { id: 2 }] },
    expected: { items: [{ id: 1 }, { id: { pattern: 'x' } }] },
    at: ['v.items[1].id'],
  },
];

describe('a value and what is expected of it', () => {
  for (const { what, found, expected, at } of rows) {
    it(`${at.length === 0 ? 'agree' : 'differ'}: ${what}`, () => {
      expect(compareValue('v', found, expected).map((one) => one.at)).to.deep.equal(at);
    });
  }

  it('agree if they are the same JSON, in whatever order, and differ if one leaf is another', () => {
    const plain = fc
      .jsonValue()
      .filter((value) => !/"(?:pattern|any|absent|equals|type)"/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, (value) => {
        const again = data(JSON.stringify(value));
        expect(compareValue('v', data(JSON.stringify(value)), again)).to.deep.equal([]);
        expect(compareValue('v', [again], [again, 1])).to.have.length(1);
      }),
    );
  });
});
