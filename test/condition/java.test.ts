import { expect } from 'chai';
import { equalsIgnoringCase } from '../../lib/condition/compare.ts';
import { javaDoubleText, javaFloatText } from '../../lib/condition/java-number-text.ts';
import { goldenLines } from '../java/golden.ts';

function answer([kind, one = '', other = '']: readonly string[]): unknown {
  if (kind === 'double') return javaDoubleText(Number(one));
  if (kind === 'float') return javaFloatText(Math.fround(Number(one)));
  return equalsIgnoringCase(one, other);
}

describe('operands of conditions', () => {
  it('have the texts that Java gives them, and are alike where Java ignores their case', () => {
    const lines = goldenLines('conditions/vectors');
    expect(lines).to.have.length.above(200);
    for (const { fields, expected } of lines) {
      expect(answer(fields), fields.join(' ')).to.equal(expected);
    }
  });
});
