import type { Anchor, CaseFolding } from './ast.ts';
import type { CharacterSet } from './character-set.ts';

/** A set with its first 256 members spelled out. */
export interface CompiledSet {
  readonly has: CharacterSet;
  readonly latin: Uint8Array;
}

export function compiledSet(has: CharacterSet): CompiledSet {
  const latin = new Uint8Array(256);
  for (let codePoint = 0; codePoint < 256; codePoint++) latin[codePoint] = has(codePoint) ? 1 : 0;
  return { has, latin };
}

/** Small numbers, because the matcher's one switch runs over them. */
export const Op = {
  Accept: 0,
  AcceptBehind: 1,
  Match: 2,
  Text: 3,
  Set: 4,
  Branch: 5,
  Open: 6,
  Close: 7,
  SetGreedy: 8,
  SetReluctant: 9,
  SetPossessive: 10,
  LoopEnter: 11,
  Loop: 12,
  AtomGreedy: 13,
  AtomReluctant: 14,
  AtomPossessive: 15,
  Atomic: 16,
  Look: 17,
  BackReference: 18,
  Anchor: 19,
  LineBreak: 20,
  Grapheme: 21,
} as const;

export interface SetRepeat {
  readonly op: typeof Op.SetGreedy | typeof Op.SetReluctant | typeof Op.SetPossessive;
  readonly set: CompiledSet;
  readonly min: number;
  readonly max: number;
  readonly next: Instruction;
}

/** A repeat whose body, once it has matched, is not entered again by backtracking. */
export interface AtomRepeat {
  readonly op: typeof Op.AtomGreedy | typeof Op.AtomReluctant | typeof Op.AtomPossessive;
  readonly body: Instruction;
  /** The capturing group that every round sets, or -1. */
  readonly group: number;
  readonly min: number;
  readonly max: number;
  readonly next: Instruction;
}

/** The place after a loop's body where it is decided whether to go round again. */
export interface Loop {
  readonly op: typeof Op.Loop;
  /** Where the round's start is kept: a round that took no text ends the loop. */
  readonly startLocal: number;
  readonly countLocal: number;
  readonly min: number;
  readonly max: number;
  readonly reluctant: boolean;
  /** Set once the body, which leads back here, has been compiled. */
  body: Instruction;
  readonly next: Instruction;
}

export interface Look {
  readonly op: typeof Op.Look;
  readonly body: Instruction;
  readonly behind: boolean;
  readonly negative: boolean;
  readonly minLength: number;
  readonly maxLength: number;
  readonly byCodePoint: boolean;
  readonly next: Instruction;
}

export type Instruction =
  /** Ends a part that is matched on its own: an atomic group, a look-ahead, a round of a repeat. */
  | { readonly op: typeof Op.Accept }
  | { readonly op: typeof Op.AcceptBehind }
  | { readonly op: typeof Op.Match }
  | { readonly op: typeof Op.Text; readonly text: string; readonly next: Instruction }
  | { readonly op: typeof Op.Set; readonly set: CompiledSet; readonly next: Instruction }
  | { readonly op: typeof Op.Branch; readonly branches: readonly Instruction[] }
  | { readonly op: typeof Op.Open; readonly local: number; readonly next: Instruction }
  | {
      readonly op: typeof Op.Close;
      readonly local: number;
      readonly group: number;
      readonly next: Instruction;
    }
  | SetRepeat
  | { readonly op: typeof Op.LoopEnter; readonly loop: Loop; readonly next: Instruction }
  | Loop
  | AtomRepeat
  | { readonly op: typeof Op.Atomic; readonly body: Instruction; readonly next: Instruction }
  | Look
  | {
      readonly op: typeof Op.BackReference;
      readonly group: number;
      readonly fold: CaseFolding;
      readonly next: Instruction;
    }
  | { readonly op: typeof Op.Anchor; readonly anchor: Anchor; readonly next: Instruction }
  | { readonly op: typeof Op.LineBreak; readonly next: Instruction }
  | { readonly op: typeof Op.Grapheme; readonly next: Instruction };

export interface Program {
  readonly source: string;
  readonly start: Instruction;
  readonly groupCount: number;
  readonly localCount: number;
  /** Whether a greedy repeat that is not a loop sets a group. */
  readonly setsGroupsByRound: boolean;
}
