import {
  unbounded,
  type ParsedRegex,
  type RegexNode,
  type RepeatMode,
  type RepeatNode,
} from './ast.ts';
import { singleSet, type CharacterSet } from './character-set.ts';
import { switchFlag, type Flags } from './flags.ts';
import { readGroupName } from './group-name.ts';
import { readClass } from './parse-class.ts';
import { readEscape } from './parse-escape.ts';
import { readProperty } from './parse-property.ts';
import { isAsciiDigit, PatternReader } from './pattern-reader.ts';
import { everyCharacter, notLineFeed, notLineTerminator } from './predefined-set.ts';
import { expandQuotes } from './quoting.ts';
import { widthOf } from './width.ts';

/** Groups inside groups that one expression may have; more would only exhaust the stack. */
const deepestGroup = 500;

const code = (character: string): number => character.codePointAt(0) ?? 0;
const star = code('*');
const plus = code('+');
const question = code('?');
const openBrace = code('{');
const closeBrace = code('}');
const openParenthesis = code('(');
const closeParenthesis = code(')');
const bar = code('|');
const backslash = code('\\');

const empty: RegexNode = { kind: 'empty' };

/**
 * Reads an expression in the syntax of java.util.regex.Pattern.
 * @throws {JavaRegexError} with Java's description and index
 */
export function parseRegex(source: string, flags: Flags): ParsedRegex {
  const codePoints = Array.from(source).map((character) => character.codePointAt(0) ?? 0);
  return new Parser(new PatternReader(expandQuotes(codePoints), flags)).parse();
}

/** An expression under the LITERAL flag: every character stands for itself. */
export function literalRegex(source: string, flags: Flags): ParsedRegex {
  return {
    root: literalNode(source, flags),
    groupCount: 1,
    groupNames: new Map(),
    hasBackReference: false,
    stepsByCodePoint: /[\ud800-\udfff]/.test(source) || (flags.ignoreCase && flags.unicodeCase),
  };
}

function literalNode(text: string, flags: Flags): RegexNode {
  if (!flags.ignoreCase) return { kind: 'literal', text };
  const items = Array.from(text).map((character): RegexNode => ({
    kind: 'set',
    set: singleSet(code(character), flags),
  }));
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'sequence', items };
}

/** A group as it was opened, before any quantifier. */
interface OpenedGroup {
  readonly node: RegexNode;
  /** Flags as they were before the group. */
  readonly flags: Flags;
}

class Parser {
  readonly #reader: PatternReader;
  readonly #names = new Map<string, number>();
  #groupCount = 1;
  #depth = 0;
  #hasBackReference = false;

  constructor(reader: PatternReader) {
    this.#reader = reader;
  }

  parse(): ParsedRegex {
    const root = this.#alternation();
    const reader = this.#reader;
    // An escape without a character takes the cursor past the end.
    if (reader.cursor !== reader.length) {
      throw reader.error(
        reader.peek() === closeParenthesis ? "Unmatched closing ')'" : 'Unexpected internal error',
      );
    }
    return {
      root,
      groupCount: this.#groupCount,
      groupNames: this.#names,
      hasBackReference: this.#hasBackReference,
      stepsByCodePoint: reader.stepsByCodePoint,
    };
  }

  #alternation(): RegexNode {
    const branches = [this.#sequence()];
    while (this.#reader.peek() === bar) {
      this.#reader.next();
      branches.push(this.#sequence());
    }
    const [only] = branches;
    if (branches.length === 1 && only !== undefined) return only;
    return { kind: 'alternation', branches };
  }

  #sequence(): RegexNode {
    const reader = this.#reader;
    const items: RegexNode[] = [];
    for (;;) {
      const codePoint = reader.peek();
      if (codePoint === bar || codePoint === closeParenthesis) break;
      if (codePoint === 0 && reader.atEnd) break;
      if (codePoint === openParenthesis) {
        const node = this.#group();
        if (node !== undefined) items.push(node);
        continue;
      }
      items.push(this.#closure(this.#atom(codePoint)));
    }
    const [only] = items;
    if (only === undefined) return empty;
    return items.length === 1 ? only : { kind: 'sequence', items };
  }

  #atom(codePoint: number): RegexNode {
    const reader = this.#reader;
    const { flags } = reader;
    switch (String.fromCodePoint(codePoint)) {
      case '[':
        return this.#set(readClass(reader, this.#groups()));
      case '\\': {
        const letter = reader.nextExactly();
        if (letter === 0x70 || letter === 0x50) {
          return this.#set(readProperty(reader, letter === 0x50));
        }
        reader.unread();
        return this.#literal();
      }
      case '^':
        reader.next();
        if (!flags.multiline) return { kind: 'anchor', anchor: 'beginning' };
        return { kind: 'anchor', anchor: flags.unixLines ? 'unix line start' : 'line start' };
      case '$':
        reader.next();
        if (!flags.multiline) {
          return {
            kind: 'anchor',
            anchor: flags.unixLines ? 'unix last line end' : 'last line end',
          };
        }
        return { kind: 'anchor', anchor: flags.unixLines ? 'unix line end' : 'line end' };
      case '.':
        reader.next();
        if (flags.dotAll) return { kind: 'set', set: everyCharacter };
        return { kind: 'set', set: flags.unixLines ? notLineFeed : notLineTerminator };
      case '*':
      case '+':
      case '?':
        reader.next();
        throw reader.error(`Dangling meta character '${String.fromCodePoint(codePoint)}'`);
      default:
        return this.#literal();
    }
  }

