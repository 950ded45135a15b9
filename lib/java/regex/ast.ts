import type { CharacterSet } from './character-set.ts';

export type RepeatMode = 'greedy' | 'reluctant' | 'possessive';

export type Anchor =
  | 'beginning'
  | 'end'
  | 'line start'
  | 'unix line start'
  | 'line end'
  | 'unix line end'
  | 'last line end'
  | 'unix last line end'
  | 'word boundary'
  | 'not word boundary'
  | 'unicode word boundary'
  | 'not unicode word boundary'
  | 'last match';

/** An expression, as written, with its flags already worked in. */
export type RegexNode =
  | { readonly kind: 'empty' }
  /** Characters in a row, compared exactly. */
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'alternation'; readonly branches: readonly RegexNode[] }
  /** `index` is null for `(?:...)`. */
  | { readonly kind: 'group'; readonly index: number | null; readonly body: RegexNode }
  | RepeatNode
  | LookNode
  | { readonly kind: 'atomic'; readonly body: RegexNode }
  | { readonly kind: 'back reference'; readonly group: number; readonly fold: CaseFolding }
  | { readonly kind: 'anchor'; readonly anchor: Anchor }
  /** `\R`. */
  | { readonly kind: 'line break' }
  /** `\X`. */
  | { readonly kind: 'grapheme' };

export interface RepeatNode {
  readonly kind: 'repeat';
  readonly body: RegexNode;
  readonly min: number;
  readonly max: number;
  readonly mode: RepeatMode;
  /**
   * How it is written: `?` or `{0,1}`, without an upper bound, or with one. Java tells `{0,}` from
   * `{0,2147483647}` in look-behinds.
   */
  readonly quantifier: 'question mark' | 'open' | 'closed';
}

export interface LookNode {
  readonly kind: 'look';
  readonly direction: 'ahead' | 'behind';
  readonly negative: boolean;
  readonly body: RegexNode;
  /** Lengths that a look-behind tries; 0 for a look-ahead. */
  readonly minLength: number;
  readonly maxLength: number;
  /** Whether those lengths count code points; else UTF-16 units. */
  readonly byCodePoint: boolean;
}

export type CaseFolding = 'none' | 'ascii' | 'unicode';

/** The number that stands for "no upper bound" in `*`, `+` and `{n,}`. */
export const unbounded = 0x7fffffff;

export interface ParsedRegex {
  readonly root: RegexNode;
  /** Group 0 included. */
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  readonly hasBackReference: boolean;
  /** Whether a search steps over surrogate pairs as a whole; else a match may start inside one. */
  readonly stepsByCodePoint: boolean;
}
