import { unbounded, type Anchor, type RegexNode } from './regex/ast.ts';
import type { CharacterSet } from './regex/character-set.ts';
import { noFlags } from './regex/flags.ts';
import { parseRegex } from './regex/parse.ts';
import { widthOf } from './regex/width.ts';

/** An expression that is well formed but that no text can be made from. */
export class XegerError extends Error {
  constructor(source: string, reason: string) {
    super(`No text can be made from the regular expression ${JSON.stringify(source)}: ${reason}`);
    this.name = 'XegerError';
  }
}

/** A whole number from 0 up to, not including, `bound`. */
export type RandomBelow = (bound: number) => number;

/** Rounds that `*`, `+` and `{n,}` may take beyond their least. */
const extraRounds = 10;

/** The longest text that an expression may make, in UTF-16 units. */
const longestText = 100_000;

/**
 * Compiles an expression of java.util.regex to a source of random texts that it matches whole.
 * `*`, `+` and `{n,}` take at most ten rounds more than they must. Sets give printable ASCII
 * where they can. `^`, `$`, `\A`, `\Z` and `\z` are allowed where they hold anyway.
 * @throws {JavaRegexError} for a malformed expression
 * @throws {XegerError} for look-around, atomic groups, possessive repeats, back references, word
 *   boundaries, an empty set, or texts of more than 100 000 characters
 */
export function compileXeger(source: string): (random: RandomBelow) => string {
  const { root } = parseRegex(source, noFlags);
  const fail = (reason: string): XegerError => new XegerError(source, reason);
  const { generate, longest } = generatorOf(root, { atStart: true, atEnd: true, fail });
  if (longest > longestText)
    throw fail(`it could have ${longest} characters, more than ${longestText}`);
  return generate;
}

interface Generator {
  readonly generate: (random: RandomBelow) => string;
  readonly longest: number;
}

interface Place {
  /** Nothing can stand before. */
  readonly atStart: boolean;
  /** Nothing can stand after. */
  readonly atEnd: boolean;
  readonly fail: (reason: string) => XegerError;
}

const nothing: Generator = { generate: () => '', longest: 0 };

function generatorOf(node: RegexNode, place: Place): Generator {
  switch (node.kind) {
    case 'empty':
      return nothing;
    case 'literal':
      return { generate: () => node.text, longest: node.text.length };
    case 'set':
      return oneOf(node.set, place);
    case 'sequence': {
      const takesText = node.items.map((item) => widthOf(item).max > 0 || !widthOf(item).bounded);
      const items = node.items.map((item, index) =>
        generatorOf(item, {
          ...place,
          atStart: place.atStart && !takesText.slice(0, index).includes(true),
          atEnd: place.atEnd && !takesText.slice(index + 1).includes(true),
        }),
      );
      return {
        generate: (random) => items.map((item) => item.generate(random)).join(''),
        longest: items.reduce((sum, { longest }) => sum + longest, 0),
      };
    }
    case 'alternation': {
      const branches = node.branches.map((branch) => generatorOf(branch, place));
      return {
        generate: (random) => branches[random(branches.length)]?.generate(random) ?? '',
        longest: branches.reduce((most, { longest }) => Math.max(most, longest), 0),
      };
    }
    case 'group':
      return generatorOf(node.body, place);
    case 'repeat': {
      if (node.mode === 'possessive') throw place.fail('possessive repeats are not supported');
      const most = node.max === unbounded ? node.min + extraRounds : node.max;
      if (most === 0) return nothing;
      const once = most === 1;
      const body = generatorOf(node.body, {
        ...place,
        atStart: place.atStart && once,
        atEnd: place.atEnd && once,
      });
      return {
        generate(random) {
          const rounds = node.min + random(most - node.min + 1);
          let text = '';
          for (let round = 0; round < rounds; round++) text += body.generate(random);
          return text;
        },
        // An empty body costs time as well, so every round counts.
        longest: most * Math.max(body.longest, 1),
      };
    }
    case 'anchor':
      if (!holdsAnyway(node.anchor, place)) {
        throw place.fail('an anchor or word boundary stands inside the text');
      }
      return nothing;
    case 'line break':
      return { generate: () => '\n', longest: 1 };
    case 'grapheme':
      return oneOf(() => true, place);
    case 'look':
      throw place.fail('look-around is not supported');
    case 'atomic':
      throw place.fail('atomic groups are not supported');
    case 'back reference':
      throw place.fail('back references are not supported');
  }
}

function holdsAnyway(anchor: Anchor, { atStart, atEnd }: Place): boolean {
  switch (anchor) {
    case 'beginning':
    case 'last match':
      return atStart;
    case 'end':
    case 'line end':
    case 'unix line end':
    case 'last line end':
    case 'unix last line end':
      return atEnd;
    case 'line start':
    case 'unix line start':
    case 'word boundary':
    case 'not word boundary':
    case 'unicode word boundary':
    case 'not unicode word boundary':
      return false;
  }
}

const firstPrintable = 0x20;
const lastPrintable = 0x7e;

function oneOf(set: CharacterSet, place: Place): Generator {
  let members = membersBetween(set, firstPrintable, lastPrintable);
  if (members.length === 0) members = membersBetween(set, 0, 0xff);
  if (members.length === 0) members = membersBetween(set, 0x100, 0x10ffff);
  if (members.length === 0) throw place.fail('one of its sets has no members');
  return {
    generate: (random) => members[random(members.length)] ?? '',
    longest: Math.max(...members.map(({ length }) => length)),
  };
}

const enoughMembers = 256;

function membersBetween(set: CharacterSet, first: number, last: number): readonly string[] {
  const members: string[] = [];
  for (let codePoint = first; codePoint <= last && members.length < enoughMembers; codePoint++) {
    const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (!isSurrogate && set(codePoint)) members.push(String.fromCodePoint(codePoint));
  }
  return members;
}