  /** Characters in a row, without the last one when a quantifier follows it. */
  #literal(): RegexNode {
    const reader = this.#reader;
    const { flags } = reader;
    let text = '';
    let count = 0;
    let lastStart = -1;
    let lastLength = 0;
    let codePoint = reader.peek();
    for (;;) {
      if (
        codePoint === star ||
        codePoint === plus ||
        codePoint === question ||
        codePoint === openBrace
      ) {
        if (count > 1) {
          reader.cursor = lastStart;
          text = text.slice(0, -lastLength);
        }
        break;
      }
      if ('$.^([|)'.includes(String.fromCodePoint(codePoint))) break;
      if (codePoint === 0 && reader.atEnd) break;
      let member = codePoint;
      if (codePoint === backslash) {
        const letter = reader.nextExactly();
        const isProperty = letter === 0x70 || letter === 0x50;
        reader.unread();
        if (isProperty) break;
        const before = reader.cursor;
        const escape = this.#escape(count === 0);
        if (escape === undefined) {
          reader.cursor = before;
          break;
        }
        if (typeof escape !== 'number') return escape;
        lastStart = before;
        member = escape;
        codePoint = reader.peek();
      } else {
        lastStart = reader.cursor;
        codePoint = reader.next();
      }
      if (member > 0xffff || (member >= 0xd800 && member <= 0xdfff))
        this.#reader.stepsByCodePoint = true;
      if (flags.ignoreCase && flags.unicodeCase) this.#reader.stepsByCodePoint = true;
      const character = String.fromCodePoint(member);
      lastLength = character.length;
      text += character;
      count++;
    }
    return count === 1 && !flags.ignoreCase ? { kind: 'literal', text } : literalNode(text, flags);
  }

  /** A character, or (only where it may start an atom) what else an escape stands for. */
  #escape(startsAtom: boolean): number | RegexNode | undefined {
    const escape = readEscape(this.#reader, this.#groups(), 'outside');
    if (escape.kind === 'character') return escape.codePoint;
    if (!startsAtom) return undefined;
    if (escape.kind === 'set') return this.#set(escape.set);
    if (escape.node.kind === 'back reference') this.#hasBackReference = true;
    return escape.node;
  }

  #set(set: CharacterSet): RegexNode {
    const { ignoreCase, unicodeCase } = this.#reader.flags;
    // Java goes by how the set is written; some of its members are a good sign of it.
    const hasPairs = [0x10400, 0x1f600, 0x20000, 0x10ffff].some(set);
    if (hasPairs || (ignoreCase && unicodeCase)) this.#reader.stepsByCodePoint = true;
    return { kind: 'set', set };
  }

  #groups() {
    return { count: this.#groupCount, names: this.#names };
  }

  /** Undefined for `(?i)` and its like, which only switch flags. */
  #group(): RegexNode | undefined {
    const reader = this.#reader;
    if (++this.#depth > deepestGroup) throw reader.error('Expression is nested too deeply');
    const opened = this.#openGroup();
    this.#depth--;
    if (opened === undefined) return undefined;
    reader.accept(closeParenthesis, 'Unclosed group');
    reader.flags = opened.flags;
    return this.#closure(opened.node);
  }

  #openGroup(): OpenedGroup | undefined {
    const reader = this.#reader;
    const { flags } = reader;
    if (reader.next() !== question) {
      const index = this.#groupCount++;
      return { node: { kind: 'group', index, body: this.#alternation() }, flags };
    }
    const marker = reader.skip();
    switch (String.fromCodePoint(marker)) {
      case ':':
        return { node: { kind: 'group', index: null, body: this.#alternation() }, flags };
      case '=':
      case '!':
        return { node: this.#lookAhead(marker === code('!')), flags };
      case '>':
        return { node: { kind: 'atomic', body: this.#alternation() }, flags };
      case '<': {
        const codePoint = reader.read();
        if (codePoint === code('=') || codePoint === code('!')) {
          return { node: this.#lookBehind(codePoint === code('!')), flags };
        }
        return { node: this.#namedGroup(codePoint), flags };
      }
      case '$':
      case '@':
        throw reader.error('Unknown group type');
      default: {
        reader.unread();
        this.#switchFlags();
        const closing = reader.read();
        if (closing === closeParenthesis) return undefined;
        if (closing !== code(':')) throw reader.error('Unknown inline modifier');
        return { node: { kind: 'group', index: null, body: this.#alternation() }, flags };
      }
    }
  }

  #namedGroup(first: number): RegexNode {
    const name = readGroupName(this.#reader, first);
    if (this.#names.has(name)) {
      throw this.#reader.error(`Named capturing group <${name}> is already defined`);
    }
    const index = this.#groupCount++;
    this.#names.set(name, index);
    return { kind: 'group', index, body: this.#alternation() };
  }

  #lookAhead(negative: boolean): RegexNode {
    const body = this.#alternation();
    return {
      kind: 'look',
      direction: 'ahead',
      negative,
      body,
      minLength: 0,
      maxLength: 0,
      byCodePoint: false,
    };
  }

  #lookBehind(negative: boolean): RegexNode {
    const byCodePoint = this.#reader.hasSurrogatesFrom(this.#reader.cursor);
    const body = this.#alternation();
    const { min, max, bounded } = widthOf(body);
    if (!bounded) {
      throw this.#reader.error('Look-behind group does not have an obvious maximum length');
    }
    return {
      kind: 'look',
      direction: 'behind',
      negative,
      body,
      minLength: min,
      maxLength: max,
      byCodePoint,
    };
  }

  #switchFlags(): void {
    const reader = this.#reader;
    let value = true;
    let codePoint = reader.peek();
    for (;;) {
      if (codePoint === code('-') && value) {
        value = false;
      } else {
        const switched = switchFlag(reader.flags, String.fromCodePoint(codePoint), value);
        if (switched === undefined) return;
        reader.flags = switched;
      }
      codePoint = reader.next();
    }
  }

  /** A quantifier after `body`, if there is one. */
  #closure(body: RegexNode): RegexNode {
    const reader = this.#reader;
    const codePoint = reader.peek();
    switch (String.fromCodePoint(codePoint)) {
      case '?':
        return this.#repeat(body, 'question mark', 0, 1, reader.next());
      case '*':
        return this.#repeat(body, 'open', 0, unbounded, reader.next());
      case '+':
        return this.#repeat(body, 'open', 1, unbounded, reader.next());
      case '{': {
        const { min, max } = this.#countedRange(reader.skip());
        if (max === undefined) return this.#repeat(body, 'open', min, unbounded, reader.peek());
        const quantifier = min === 0 && max === 1 ? 'question mark' : 'closed';
        return this.#repeat(body, quantifier, min, max, reader.peek());
      }
      default:
        return body;
    }
  }

  #repeat(
    body: RegexNode,
    quantifier: RepeatNode['quantifier'],
    min: number,
    max: number,
    suffix: number,
  ): RepeatNode {
    let mode: RepeatMode = 'greedy';
    if (suffix === question) mode = 'reluctant';
    if (suffix === plus) mode = 'possessive';
    if (mode !== 'greedy') this.#reader.next();
    return { kind: 'repeat', body, min, max, mode, quantifier };
  }

  #countedRange(first: number): { readonly min: number; readonly max: number | undefined } {
    const reader = this.#reader;
    if (!isAsciiDigit(first)) throw reader.error('Illegal repetition');
    let codePoint = first;
    let min = 0;
    let max: number | undefined;
    do {
      min = this.#appendDigit(min, codePoint);
      codePoint = reader.read();
    } while (isAsciiDigit(codePoint));
    max = min;
    if (codePoint === code(',')) {
      codePoint = reader.read();
      max = undefined;
      if (codePoint !== closeBrace) {
        max = 0;
        while (isAsciiDigit(codePoint)) {
          max = this.#appendDigit(max, codePoint);
          codePoint = reader.read();
        }
      }
    }
    if (codePoint !== closeBrace) throw reader.error('Unclosed counted closure');
    if (max !== undefined && max < min) throw reader.error('Illegal repetition range');
    return { min, max };
  }

  #appendDigit(number: number, digit: number): number {
    const longer = number * 10 + (digit - 0x30);
    if (longer > unbounded) throw this.#reader.error('Illegal repetition range');
    return longer;
  }
}
