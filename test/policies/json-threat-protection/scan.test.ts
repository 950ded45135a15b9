import { expect } from 'chai';
import fc from 'fast-check';
import { scanJson, type JsonLimits } from '../../../lib/policies/json-threat-protection/scan.ts';

const unlimited: JsonLimits = {
  arrayElements: Infinity,
  depth: Infinity,
  entries: Infinity,
  nameLength: Infinity,
  textLength: Infinity,
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the scan of a JSON text', () => {
  const reasons: readonly (readonly [text: string, reason: string])[] = [
    ['', 'Expecting { or [ at line 1'],
    ['null', 'Expecting { or [ at line 1'],
    ['\n{"a" 1}', 'Expecting : at line 2'],
    ['{a:1}', 'Expecting " at line 1'],
    ['{"a":1,}', 'Expecting " at line 1'],
    ['{"a":1\n\n"b":2}', 'Expecting , or } at line 3'],
    ['[1 2]', 'Expecting , or ] at line 1'],
    ['[1,]', 'Expecting a value at line 1'],
    ['[01]', 'Expecting a value at line 1'],
    ['[nulls]', 'Expecting a value at line 1'],
    ['["\\x"]', 'Expecting an escape sequence at line 1'],
    ['["a\nb"]', 'Expecting " at line 1'],
    ['{"a":1', 'Expecting , or } at line 1'],
    ['{}{}', 'Expecting end of text at line 1'],
  ];
  for (const [text, reason] of reasons) {
    it(`says of ${JSON.stringify(text)}: ${reason}`, () => {
      expect(scanJson(text, unlimited)).to.deep.equal({ kind: 'syntax', text: reason });
    });
  }

  it('takes for JSON what JSON.parse takes for it', () => {
    const characters = Array.from('{}[]":,0189eE+-.u\\/ \n');
    const words = fc.constantFrom(...characters, 'true', 'null', '"a"', '\\n');
    const texts = fc.array(words, { maxLength: 12 }).map((list) => `[${list.join('')}]`);
    fc.assert(
      fc.property(texts, (text) => {
        expect(scanJson(text, unlimited) === undefined).to.equal(isJson(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('lets every JSON document pass whose limits are its own measures', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        const text = `[${json}]`;
        const limits = { ...unlimited, depth: depthOf(JSON.parse(text)) };
        expect(scanJson(text, limits)).to.equal(undefined);
        expect(scanJson(text, { ...limits, depth: limits.depth - 1 })?.text).to.equal(
          'Exceeded container depth at line 1',
        );
      }),
    );
  });

  it('reads ten million characters, however they nest, without a stack', () => {
    const half = 5_000_000;
    expect(scanJson('['.repeat(half) + ']'.repeat(half), unlimited)).to.equal(undefined);
    expect(scanJson('{"":'.repeat(2_500_000), unlimited)?.text).to.equal(
      'Expecting a value at line 1',
    );
    expect(scanJson('['.repeat(2 * half), { ...unlimited, depth: 20 })?.text).to.equal(
      'Exceeded container depth at line 1',
    );
    expect(scanJson(`["${'\\n'.repeat(half)}"`, unlimited)?.text).to.equal(
      'Expecting , or ] at line 1',
    );
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
