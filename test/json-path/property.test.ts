import { expect } from 'chai';
import fc from 'fast-check';
import { compileJsonPath, JsonPathError } from '../../lib/json-path/json-path.ts';

interface Place {
  readonly path: string;
  readonly value: unknown;
}

function quoted(name: string, quote: string): string {
  return `[${quote}${name.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}]`;
}

/** A place inside `root`, walked by `choices`; names and indexes are written in one of the allowed ways. */
function placeIn(root: unknown, choices: readonly number[]): Place {
  let path = '$';
  let value = root;
  for (const choice of choices) {
    if (Array.isArray(value) && value.length > 0) {
      const index = choice % value.length;
      path += choice % 2 === 0 ? `[${index}]` : `[${index - value.length}]`;
      value = value[index];
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const entries: [string, unknown][] = Object.entries(value);
      const entry = entries.at(choice % Math.max(1, entries.length));
      if (entry === undefined) break;
      const [name, inner] = entry;
      if (/^\w+$/.test(name) && choice % 3 === 0) path += `.${name}`;
      else path += quoted(name, choice % 2 === 0 ? "'" : '"');
      value = inner;
    } else break;
  }
  return { path, value };
}

const pathPieces = fc.constantFrom(
  ...[
    '$',
    '@',
    '.',
    '..',
    '*',
    '[',
    ']',
    '(',
    ')',
    '?',
    "'",
    '"',
    ',',
    ':',
    '-',
    '0',
    '1',
    'a',
    'b',
  ],
  ...[
    ' ',
    '==',
    '!=',
    '<',
    '=~',
    '!',
    '&&',
    '||',
    ' in ',
    ' size ',
    '/',
    '\\',
    '{',
    '}',
    'null',
    'true',
  ],
  ...[
    '[?(',
    ')]',
    '@.a',
    '$.a',
    '.length()',
    '.concat(',
    '[(@.length-1)]',
    "['a']",
    '[0]',
    '[1:]',
    '[*]',
  ],
);

function compilesOrRefuses(path: string): void {
  try {
    const compiled = compileJsonPath(path);
    expect(compiled.select({ a: [{ a: 1 }, 'b', null], b: 'a' })).to.be.an('array');
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    expect(error.position).to.be.within(0, path.length);
  }
}

describe('JSONPath, whatever it is given', () => {
  it('finds exactly the value at the place that a definite path names', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.nat()), (root, choices) => {
        const { path, value } = placeIn(root, choices);
        const compiled = compileJsonPath(path);
        expect(compiled.definite, path).to.be.true;
        const found = compiled.select(root);
        expect(found, path).to.have.length(1);
        expect(found[0], path).to.equal(value);
      }),
      { numRuns: 500 },
    );
  });

  it('scans every value below the root once, and no other', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (root) => {
        const values: unknown[] = [];
        const collect = (value: unknown): void => {
          if (typeof value !== 'object' || value === null) return;
          const inner: unknown[] = Object.values(value);
          values.push(...inner);
          inner.forEach(collect);
        };
        collect(root);
        expect(compileJsonPath('$..*').select(root)).to.deep.equal(values);
      }),
      { numRuns: 200 },
    );
  });

  it('compiles any text or says where it cannot', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), compilesOrRefuses), { numRuns: 500 });
    fc.assert(fc.property(fc.string(), compilesOrRefuses), { numRuns: 500 });
  });

  it('compiles any row of its own signs or says where it cannot', () => {
    fc.assert(
      fc.property(fc.array(pathPieces, { maxLength: 14 }), (pieces) => {
        compilesOrRefuses(pieces.join(''));
        compilesOrRefuses(`$.a[?(${pieces.join('')})]`);
      }),
      { numRuns: 3000 },
    );
  });
});
