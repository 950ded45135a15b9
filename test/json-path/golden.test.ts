import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { compileJsonPath, JsonPathError } from '../../lib/json-path/json-path.ts';

type Outcome =
  { readonly invalid: true } | { readonly definite: boolean; readonly found: readonly unknown[] };

type Recorded = Outcome | { readonly definite: boolean; readonly exception: string };

interface Document {
  readonly name: string;
  readonly json: string;
  readonly vectors: readonly (readonly [path: string, recorded: Recorded])[];
}

const file = new URL('../../fixtures/golden/json-path/vectors.json', import.meta.url);
const documents = JSON.parse(readFileSync(file, 'utf8')) as readonly Document[];

/** Where we choose not to do what Jayway 2.10 does: what we find, and why. */
const decided: Readonly<
  Record<string, readonly [found: readonly unknown[] | 'invalid', why: string]>
> = {
  // 2.10 takes every item where a scan meets an indexed or wildcard step that is not the last, then drops
  // some by the number of an item seen before; 2.0 finds nothing at all. We apply the step as written.
  '$..*.k': [[1, 1], 'scan and wildcard'],
  '$..[*].a': [[5, 1, 2], 'scan and wildcard'],
  '$..*.a': [[5, 1, 2], 'scan and wildcard'],
  '$..[0].b.c': [[1], 'scan and index'],
  '$..[0][1]': [[2], 'scan and index'],
  '$..[0:2].a': [[1, 2], 'scan and slice'],
  '$..[0:2].b.c': [[1, 2], 'scan and slice'],
  '$..[0,1].a': [[1, 2], 'scan and indexes'],
  '$..[0,1].b.c': [[1, 2], 'scan and indexes'],
  '$.concat("a,b")': [['a,b'], 'Jayway loses a comma in a string'],
  '$.concat("a)b")': [['a)b'], 'Jayway ends the parameters at a parenthesis in a string'],
  '$.length($.shop.items)': [[4], 'Jayway counts the members of the document instead'],
  '$.length($.shop)': [[5], 'Jayway counts the members of the document instead'],
  "$['\\u00']": ['invalid', 'Jayway drops an escape that is cut off'],
  '$.shop.items[?(@.stock.keys() size 2)].title': [['Salt Roads'], 'Jayway cannot compare names'],
  "$.shop.items[?(@.stock.keys() contains 'north')].title": [
    ['Salt Roads', 'The Quiet Lathe'],
    'Jayway cannot compare names',
  ],
  "$.list[?(@['@id']['x y'])]": [
    [],
    'Jayway loses its way at blanks in the second of two brackets',
  ],
  "$['a b', x 'a.b']": ['invalid', 'Jayway passes over what stands between two names'],
  "$.list[?(@['a-b'] in [1,,2])]": ['invalid', 'Jayway reads a literal only when it runs'],
  // [(@.length-N)] is what Jayway 2.0 and its elders accepted.
  '$.s[(@.length-1)]': [[{ b: { c: 3 } }], 'kept from Jayway 2.0'],
  '$.s[(@.length-2)].a': [[2], 'kept from Jayway 2.0'],
  '$.s[(@.length-9)]': [[], 'kept from Jayway 2.0'],
  '  $.o.a': [[5], 'Jayway 2.0 accepts leading blanks, 2.10 does not'],
};

/** A JavaScript object lists names that look like indexes first, so only the set of values is the same. */
const unordered = new Set(['odd names: $.*']);

function outcomeOf(json: string, path: string): Outcome {
  try {
    const compiled = compileJsonPath(path);
    return { definite: compiled.definite, found: compiled.select(JSON.parse(json)) };
  } catch (error) {
    if (error instanceof JsonPathError) return { invalid: true };
    throw error;
  }
}

describe('JSONPath against Jayway JsonPath', () => {
  for (const { name, json, vectors } of documents) {
    const agreed = vectors.filter(([path]) => !Object.hasOwn(decided, path));
    it(`finds what Jayway finds in the document "${name}" (${agreed.length} paths)`, () => {
      for (const [path, recorded] of agreed) {
        // Where Jayway compiles a path and then throws, there is nothing to find.
        const expected =
          'exception' in recorded ? { definite: recorded.definite, found: [] } : recorded;
        const actual = outcomeOf(json, path);
        if (unordered.has(`${name}: ${path}`) && 'found' in actual && 'found' in expected) {
          expect(actual.found, path).to.have.deep.members([...expected.found]);
        } else expect(actual, path).to.deep.equal(expected);
      }
    });
  }

  for (const [path, [found, why]] of Object.entries(decided)) {
    it(`reads ${path} differently: ${why}`, () => {
      const document = documents.find((each) => each.vectors.some(([vector]) => vector === path));
      expect(document, path).to.exist;
      const outcome = outcomeOf(document?.json ?? '', path);
      expect('found' in outcome ? outcome.found : 'invalid').to.deep.equal(found);
    });
  }
});
