/** A pattern of ExtractVariables, compiled. */
export interface Pattern {
  /** Names that it captures. */
  readonly names: readonly string[];
  /** How many parts a `/` parts it into; of several matches for a path the one with most wins. */
  readonly segments: number;
  /** What it captures, if it matches the whole text. Takes time and memory in proportion to the text. */
  match(text: string): ReadonlyMap<string, string> | undefined;
}

export interface PatternOptions {
  /** In a path a capture and `*` stay within a segment, and `**` does not. */
  readonly of: 'path' | 'text';
  readonly letters: 'exact' | 'any-case';
}

/** A brace that is not closed, not opened, or holds no name. */
export class PatternError extends Error {}

/** @throws {PatternError} */
export function compilePattern(source: string, { of, letters }: PatternOptions): Pattern {
  const fold = letters === 'exact' ? (text: string): string => text : asciiLowerCase;
  const tokens = parse(source, of, fold);
  return {
    names: tokens.flatMap((token) => (token.kind === 'capture' ? [token.name] : [])),
    segments: source.split('/').length,
    match: (text) => match(tokens, text, fold(text)),
  };
}

type Reach = 'segment' | 'anywhere';

type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'wildcard'; readonly within: Reach }
  | { readonly kind: 'capture'; readonly within: Reach; readonly name: string };

/** As Java's case-insensitive patterns. No other letters, so that a text keeps its length. */
function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const lexicon = /%\{|%\}|\{[^{}]+\}|\*\*?|[{}]|[^%{}*]+|%/g;

function parse(source: string, of: PatternOptions['of'], fold: (text: string) => string): Token[] {
  const within = of === 'path' ? 'segment' : 'anywhere';
  const tokens: Token[] = [];
  for (const [word] of source.matchAll(lexicon)) {
    if (word === '{' || word === '}') {
      throw new PatternError(`The pattern ${source} has a stray "${word}"`);
    }
    if (word.startsWith('{')) {
      tokens.push({ kind: 'capture', within, name: word.slice(1, -1).trim() });
    } else if (word.startsWith('*')) {
      tokens.push({ kind: 'wildcard', within: word === '**' ? 'anywhere' : within });
    } else {
      const text = fold(word === '%{' || word === '%}' ? word.slice(1) : word);
      const last = tokens.at(-1);
      if (last?.kind === 'literal') tokens[tokens.length - 1] = { ...last, text: last.text + text };
      else tokens.push({ kind: 'literal', text });
    }
  }
  return tokens;
}

function match(
  tokens: readonly Token[],
  text: string,
  folded: string,
): ReadonlyMap<string, string> | undefined {
  for (const token of tokens) {
    if (token.kind === 'literal' && !folded.includes(token.text)) return undefined;
  }
  const ends = matchingEnds(tokens, folded);
  if (ends[0]?.[0] !== 1) return undefined;
  const captures = new Map<string, string>();
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    const end = endOf(token, at, text, ends[index + 1] ?? new Uint8Array());
    if (token.kind === 'capture') captures.set(token.name, text.slice(at, end));
    at = end;
  }
  return captures;
}

/**
 * For every token and every place of the text: whether this token and all behind it match the text from
 * there to its end. Filled from the end, so that nothing is ever tried twice, as a backtracking regular
 * expression would.
 */
function matchingEnds(tokens: readonly Token[], text: string): readonly Uint8Array[] {
  let next = new Uint8Array(text.length + 1);
  next[text.length] = 1;
  const all = [next];
  for (const token of tokens.toReversed()) {
    next = matchingPlaces(token, text, next);
    all.unshift(next);
  }
  return all;
}

function matchingPlaces(token: Token, text: string, next: Uint8Array): Uint8Array<ArrayBuffer> {
  const places = new Uint8Array(text.length + 1);
  for (let at = text.length; at >= 0; at--) {
    places[at] = isMatch(token, at, text, next, places) ? 1 : 0;
  }
  return places;
}

function isMatch(
  token: Token,
  at: number,
  text: string,
  next: Uint8Array,
  places: Uint8Array,
): boolean {
  if (token.kind === 'literal') {
    return text.startsWith(token.text, at) && next[at + token.text.length] === 1;
  }
  const canTake = at < text.length && (token.within === 'anywhere' || text[at] !== '/');
  const takesMore = canTake && places[at + 1] === 1;
  if (isOneOrMore(token)) return canTake && (takesMore || next[at + 1] === 1);
  return takesMore || next[at] === 1;
}

/** A segment of a path that is captured is never empty; a parameter may be. */
function isOneOrMore(token: Token): boolean {
  return token.kind === 'capture' && token.within === 'segment';
}

/** Where a token that matches at `at` ends: a capture in a text as soon as it can, all others last. */
function endOf(token: Token, at: number, text: string, next: Uint8Array): number {
  if (token.kind === 'literal') return at + token.text.length;
  if (token.kind === 'capture' && token.within === 'anywhere') return next.indexOf(1, at);
  const slash = token.within === 'anywhere' ? -1 : text.indexOf('/', at);
  return next.lastIndexOf(1, slash < 0 ? text.length : slash);
}
