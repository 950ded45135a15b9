import { expect } from 'chai';
import {
  compileJavaRegex,
  JavaRegexBudgetError,
  JavaRegexError,
  JavaReplacementError,
} from '../../../lib/java/regex/java-regex.ts';

const evil = [
  '(a+)+$',
  '([a-zA-Z]+)*$',
  '(a|aa)+$',
  '(a|a?)+$',
  '(.*a){20}',
  '(.*)*x',
  '(a*)*b',
  '(a+)*b',
  '((a+)+)+b',
  '(a|b|ab)*c',
  '(\\w+\\s?)*$!',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '([a-z]+)*=',
  '(?:a*)*(?:a*)*b',
  '(a?){50}a{50}b',
  'a*a*a*a*a*b',
  '.*.*.*=.*x',
  '(x+x+)+y',
  '^(\\d+)*$x',
  '(.+)+\\1x',
  '(a*)+\\1b',
  '(?=(a+)+b)a',
  '(?<=(?:a{1,100})b)x',
  '(\\s*\\S*)*z',
  '^([\\w.]+)*@',
  '(?:(?:a|b)+)+c',
  '(a{1,30}){1,30}b',
  '(([^,]*),?)*;',
  '(?>a*)*(a*)*b',
  '(a+?)+?b',
  '(a++)*+b(a*)*c',
  '(aa|a)*(aa|a)*c',
];

/** A verdict, or that the budget ended the match; anything else fails the test. */
function verdict(source: string, input: string): string {
  try {
    return compileJavaRegex(source).find(input) === null ? 'none' : 'match';
  } catch (error) {
    if (error instanceof JavaRegexBudgetError) return 'budget';
    throw error;
  }
}

describe('compileJavaRegex', () => {
  it('gives a malformed expression its place and a caret, as PatternSyntaxException does', () => {
    expect(() => compileJavaRegex('a(b'))
      .to.throw(JavaRegexError, 'Unclosed group near index 3\na(b')
      .that.includes({ description: 'Unclosed group', position: 3, pattern: 'a(b' });
    expect(() => compileJavaRegex('a**')).to.throw(
      "Dangling meta character '*' near index 2\na**\n  ^",
    );
  });

  it('refuses an unknown flag', () => {
    expect(() => compileJavaRegex('a', 'g')).to.throw(RangeError, '"g"');
  });

  it('refuses nesting that would exhaust the stack', () => {
    for (const opening of ['(', '[', '(?:', '(?=']) {
      expect(() => compileJavaRegex(opening.repeat(100_000))).to.throw(JavaRegexError, 'nested');
    }
  });

  it('takes very long lists of branches and of class members', () => {
    const branches = Array.from({ length: 20_000 }, (_, index) => `b${index}`).join('|');
    expect(compileJavaRegex(branches).find('xb19999')?.start).to.equal(1);
    const members = String.fromCodePoint(
      ...Array.from({ length: 20_000 }, (_, index) => 0x4e00 + index),
    );
    expect(compileJavaRegex(`[${members}]+`).find('ab\u5000\u5001')?.start).to.equal(2);
  });

  it('finds from a place, where \\G holds', () => {
    expect(compileJavaRegex('\\Ga').find('bab', 1)).to.deep.equal({
      start: 1,
      end: 2,
      groups: ['a'],
    });
    expect(compileJavaRegex('\\Ga').find('bab')).to.equal(null);
    expect(compileJavaRegex('^a').find('ba', 1)).to.equal(null);
  });

  it('replaces only the first match with replaceFirst', () => {
    expect(compileJavaRegex('[0-9]').replaceFirst('a1b2', 'X')).to.equal('aXb2');
    expect(compileJavaRegex('x').replaceFirst('a1b2', 'X')).to.equal('a1b2');
  });

  it('looks at a replacement only when there is a match, as Java does', () => {
    expect(compileJavaRegex('x').replaceAll('abc', '$7')).to.equal('abc');
    expect(() => compileJavaRegex('b').replaceAll('abc', '$7')).to.throw(
      JavaReplacementError,
      'No group 7',
    );
  });

  it('names its groups', () => {
    const { groupNames } = compileJavaRegex('(?<year>\\d+)-(x)(?<month>\\d+)');
    expect([...groupNames]).to.deep.equal([
      ['year', 1],
      ['month', 3],
    ]);
  });

  it('ends every catastrophic expression on 50 kB with a verdict or a budget error', function () {
    this.timeout(60_000);
    const seen = new Set<string>();
    for (const source of evil) {
      for (const end of ['', '!']) seen.add(verdict(source, 'a'.repeat(50_000) + end));
    }
    expect([...seen].sort()).to.deep.equal(['budget', 'match', 'none']);
  });

  it('ends the same match after the same budget every time', () => {
    const regex = compileJavaRegex('(a+)+b');
    const enough = (budget: number): boolean => {
      try {
        regex.find('a'.repeat(12), 0, budget);
        return true;
      } catch {
        return false;
      }
    };
    let low = 1;
    let high = 2_000_000;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (enough(middle)) high = middle;
      else low = middle + 1;
    }
    expect([enough(low - 1), enough(low), enough(low - 1), enough(low)]).to.deep.equal([
      false,
      true,
      false,
      true,
    ]);
  });

  it('shares one budget among all matches of a replaceAll', () => {
    const regex = compileJavaRegex('(?:a|b)c');
    expect(() => regex.replaceAll('ad'.repeat(1_000), '', 100)).to.throw(JavaRegexBudgetError);
    expect(regex.replaceAll('bc'.repeat(10), '-', 100)).to.equal('-'.repeat(10));
  });

  it('counts a grapheme as dearer than a character', () => {
    const input = 'a'.repeat(1_000);
    expect(compileJavaRegex('.*').matches(input, 5_000)?.end).to.equal(1_000);
    expect(() => compileJavaRegex('\\X*').matches(input, 15_000)).to.throw(JavaRegexBudgetError);
    expect(compileJavaRegex('\\X*').matches(input, 50_000)?.end).to.equal(1_000);
  });

  it('matches a megabyte through a loop without exhausting the stack', () => {
    const input = 'ab'.repeat(500_000);
    expect(compileJavaRegex('(a|b)*').matches(input, 1e8)?.end).to.equal(1_000_000);
    expect(compileJavaRegex('(?:ab)*').matches(input, 1e8)?.end).to.equal(1_000_000);
    expect(compileJavaRegex('(.)*?').matches(input, 1e8)?.groups[1]).to.equal('b');
    expect(compileJavaRegex('[ab]*').matches(input)?.end).to.equal(1_000_000);
  });

  it('searches a megabyte for what is not there within the default budget', () => {
    const input = 'a'.repeat(1_000_000);
    for (const source of ['.*foo.*', 'foo', '[0-9]+', '^Bearer (.+)$', '"id"\\s*:\\s*"([^"]+)"']) {
      expect(compileJavaRegex(source).find(input), source).to.equal(null);
    }
  });
});
