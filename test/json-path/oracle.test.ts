import { expect } from 'chai';
import fc from 'fast-check';
import { JSONPath } from 'jsonpath-plus';
import { compileJsonPath } from '../../lib/json-path/json-path.ts';

/**
 * jsonpath-plus reads much of the language in another way than Jayway. Where both agree on what a path
 * means (members, wildcards and scans by name over objects), it is a second opinion that needs no Java.
 */

const name = fc.constantFrom('a', 'b', 'c', 'd e', 'f-g');

const document = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof({ maxDepth: 4 }, fc.integer(), fc.constantFrom('x', 'y', true), tie('object')),
})).object;

const step = fc.oneof(
  name.map((member) => ({ ours: `['${member}']`, theirs: [member] })),
  fc.constant({ ours: '[*]', theirs: ['*'] }),
  name.map((member) => ({ ours: `..['${member}']`, theirs: ['..', member] })),
);

describe('compileJsonPath against jsonpath-plus', () => {
  it('finds the same values by members, wildcards and scans', () => {
    let found = 0;
    fc.assert(
      fc.property(document, fc.array(step, { minLength: 1, maxLength: 4 }), (json, steps) => {
        const path = compileJsonPath(`$${steps.map(({ ours }) => ours).join('')}`);
        const theirs = JSONPath<unknown[]>({
          path: ['$', ...steps.flatMap((part) => part.theirs)],
          json,
          eval: false,
          wrap: true,
        });
        const ours = path.select(json);
        found += ours.length;
        expect(sorted(ours)).to.deep.equal(sorted(theirs));
      }),
      { numRuns: 500 },
    );
    expect(found).to.be.above(100);
  });
});

/** The order of a scan differs between the two, so values are compared as a set with counts. */
function sorted(values: readonly unknown[]): readonly string[] {
  return values.map((value) => JSON.stringify(value)).sort();
}
