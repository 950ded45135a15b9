import { expect } from 'chai';
import { fieldNames, isPlainValue, listedByConnection } from '../../lib/message/field-names.ts';

describe('the names of header lines', () => {
  const nameOf = fieldNames(new Set(['te', 'upgrade']));

  it('are told apart whatever their case, however often they are asked for', () => {
    for (let time = 0; time < 2; time += 1) {
      expect(nameOf('Te')).to.deep.equal({ key: 'te', isToken: true, isDropped: true });
      expect(nameOf('TEA')).to.deep.equal({ key: 'tea', isToken: true, isDropped: false });
      expect(nameOf('Proxy-Authorization').isDropped).to.equal(true);
      expect(nameOf('a b').isToken).to.equal(false);
      expect(nameOf('').isToken).to.equal(false);
    }
  });

  it('are answered alike after more of them than are remembered', () => {
    for (let number = 0; number < 3_000; number += 1) nameOf(`x-${number}`);
    expect(nameOf('upgrade').isDropped).to.equal(true);
    expect(nameOf('x'.repeat(10_000)).isToken).to.equal(true);
  });

  it('that Connection lists are all but those about the connection itself', () => {
    expect(listedByConnection([['Connection', 'keep-alive']])).to.equal(undefined);
    expect(
      listedByConnection([
        ['connection', 'Close, X-One'],
        ['CONNECTION', ' x-two'],
      ]),
    ).to.deep.equal(['x-one', 'x-two']);
  });

  it('have values that need a closer look unless they are visible ASCII and blanks', () => {
    expect(isPlainValue('a b\tc')).to.equal(true);
    for (const value of ['\r', '\n', '\0', '\x7f', 'é', '語']) {
      expect(isPlainValue(value), JSON.stringify(value)).to.equal(false);
    }
  });
});
