import { expect } from 'chai';
import { compileJsonPath, JsonPathError } from '../../lib/json-path/json-path.ts';

function select(path: string, root: unknown): readonly unknown[] {
  return compileJsonPath(path).select(root);
}

/** A document that holds itself `depth` times, made without recursion. */
function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let document: unknown = { bottom: true };
  for (let level = 0; level < depth; level++) document = wrap(document);
  return document;
}

function errorOf(run: () => unknown): JsonPathError {
  try {
    run();
  } catch (error) {
    if (error instanceof JsonPathError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('JSONPath', () => {
  const found: readonly (readonly [
    title: string,
    path: string,
    root: unknown,
    values: unknown[],
  ])[] = [
    ['a member', '$.location.lat', { location: { lat: 37.4 } }, [37.4]],
    ['a list whole (mediation 80)', '$.items', { items: [{ a: 1 }] }, [[{ a: 1 }]]],
    ['all items (mediation 81)', '$.items[*].a', { items: [{ a: 1 }, { a: 2 }] }, [1, 2]],
    [
      'what a filter accepts (mediation 82)',
      '$.u[?(@.c==2)].name',
      {
        u: [
          { c: 1, name: 'W' },
          { c: 2, name: 'X' },
        ],
      },
      ['X'],
    ],
    ['nothing where nothing is (mediation 83)', '$.missing', {}, []],
    ['every item (servicecallout 195)', '$.a[*]', { a: ['x', 'y'] }, ['x', 'y']],
    ['a list by a dot before its bracket', '$.[0].lat', [{ lat: 1 }], [1]],
    [
      'the last part of the last content',
      '$.contents[-1].parts[-1].text',
      { contents: [{ parts: [{ text: 'a' }, { text: 'b' }] }] },
      ['b'],
    ],
    ['null as a value', '$.a', { a: null }, [null]],
    ['an empty name', "$['']", { '': 1 }, [1]],
  ];
  for (const [title, path, root, values] of found) {
    it(`finds ${title}: ${path}`, () => {
      expect(select(path, root)).to.deep.equal(values);
    });
  }

  const kinds: readonly (readonly [path: string, definite: boolean])[] = [
    ['$', true],
    ['$.a.b[0]', true],
    ["$['a','b']", true],
    ["$['a','b'].c", false],
    ['$.a[0,1]', false],
    ['$.a[0:1]', false],
    ['$.a[*]', false],
    ['$..a', false],
    ['$.a[?(@.b)]', false],
    ['$.a.length()', true],
    ['$..a.sum()', true],
    ['$.a[*].length()', false],
  ];
  for (const [path, definite] of kinds) {
    it(`calls ${path} ${definite ? 'definite' : 'indefinite'}`, () => {
      expect(compileJsonPath(path)).to.include({ source: path, definite });
    });
  }

  const malformed: readonly (readonly [path: string, position: number, message: RegExp])[] = [
    ['', 0, /empty/],
    ['$.', 1, /does not end with '\.'/],
    ['$x', 1, /expected '\.' or '\['/],
    ['$.a..', 4, /does not end/],
    ['$...a', 3, /'\.' is not expected/],
    ['$.a b', 3, /brackets/],
    ["$['a", 2, /not closed/],
    ["$['a' 'b']", 6, /expected ',' or '\]'/],
    ['$.a[x]', 4, /expected a quoted name/],
    ['$.a[1-2]', 4, /not an index/],
    ['$.a[:]', 4, /slice/],
    ['$.a[?(@.b == )]', 13, /expected a path, a string/],
    ['$.a[?(@.b ~~ 1)]', 10, /'~~' is not an operator/],
    ['$.a[?(@.b]', 5, /not closed/],
    ['$.a[?(@.b == 1]', 5, /not closed/],
    ['$.a.min(', 7, /not closed/],
    ['a b', 1, /brackets/],
    ['  $.a[]', 6, /expected a quoted name/],
  ];
  for (const [path, position, message] of malformed) {
    it(`says where ${JSON.stringify(path)} stops making sense`, () => {
      const error = errorOf(() => compileJsonPath(path));
      expect(error.message).to.match(message);
      expect(error.position).to.equal(position);
    });
  }

  describe('bounds', () => {
    const depth = 100_000;
    const shapes: readonly (readonly [string, (inner: unknown) => unknown])[] = [
      ['objects', (inner) => ({ a: inner })],
      ['lists', (inner) => [inner]],
    ];
    for (const [name, wrap] of shapes) {
      it(`scans ${depth} nested ${name}`, () => {
        expect(select('$..bottom', nested(depth, wrap))).to.deep.equal([true]);
      });

      it(`compares ${depth} nested ${name}`, () => {
        const root = [{ v: nested(depth, wrap) }, { v: nested(depth, wrap) }];
        expect(select('$[?(@.v == $[1].v)]', root)).to.have.length(2);
      });
    }

    it('walks a path of very many steps', () => {
      const root = nested(20_000, (inner) => ({ a: inner }));
      expect(select(`$${'.a'.repeat(20_000)}.bottom`, root)).to.deep.equal([true]);
    });

    const wide = Array.from({ length: 2000 }, (_, index) => ({ list: [index, { index }] }));
    const deep = nested(20_000, (inner) => ({ a: inner }));
    const explosions: readonly (readonly [string, unknown])[] = [
      ['$..*..*..*..*..*..*', deep],
      ['$..[?(@..bottom)]', deep],
      ['$..[?(@..[?(@..bottom)])]', deep],
      ['$[?($..index size 2000)]', wide],
      [`$[${'0,'.repeat(3000)}0]${'..*'.repeat(8)}`, [nested(200, (inner) => [inner, inner])]],
    ];
    for (const [path, root] of explosions) {
      it(`gives up ${path.slice(0, 40)}`, () => {
        const compiled = compileJsonPath(path);
        expect(errorOf(() => compiled.select(root)).message).to.match(/visits more than/);
      });
    }

    const towers: readonly (readonly [string, string])[] = [
      ['parentheses', `$[?(${'('.repeat(100_000)}@.a${')'.repeat(100_000)})]`],
      ['negations', `$[?(${'!'.repeat(100_000)}(@.a))]`],
      ['filters', `$${'[?(@'.repeat(20_000)}${')]'.repeat(20_000)}`],
      ['lists', `$[?(@.a in ${'['.repeat(100_000)}${']'.repeat(100_000)})]`],
      ['functions', `$${'.sum($'.repeat(20_000)}${')'.repeat(20_000)}`],
    ];
    for (const [name, path] of towers) {
      it(`refuses towers of ${name}`, () => {
        const error = errorOf(() => compileJsonPath(path));
        expect(error.message).to.match(/nests deeper/);
        expect(error.position).to.be.within(0, path.length);
      });
    }

    const slow = Array.from({ length: 1000 }, () => 'a'.repeat(20));
    it('gives up a regular expression that is slow on every item', () => {
      const compiled = compileJsonPath('$[?(@ =~ /(a|aa)+b/)]');
      expect(errorOf(() => compiled.select(slow)).message).to.match(/visits more than|given up/);
    });

    it('gives up a regular expression that never ends', () => {
      const compiled = compileJsonPath('$[?(@ =~ /(a+)+b/)]');
      const error = errorOf(() => compiled.select(['a'.repeat(5000)]));
      expect(error.message).to.match(/given up/);
    });

    it('reads a filter of very many conditions', () => {
      const path = `$[?(${'(@.a)||'.repeat(30_000)}(@.b))]`;
      expect(select(path, [{ b: 1 }, { c: 1 }])).to.deep.equal([{ b: 1 }]);
    });

    it('keeps nothing of the paths it compiled', () => {
      const path = compileJsonPath('$.a[?(@.b == 1)]');
      expect(path.select({ a: [{ b: 1 }] })).to.have.length(1);
      expect(path.select({ a: [{ b: 2 }] })).to.deep.equal([]);
    });

    it('does not change the document', () => {
      const root = Object.freeze({ a: Object.freeze([1]) });
      expect(select('$.a.append(2)', root)).to.deep.equal([[1, 2]]);
      expect(root.a).to.deep.equal([1]);
    });
  });
});
