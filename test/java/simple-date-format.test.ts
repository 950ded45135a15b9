import { expect } from 'chai';
import { compileDatePattern, DatePatternError } from '../../lib/java/simple-date-format.ts';
import { goldenLines } from './golden.ts';

function answer(fields: readonly string[]): unknown {
  const [pattern = '', zone = '', ...instants] = fields;
  try {
    const format = compileDatePattern(pattern);
    return instants.map((instant) => format(Number(instant), zone));
  } catch (error) {
    if (error instanceof DatePatternError) return { error: error.message };
    throw error;
  }
}

describe('compileDatePattern', () => {
  it('prints what SimpleDateFormat prints, and refuses what it refuses', () => {
    const lines = goldenLines('java-dates/vectors');
    expect(lines.length).to.be.at.least(200);
    for (const { fields, expected } of lines) {
      expect(answer(fields), fields.join(' ')).to.deep.equal(expected);
    }
  });

  const samples = [
    { pattern: 'yyyy-MM-dd', text: '2017-05-10' },
    { pattern: 'yyyyMMddHHmmss', text: '20170510042426' },
    { pattern: 'yyyy-MM-dd HH-mm-ss', text: '2017-05-10 04-24-26' },
    { pattern: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", text: '2017-05-10T04:24:26.000Z' },
  ];
  for (const { pattern, text } of samples) {
    it(`formats 1494390266 seconds as ${text} for ${pattern}, in UTC when no zone is given`, () => {
      expect(compileDatePattern(pattern)(1_494_390_266_000)).to.equal(text);
    });
  }

  it('names the letter that it does not know, in a RangeError', () => {
    expect(() => compileDatePattern('yyyy-bb')).to.throw(
      RangeError,
      "Illegal pattern character 'b'",
    );
  });
});
