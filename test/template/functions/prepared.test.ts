import { expect } from 'chai';
import { remembering } from '../../../lib/template/functions/prepared.ts';

describe('what template functions remember of patterns', () => {
  it('is made once while it comes back', () => {
    const made: string[] = [];
    const find = remembering((text) => {
      made.push(text);
      return text.toUpperCase();
    });
    expect([find('a'), find('b'), find('a')]).to.deep.equal(['A', 'B', 'A']);
    expect(made).to.deep.equal(['a', 'b']);
  });

  it('is bounded: the oldest is made anew, and long texts always are', () => {
    let made = 0;
    const find = remembering((text) => {
      made += 1;
      return text;
    });
    for (let count = 0; count < 1_000; count += 1) find(`p${count}`);
    find('p999');
    expect(made).to.equal(1_000);
    find('p0');
    expect(made).to.equal(1_001);
    const long = 'x'.repeat(10_000);
    find(long);
    find(long);
    expect(made).to.equal(1_003);
  });

  it('leaves out what could not be made', () => {
    let made = 0;
    const find = remembering(() => {
      made += 1;
      if (made === 1) throw new Error('once');
      return made;
    });
    expect(() => find('a')).to.throw('once');
    expect(find('a')).to.equal(2);
  });
});
