import { expect } from 'chai';
import {
  compileJavaRegex,
  JavaRegexError,
  JavaReplacementError,
  type JavaRegex,
} from '../../../lib/java/regex/java-regex.ts';
import { goldenLines } from '../golden.ts';

function replaceAll(regex: JavaRegex, input: string, replacement: string): unknown {
  try {
    return regex.replaceAll(input, replacement);
  } catch (error) {
    if (error instanceof JavaReplacementError) return { error: error.message };
    throw error;
  }
}

function answer(fields: readonly string[]): unknown {
  const [source = '', flags = '', replacement = '', ...inputs] = fields;
  let regex: JavaRegex;
  try {
    regex = compileJavaRegex(source, flags);
  } catch (error) {
    if (error instanceof JavaRegexError) return { error: [error.description, error.position] };
    throw error;
  }
  return inputs.map((input) => [
    regex.matches(input)?.groups ?? null,
    [...regex.findAll(input)].map(({ start, end, groups }) => [start, end, ...groups]),
    replaceAll(regex, input, replacement),
  ]);
}

const collections = [
  { name: 'chosen', title: 'every construct, as Java does', least: 2000 },
  { name: 'generated', title: 'every expression of three characters, as Java does', least: 3000 },
  { name: 'random', title: 'expressions made at random, as Java does', least: 1000 },
];

describe('Java regular expressions', () => {
  for (const { name, title, least } of collections) {
    it(`match, fail and are refused: ${title}`, () => {
      const lines = goldenLines(`java-regex/${name}`);
      expect(lines.length).to.be.at.least(least);
      for (const { fields, expected } of lines) {
        expect(answer(fields), JSON.stringify(fields)).to.deep.equal(expected);
      }
    });
  }
});
