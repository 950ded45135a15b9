/**
 * Java's regular expressions (java.util.regex, JDK 17), by an engine of our own: verdicts must
 * equal Java's, and its look-around, back references, possessive quantifiers and class algebra
 * are in neither JavaScript's RegExp nor re2's ports.
 */
import { defaultLimits } from '../../host/limits.ts';
import { compileProgram } from './compile.ts';
import { noFlags, switchFlag, type Flags } from './flags.ts';
import { Matcher } from './match.ts';
import { literalRegex, parseRegex } from './parse.ts';
import type { ParsedRegex } from './ast.ts';
import type { Program } from './program.ts';
import { fillReplacement, parseReplacement } from './replace.ts';
import { searchFrom, startHint, type StartHint } from './search.ts';

export { JavaRegexBudgetError, JavaRegexError, JavaReplacementError } from './error.ts';

export interface JavaMatch {
  readonly start: number;
  readonly end: number;
  /** Group 0 is the whole match; null where a group took no part. */
  readonly groups: readonly (string | null)[];
}

/** Steps that several searches share; each takes what it needs. */
export interface SharedSteps {
  left: number;
}

/** A compiled expression. Budgets are steps; the default is that of the host's limits. */
export interface JavaRegex {
  readonly source: string;
  /** Names of groups with their numbers. */
  readonly groupNames: ReadonlyMap<string, number>;
  /**
   * Whole input matches (`String.matches`).
   * @throws {JavaRegexBudgetError}
   */
  matches(input: string, budget?: number): JavaMatch | null;
  /**
   * First match at or after `from` (`Matcher.find`); `\G` holds at `from`.
   * @throws {JavaRegexBudgetError}
   */
  find(input: string, from?: number, budget?: number | SharedSteps): JavaMatch | null;
  /**
   * Every match, as repeated `Matcher.find` gives them.
   * @throws {JavaRegexBudgetError}
   */
  findAll(input: string, budget?: number): IterableIterator<JavaMatch>;
  /**
   * `$1`, `${name}` and `\` as in Matcher.appendReplacement.
   * @throws {JavaRegexBudgetError}
   * @throws {JavaReplacementError} for a bad replacement, but only if there is a match
   */
  replaceAll(input: string, replacement: string, budget?: number): string;
  replaceFirst(input: string, replacement: string, budget?: number): string;
}

/**
 * @param flags letters as in `(?idmsuxU)`, and `l` for Pattern.LITERAL
 * @throws {JavaRegexError} `description` and `position` as java.util.regex.PatternSyntaxException
 *   gives them
 * @throws {RangeError} for an unknown flag
 */
export function compileJavaRegex(source: string, flags = ''): JavaRegex {
  const literal = flags.includes('l');
  const parsedFlags = readFlags(flags);
  const parsed = literal ? literalRegex(source, parsedFlags) : parseRegex(source, parsedFlags);
  return new CompiledRegex(source, parsed);
}

function readFlags(letters: string): Flags {
  let flags = noFlags;
  for (const letter of letters) {
    if (letter === 'l') continue;
    const switched = switchFlag(flags, letter, true);
    if (switched === undefined) {
      throw new RangeError(`Unknown flag ${JSON.stringify(letter)}: use letters of "dilmsuxU"`);
    }
    flags = switched;
  }
  return flags;
}

class CompiledRegex implements JavaRegex {
  readonly source: string;
  readonly groupNames: ReadonlyMap<string, number>;
  readonly #program: Program;
  readonly #hint: StartHint;

  constructor(source: string, parsed: ParsedRegex) {
    this.source = source;
    this.groupNames = parsed.groupNames;
    this.#program = compileProgram(source, parsed);
    this.#hint = startHint(parsed);
  }

  matches(input: string, budget = defaultLimits.regexSteps): JavaMatch | null {
    const matcher = new Matcher(this.#program, input, budget);
    matcher.reset(0, 'input end');
    return matcher.matchAt(0) ? matchOf(matcher, input) : null;
  }

  find(
    input: string,
    from = 0,
    budget: number | SharedSteps = defaultLimits.regexSteps,
  ): JavaMatch | null {
    const steps = typeof budget === 'number' ? { left: budget } : budget;
    const matcher = new Matcher(this.#program, input, steps.left);
    matcher.reset(from, 'anywhere');
    try {
      return searchFrom(matcher, this.#hint, input, from) ? matchOf(matcher, input) : null;
    } finally {
      steps.left = matcher.stepsLeft;
    }
  }

  *findAll(input: string, budget = defaultLimits.regexSteps): IterableIterator<JavaMatch> {
    const matcher = new Matcher(this.#program, input, budget);
    let from = 0;
    let lastEnd = 0;
    while (from <= input.length) {
      matcher.reset(lastEnd, 'anywhere');
      if (!searchFrom(matcher, this.#hint, input, from)) return;
      const match = matchOf(matcher, input);
      yield match;
      lastEnd = match.end;
      from = match.end === match.start ? match.end + 1 : match.end;
    }
  }

  replaceAll(input: string, replacement: string, budget = defaultLimits.regexSteps): string {
    return this.#replace(input, replacement, this.findAll(input, budget));
  }

  replaceFirst(input: string, replacement: string, budget = defaultLimits.regexSteps): string {
    const match = this.find(input, 0, budget);
    return match === null ? input : this.#replace(input, replacement, [match]);
  }

  #replace(input: string, replacement: string, matches: Iterable<JavaMatch>): string {
    let pieces: ReturnType<typeof parseReplacement> | undefined;
    let output = '';
    let copied = 0;
    for (const { start, end, groups } of matches) {
      pieces ??= parseReplacement(replacement, this.#program.groupCount, this.groupNames);
      output += input.slice(copied, start) + fillReplacement(pieces, groups);
      copied = end;
    }
    return output + input.slice(copied);
  }
}

function matchOf({ groups }: Matcher, input: string): JavaMatch {
  const texts: (string | null)[] = [];
  for (let index = 0; index < groups.length; index += 2) {
    const start = groups[index] ?? -1;
    texts.push(start < 0 ? null : input.slice(start, groups[index + 1]));
  }
  return { start: groups[0] ?? 0, end: groups[1] ?? 0, groups: texts };
}
