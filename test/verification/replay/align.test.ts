import { expect } from 'chai';
import fc from 'fast-check';
import { align } from '../../../lib/verification/replay/compare/align.ts';

const items = (text: string) => Array.from(text).map((key) => ({ key }));

/** Each place as the two keys that stand side by side. */
const side = (one: string, other: string): string =>
  align(items(one), items(other))
    .map(({ recorded, replayed }) => `${recorded?.key ?? '-'}${replayed?.key ?? '-'}`)
    .join(' ');

describe('aligning two accounts', () => {
  it('matches as much as it can, in order', () => {
    expect(side('abc', 'abc')).to.equal('aa bb cc');
    expect(side('abc', 'ac')).to.equal('aa b- cc');
    expect(side('ac', 'abc')).to.equal('aa -b cc');
    expect(side('abcd', 'acbd')).to.match(/^aa .*dd$/);
    expect(side('', 'ab')).to.equal('-a -b');
    expect(side('ab', '')).to.equal('a- b-');
    expect(side('aXb', 'aYb')).to.equal('aa X- -Y bb');
  });

  it('loses nothing and pairs only what is the same', () => {
    const account = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 });
    fc.assert(
      fc.property(account, account, (one, other) => {
        const aligned = align(items(one), items(other));
        expect(aligned.map(({ recorded }) => recorded?.key ?? '').join('')).to.equal(one);
        expect(aligned.map(({ replayed }) => replayed?.key ?? '').join('')).to.equal(other);
        for (const { recorded, replayed } of aligned) {
          if (recorded !== undefined && replayed !== undefined) {
            expect(recorded.key).to.equal(replayed.key);
          }
        }
      }),
    );
  });

  it('takes accounts of any length', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => ({ key: String(at) }));
    const aligned = align([{ key: 'x' }, ...many, { key: 'y' }], [...many.slice(1), { key: 'z' }]);
    const matched = aligned.filter((pair) => pair.recorded?.key === pair.replayed?.key);
    expect(matched).to.have.length(19_999);
  });
});
