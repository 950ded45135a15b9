import { expect } from 'chai';
import { compareBody } from '../../../lib/verification/matching/compare-body.ts';
import type { ExpectedBody } from '../../../lib/verification/suite/case.ts';

type Row = readonly [what: string, body: string, expected: ExpectedBody, at: readonly string[]];

const same: readonly string[] = [];
const rows: readonly Row[] = [
  ['a text', 'a', 'a', same],
  ['another text', 'a', 'b', ['body']],
  ['nothing for null', '', null, same],
  ['something for null', 'a', null, ['body']],
  ['nothing for absent', '', { absent: true }, same],
  ['nothing for any', '', { any: true }, ['body']],
  ['a pattern', 'xay', { pattern: 'a' }, same],
  ['JSON with other blanks', '{ "a": [1] }', { json: { a: [1] } }, same],
  ['JSON with conditions', '{"a":"x1"}', { json: { a: { pattern: '\\d' } } }, same],
  ['another JSON', '{"a":2}', { json: { a: 1 } }, ['body $.a']],
  ['what is no JSON', '{', { json: {} }, ['body']],
  ['JSON that nests too deeply', '['.repeat(100_000), { json: [] }, ['body']],
  [
    'brackets in texts, which do not nest',
    `"${'['.repeat(1_000)}"`,
    { json: '['.repeat(1_000) },
    same,
  ],
  ['a form in another order', 'b=2&a=1', { form: { a: '1', b: '2' } }, same],
  ['a form with a name twice', 'a=1&a=2', { form: { a: ['1', '2'] } }, same],
  ['a form with one more', 'a=1&b=2', { form: { a: '1' } }, ['body form.b']],
  [
    'XML in another spelling',
    '<p:a xmlns:p="u" c="2" b="1"> x </p:a>',
    { xml: '<a xmlns="u" b="1" c="2">x</a>' },
    same,
  ],
  ['another XML', '<a><b/></a>', { xml: '<a><c/></a>' }, ['body xml']],
  ['what is no XML', '<a>', { xml: '<a/>' }, ['body']],
  ['XML that is not expected to be XML', '<a/>', { xml: '<a>' }, ['body']],
  ['a size', 'abc', { size: 3 }, same],
  ['another size', 'ab', { size: 3 }, ['body size']],
];

describe('a body and what is expected of it', () => {
  for (const [what, body, expected, at] of rows) {
    it(`${at.length === 0 ? 'agree' : 'differ'}: ${what}`, () => {
      const found = compareBody('body', Buffer.from(body), expected);
      expect(found.map((one) => one.at)).to.deep.equal(at);
    });
  }

  it('reads a view of a larger buffer for itself', () => {
    const whole = Buffer.from('xxabcxx');
    expect(compareBody('body', whole.subarray(2, 5), 'abc')).to.deep.equal([]);
  });
});
