import { expect } from 'chai';
import { commonTypes, type ValueType } from '../../lib/condition/compare.ts';
import { Message } from '../../lib/message/message.ts';
import { flowValueText, type FlowValue } from '../../lib/variables/value.ts';
import { holds, type Variables } from './evaluating.ts';

/** Every spelling, with a right side for `a` = "Abc" that makes it hold and one that does not. */
const spellings: readonly (readonly [spellings: string, yes: string, no: string])[] = [
  ['= == Equals Is equals EQUALS is IS', '"Abc"', '"abc"'],
  ['!= NotEquals IsNot notequals isnot ISNOT', '"abc"', '"Abc"'],
  [':= EqualsCaseInsensitive equalscaseinsensitive', '"aBC"', '"ab"'],
  ['> GreaterThan greaterthan', '"AbB"', '"Abc"'],
  ['>= GreaterThanOrEquals GREATERTHANOREQUALS', '"Abc"', '"Abd"'],
  ['< LesserThan lesserthan', '"Abd"', '"Abc"'],
  ['<= LesserThanOrEquals lesserThanOrEquals', '"Abc"', '"AbB"'],
  ['=| StartsWith startswith', '"Ab"', '"ab"'],
  ['~ Matches Like matches LIKE', '"A*c"', '"a*c"'],
  ['~~ JavaRegex javaregex', '"[A-Z]bc"', '"[A-Z]b"'],
  ['~/ MatchesPath LikePath matchespath likepath', '"A*"', '"B*"'],
  ['!=|', '"ab"', '"Ab"'],
  ['!~', '"a*c"', '"A*c"'],
  ['!~~', '"[A-Z]b"', '"[A-Z]bc"'],
  ['!~/', '"B*"', '"A*"'],
  [':~', '"a*C"', '"b*"'],
];

