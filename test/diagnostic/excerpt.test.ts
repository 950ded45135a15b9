import { expect } from 'chai';
import fc from 'fast-check';
import { excerpt } from '../../lib/diagnostic/excerpt.ts';

interface Row {
  readonly title: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly shown: string;
}

const row = (title: string, text: string, line: number, column: number, shown: string): Row => {
  return { title, text, line, column, shown };
};

const rows: readonly Row[] = [
  row('points at the first column', '<a>', 1, 1, '1 | <a>\n  | ^'),
  row('points inside a later line', '<a>\n  <b x>\n</a>', 2, 6, '2 |   <b x>\n  |      ^'),
  row('points behind the end of a line', '<a\n', 1, 3, '1 | <a\n  |   ^'),
  row('shows an empty last line', '<a\n', 2, 1, '2 |\n  | ^'),
  row('keeps a column beyond the line at its end', '<a>', 1, 99, '1 | <a>\n  |    ^'),
  row('ends lines at CR LF', '<a>\r\n<b>\r\n', 2, 2, '2 | <b>\n  |  ^'),
  row('ends lines at a lone CR', '<a>\r<b>\r', 2, 2, '2 | <b>\n  |  ^'),
  row('keeps the caret under its column behind tabs', '\t\t<b>', 1, 4, '1 |     <b>\n  |      ^'),
  row('counts a surrogate pair as one column', '😀<b>', 1, 3, '1 | 😀<b>\n  |  ^'),
  row('escapes a control character', '\u001b[31m<b>', 1, 6, '1 | \\u{1b}[31m<b>\n  |           ^'),
  row('escapes a control that reorders text', 'a\u202eb', 1, 3, '1 | a\\u{202e}b\n  |          ^'),
  row('escapes a byte order mark', '\ufeff<b>', 1, 2, '1 | \\u{feff}<b>\n  |         ^'),
  row('escapes a lone surrogate', '\ud800<b>', 1, 2, '1 | \\u{d800}<b>\n  |         ^'),
  row(
    'widens the gutter with the line number',
    `${'\n'.repeat(11)}<b>`,
    12,
    2,
    '12 | <b>\n   |  ^',
  ),
  row('is empty for a line behind the text', '<a>', 2, 1, ''),
  row('is empty for a line before the text', '<a>', 0, 1, ''),
  row('is empty for a line that is no number', '<a>', NaN, 1, ''),
  row(
    'cuts a long line around the caret',
    `${'a'.repeat(500)}!${'b'.repeat(500)}`,
    1,
    501,
    `1 | …${'a'.repeat(50)}!${'b'.repeat(49)}…\n  | ${' '.repeat(51)}^`,
  ),
  row(
    'cuts only the end when the caret stands at the start',
    `!${'b'.repeat(500)}`,
    1,
    1,
    `1 | !${'b'.repeat(99)}…\n  | ^`,
  ),
  row(
    'does not cut inside an escape',
    '\u0000'.repeat(500),
    1,
    251,
    `1 | …${'\\u{0}'.repeat(10)}${'\\u{0}'.repeat(10)}…\n  | ${' '.repeat(51)}^`,
  ),
];

describe('excerpt', () => {
  for (const { title, text, line, column, shown } of rows) {
    it(title, () => {
      expect(excerpt(text, { line, column })).to.equal(shown);
    });
  }

  it('shows any place of any text in two printable lines of bounded width', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(anyText, fc.integer({ min: -1, max: 5 }), fc.integer(), (text, line, column) => {
        const shown = excerpt(text, { line, column });
        if (shown === '') return;
        const lines = shown.split('\n');
        expect(lines).to.have.length(2);
        for (const each of lines) {
          expect(Array.from(each).length).to.be.at.most(120);
          expect(each).to.not.match(/\p{C}/u);
        }
      }),
    );
  });

  it('points at the character its column names', () => {
    const printable = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 400 });
    const place = printable.chain((text) =>
      fc.tuple(fc.constant(text), fc.integer({ min: 1, max: text.length })),
    );
    fc.assert(
      fc.property(place, ([text, column]) => {
        const [source = '', pointer = ''] = excerpt(text, { line: 1, column }).split('\n');
        const pointed = source.charAt(pointer.indexOf('^')) || ' ';
        expect(pointed).to.equal(text.charAt(column - 1));
      }),
    );
  });
});