describe('condition operators', () => {
  for (const [all, yes, no] of spellings) {
    for (const spelling of all.split(' ')) {
      it(`${spelling} holds for ${yes} and does not for ${no}`, () => {
        expect(holds(`a ${spelling} ${yes}`, { a: 'Abc' })).to.equal(true);
        expect(holds(`a ${spelling} ${no}`, { a: 'Abc' })).to.equal(false);
      });
      if (!/^[A-Za-z]/.test(spelling)) {
        it(`${spelling} needs no blanks around it`, () => {
          expect(holds(`a${spelling}${yes}`, { a: 'Abc' })).to.equal(true);
        });
      }
    }
  }

  for (const operator of ['Matches', 'Like', '~', 'JavaRegex', '~~', 'MatchesPath', '~/', '=|']) {
    for (const not of ['not ', 'Not ', 'NOT ', '! ', '!']) {
      it(`"a ${not}${operator}" negates ${operator}`, () => {
        expect(holds(`a ${not}${operator} "abc"`, { a: 'abc' })).to.equal(false);
        expect(holds(`a ${not}${operator} "x"`, { a: 'abc' })).to.equal(true);
      });
    }
  }

  for (const source of ['a is not null', 'a IS NOT NULL', 'a not null', 'a isnot null']) {
    it(`${source} holds for whatever is set`, () => {
      expect(holds(source, { a: '' })).to.equal(true);
      expect(holds(source)).to.equal(false);
    });
  }

  for (const [connective, both, one] of [
    ['and', true, false],
    ['And', true, false],
    ['AND', true, false],
    ['&&', true, false],
    ['or', true, true],
    ['Or', true, true],
    ['OR', true, true],
    ['||', true, true],
  ] as const) {
    it(`${connective} connects two conditions`, () => {
      const source = `a = "1" ${connective} b = "2"`;
      expect(holds(source, { a: '1', b: '2' })).to.equal(both);
      expect(holds(source, { a: '1', b: 'x' })).to.equal(one);
      expect(holds(source, { a: 'x', b: '2' })).to.equal(one);
      expect(holds(source, { a: 'x', b: 'x' })).to.equal(false);
    });
  }

  describe('with null', () => {
    const table: readonly (readonly [string, left: boolean, right: boolean, both: boolean])[] = [
      ['=', false, false, true],
      ['==', false, false, true],
      [':=', false, false, true],
      ['=|', false, false, false],
      ['!=', true, true, false],
      ['>', true, false, false],
      ['>=', false, true, true],
      ['<', true, false, false],
      ['<=', true, false, true],
      ['~', false, false, false],
      ['~~', false, false, false],
      ['!~', true, false, false],
      ['~/', false, false, false],
    ];
    for (const [operator, left, right, both] of table) {
      it(`${operator} gives ${left}, ${right} and ${both} for null left, right and on both sides`, () => {
        for (const value of ['x', 5, true]) {
          expect(holds(`u ${operator} x`, { x: value })).to.equal(left);
          expect(holds(`x ${operator} u`, { x: value })).to.equal(right);
          expect(holds(`x ${operator} null`, { x: value })).to.equal(right);
        }
        expect(holds(`u ${operator} u2`)).to.equal(both);
        expect(holds(`null ${operator} u`)).to.equal(both);
      });
    }
  });

  describe('with operands of different types', () => {
    // Columns are the left side's type, rows the right side's, as the documentation prints it.
    const columns: readonly ValueType[] = [
      'boolean',
      'integer',
      'long',
      'float',
      'double',
      'string',
    ];
    const table: Readonly<Record<ValueType, string>> = {
      boolean: 'boolean integer long float double string',
      integer: 'integer integer long float double string',
      long: 'long long long float double string',
      float: 'float float float float double string',
      double: 'double double double double double string',
      string: 'string string string string string string',
    };
    for (const right of columns) {
      it(`adapts each type and ${right} to their common type`, () => {
        const row = columns.map((left) => commonTypes[left][right]);
        expect(row.join(' ')).to.equal(table[right]);
      });
    }

    const rows: readonly (readonly [source: string, expected: boolean, values?: Variables])[] = [
      ['n = 404', true, { n: '404' }],
      ['n = 404', false, { n: '0404' }],
      ['n = 404', false, { n: '404.0' }],
      ['n = 404.0', true, { n: 404 }],
      ['n = 404.0', true, { n: '404.0' }],
      ['n = 404.0', false, { n: '404' }],
      ['n != 404.0', true, { n: '404' }],
      ['n = 404L', true, { n: 404 }],
      ['n = 404l', true, { n: '404' }],
      ['n = 5f', true, { n: '5.0' }],
      ['n = 0.1f', true, { n: '0.1' }],
      ['n = 0.1f', false, { n: 0.1 }],
      ['n = 0.5f', true, { n: 0.5 }],
      ['n = 0.1d', true, { n: 0.1 }],
      ['16777217 = 16777216f', true],
      ['n = 16777216f', true, { n: 16777217 }],
      ['16777217 = 16777216d', false],
      ['n = 9007199254740993', false, { n: 9007199254740992n }],
      ['n = 9007199254740993', true, { n: 9007199254740993n }],
      ['n = 9007199254740993', true, { n: '9007199254740993' }],
      ['n > 9007199254740992', true, { n: 9007199254740993n }],
      ['n > 9007199254740992', true, { n: '9007199254740993' }],
      ['5 = 5.0', true],
      ['"5" = 5', true],
      ['true = 1', true],
      ['false = 0', true],
      ['true > false', true],
      ['true = "true"', true],
      ['true = "TRUE"', false],
      ['f = 1', true, { f: true }],
      ['f = false', true, { f: false }],
      ['f = False', true, { f: 'false' }],
      ['f < "5"', false, { f: true }],
      ['f != true', true, { f: 'yes' }],
      ['"10" < "9"', true],
      ['n < "9"', false, { n: 10 }],
      ['n > 9', true, { n: '10' }],
      ['n > "9"', false, { n: '10' }],
      ['n >= 400', true, { n: '4e2' }],
      ['n > 0.5', true, { n: '.75' }],
      ['n > 5', false, { n: '' }],
      ['n > 5', true, { n: 'abc' }],
      ['5 < n', true, { n: 'abc' }],
      ['n < -5', true, { n: -6 }],
      ['n = -5', true, { n: -5 }],
      ['n != 0', true, { n: Number.NaN }],
      ['n = 0', false, { n: Number.NaN }],
      ['n >= 0', false, { n: Number.NaN }],
      ['n =| 40', true, { n: 404 }],
      ['n ~ "4*"', true, { n: 404 }],
      ['n ~~ "[0-9]+"', true, { n: 404 }],
      ['n := 404', true, { n: '404' }],
      ['f := "TRUE"', true, { f: true }],
      ['a := "STRASSE"', false, { a: 'straße' }],
      ['a := "STRAßE"', true, { a: 'straße' }],
      ['a < "b"', true, { a: 'B' }],
      ['a > "\ufffd"', false, { a: '\u{10000}' }],
    ];
    for (const [source, expected, values] of rows) {
      const shown = Object.entries(values ?? {}).map(
        ([name, value]) => `${name}=${flowValueText(value)}`,
      );
      it(`${source} is ${expected} (${shown.join()})`, () => {
        expect(holds(source, values)).to.equal(expected);
      });
    }

    const objects: readonly (readonly [string, FlowValue])[] = [
      ['a message', new Message('request')],
      ['a collection', ['a', 'b']],
    ];
    for (const [title, value] of objects) {
      it(`${title} compares with nothing but null`, () => {
        const values = { a: value, b: '[a, b]', p: '*' };
        for (const operator of ['=', '!=', ':=', '<', '<=', '>', '>=', '=|', '~', '~~', '~/']) {
          expect(holds(`a ${operator} b`, values), operator).to.equal(false);
          expect(holds(`b ${operator} a`, values), operator).to.equal(false);
        }
        expect(holds('a = null', values)).to.equal(false);
        expect(holds('a != null', values)).to.equal(true);
        expect(holds('a', values)).to.equal(false);
      });
    }
  });

  it('true and the text "true" are true by themselves, and nothing else is', () => {
    for (const value of [true, 'true']) expect(holds('a', { a: value })).to.equal(true);
    for (const value of [false, 'false', 'TRUE', 'yes', '', 1, 0, 1n, null]) {
      expect(holds('a', { a: value }), String(value)).to.equal(false);
      expect(holds('not a', { a: value }), String(value)).to.equal(true);
    }
    expect(holds('true')).to.equal(true);
    expect(holds('FALSE')).to.equal(false);
    expect(holds('null')).to.equal(false);
  });

  it('what decides ends the evaluation', () => {
    const evil = { a: '', b: 'a'.repeat(40), p: '(' };
    expect(holds('a = "" or b ~~ p', evil)).to.equal(true);
    expect(holds('a != "" and b ~~ p', evil)).to.equal(false);
  });
});
