import { asciiLower, foldCase } from './character-set.ts';
import { anchorHolds } from './anchor.ts';
import { Choice, ChoiceStack } from './choices.ts';
import { JavaRegexBudgetError } from './error.ts';
import {
  Op,
  type AtomRepeat,
  type CompiledSet,
  type Instruction,
  type Look,
  type Loop,
  type Program,
  type SetRepeat,
} from './program.ts';

/** Whether a match may end anywhere or must take the input's end. */
export type MatchEnd = 'anywhere' | 'input end';

/**
 * What work costs, in steps. Chosen so that a million steps take some tens of milliseconds,
 * whichever kind of work an expression does.
 */
const backtrackCharge = 2;
const roundCharge = 4;
const charactersPerStep = 4;
const graphemeCharge = 16;
/** The search for a text is not ours, and faster; it may compare the text at each place. */
const placesPerStep = 16;
const textUnitsAtOnce = 8;

/**
 * Runs a program over one input. Backtracking is on a stack of its own, never JavaScript's: the
 * call depth is bounded by how deep the expression nests atomic parts, not by the input.
 *
 * Captures behave as in java.util.regex down to its oddities: an atomic part that has matched
 * keeps its captures even when what follows fails.
 */
export class Matcher {
  readonly groups: Int32Array;
  readonly #program: Program;
  readonly #input: string;
  readonly #locals: Int32Array;
  readonly #stack = new ChoiceStack();
  readonly #budget: number;
  #steps: number;
  #mustEnd: MatchEnd = 'anywhere';
  /** Where `\G` holds. */
  #lastEnd = 0;
  #behindEnd = 0;

  constructor(program: Program, input: string, budget: number) {
    this.#program = program;
    this.#input = input;
    this.#budget = budget;
    this.#steps = budget;
    this.groups = new Int32Array(program.groupCount * 2).fill(-1);
    this.#locals = new Int32Array(program.localCount);
  }

  /** Starts a new match: no group has taken part yet. */
  reset(lastEnd: number, end: MatchEnd): void {
    this.groups.fill(-1);
    this.#lastEnd = lastEnd;
    this.#mustEnd = end;
  }

  /**
   * Matches at exactly this place; `groups` then tells the rest.
   * @throws {JavaRegexBudgetError} when the budget, counted over all calls, is used up
   */
  matchAt(start: number): boolean {
    this.#stack.size = 0;
    const end = this.#run(this.#program.start, start);
    if (end < 0) return false;
    this.groups[0] = start;
    this.groups[1] = end;
    return true;
  }

  get stepsLeft(): number {
    return Math.max(0, this.#steps);
  }

  #charge(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw new JavaRegexBudgetError(this.#program.source, this.#budget);
  }

  /** The end of the match, or -1; leaves the stack as high as it found it. */
  #run(start: Instruction, from: number): number {
    const input = this.#input;
    const stack = this.#stack;
    const base = stack.size;
    let instruction: Instruction | undefined = start;
    let position = from;
    for (;;) {
      if (instruction === undefined) {
        if (stack.size === base) return -1;
        this.#charge(backtrackCharge);
        instruction = this.#backtrack();
        position = this.#position;
        continue;
      }
      switch (instruction.op) {
        case Op.Accept:
          this.#settle(base);
          return position;
        case Op.AcceptBehind:
          if (position === this.#behindEnd) {
            this.#settle(base);
            return position;
          }
          instruction = undefined;
          break;
        case Op.Match:
          if (this.#mustEnd === 'anywhere' || position === input.length) {
            this.#settle(base);
            return position;
          }
          instruction = undefined;
          break;
        case Op.Text:
          if (input.startsWith(instruction.text, position)) {
            position += instruction.text.length;
            instruction = instruction.next;
          } else {
            instruction = undefined;
          }
          break;
        case Op.Set: {
          const end = this.#take(instruction.set, position);
          instruction = end < 0 ? undefined : instruction.next;
          position = end;
          break;
        }
        case Op.Branch:
          stack.push(Choice.Branch, instruction, position, 1, 0);
          instruction = instruction.branches[0];
          break;
        case Op.Open:
          stack.push(Choice.Local, undefined, instruction.local, this.#local(instruction.local), 0);
          this.#locals[instruction.local] = position;
          instruction = instruction.next;
          break;
        case Op.Close:
          this.#saveGroup(instruction.group);
          this.#setGroup(instruction.group, this.#local(instruction.local), position);
          instruction = instruction.next;
          break;
        case Op.SetGreedy:
        case Op.SetReluctant:
        case Op.SetPossessive:
          position = this.#repeatSet(instruction, position);
          instruction = position < 0 ? undefined : instruction.next;
          break;
        case Op.LoopEnter: {
          const { loop }: { loop: Loop } = instruction;
          stack.push(Choice.Local, undefined, loop.countLocal, this.#local(loop.countLocal), 0);
          this.#locals[loop.countLocal] = 0;
          instruction = this.#goRound(loop, 0, position);
          break;
        }
        case Op.Loop:
          instruction =
            position > this.#local(instruction.startLocal)
              ? this.#goRound(instruction, this.#local(instruction.countLocal), position)
              : instruction.next;
          break;
        case Op.AtomGreedy:
        case Op.AtomReluctant:
        case Op.AtomPossessive:
          position = this.#repeatAtom(instruction, position);
          instruction = position < 0 ? undefined : instruction.next;
          break;
        case Op.Atomic:
          position = this.#run(instruction.body, position);
          instruction = position < 0 ? undefined : instruction.next;
          break;
        case Op.Look:
          instruction =
            this.#look(instruction, position) === instruction.negative
              ? undefined
              : instruction.next;
          break;
        case Op.BackReference:
          position = this.#matchReference(instruction.group, instruction.fold, position);
          instruction = position < 0 ? undefined : instruction.next;
          break;
        case Op.Anchor:
          instruction = anchorHolds(instruction.anchor, input, position, this.#lastEnd)
            ? instruction.next
            : undefined;
          break;
        case Op.LineBreak:
          position = this.#matchLineBreak(instruction.next, position);
          instruction = position < 0 ? undefined : instruction.next;
          break;
        case Op.Grapheme:
          position = this.#matchGrapheme(position);
          instruction = position < 0 ? undefined : instruction.next;
          break;
      }
    }
  }

  /**
   * Drops what could be tried next. On the way, as Java does when it returns from a match, the
   * group of a greedy repeat is set once more to the repeat's last round: where an outer loop ran
   * the repeat several times, the first run that took an optional round has the last word.
   */
  #settle(base: number): void {
    const stack = this.#stack;
    if (this.#program.setsGroupsByRound) {
      for (let index = stack.size - 1; index >= base; index--) {
        if (stack.kindAt(index) !== Choice.Round) continue;
        const group = stack.firstAt(index);
        this.#setGroup(group, stack.secondAt(index), stack.thirdAt(index));
        // Earlier rounds of the same run lie right below.
        while (
          index - 3 >= base &&
          stack.kindAt(index - 3) === Choice.Round &&
          stack.firstAt(index - 3) === group &&
          stack.thirdAt(index - 3) === stack.secondAt(index)
        ) {
          index -= 3;
        }
      }
    }
    stack.size = base;
  }

  /** Where to go on after `#backtrack`. */
  #position = 0;

  /** Undoes or retries what the top entry says; undefined when there is more to undo. */
  #backtrack(): Instruction | undefined {
    const stack = this.#stack;
    const top = stack.size - 1;
    const target = stack.targetAt(top);
    const first = stack.firstAt(top);
    const second = stack.secondAt(top);
    switch (stack.kindAt(top)) {
      case Choice.Resume:
        stack.size = top;
        this.#position = first;
        return target;
      case Choice.Group:
        stack.size = top;
        this.#setGroup(first, second, stack.thirdAt(top));
        return undefined;
      case Choice.Local:
        stack.size = top;
        this.#locals[first] = second;
        return undefined;
      case Choice.GreedySet: {
        let position = this.#before(second);
        if (target.op === Op.Text) {
          const at = this.#lastText(target.text, position);
          if (at < first) {
            stack.size = top;
            return undefined;
          }
          position = at;
        }
        if (position <= first) stack.size = top;
        else stack.setSecond(top, position);
        this.#position = position;
        return target;
      }
      case Choice.ReluctantSet: {
        stack.size = top;
        if (target.op !== Op.SetReluctant) return undefined;
        const position = this.#take(target.set, first);
        if (position < 0) return undefined;
        const count = second + 1;
        if (count < target.max) stack.push(Choice.ReluctantSet, target, position, count, 0);
        this.#position = position;
        return target.next;
      }
      case Choice.ReluctantAtom:
        stack.size = top;
        if (target.op !== Op.AtomReluctant) return undefined;
        return this.#oneMoreRound(target, first, second);
      case Choice.ReluctantLoop:
        stack.size = top;
        if (target.op !== Op.Loop) return undefined;
        this.#countRound(target, second);
        this.#position = first;
        return target.body;
      case Choice.Branch: {
        if (target.op !== Op.Branch) {
          stack.size = top;
          return undefined;
        }
        if (second + 1 < target.branches.length) stack.setSecond(top, second + 1);
        else stack.size = top;
        this.#position = first;
        return target.branches[second];
      }
      default:
        stack.size = top;
        return undefined;
    }
  }

  /** The last place at or before `position` where a text stands, or -1. */
  #lastText(text: string, position: number): number {
    const unit = text.charCodeAt(0);
    // The second half of a pair is no place that a repeat of whole characters gives back.
    if (unit >= 0xdc00 && unit <= 0xdfff) return position;
    const at = this.#input.lastIndexOf(text, position);
    const compared = 1 + text.length / textUnitsAtOnce;
    this.#charge(((position - Math.max(at, 0)) * compared) / placesPerStep);
    return at;
  }

  #local(index: number): number {
    return this.#locals[index] ?? 0;
  }

  #saveGroup(group: number): void {
    const start = this.groups[group * 2] ?? -1;
    this.#stack.push(Choice.Group, undefined, group, start, this.groups[group * 2 + 1] ?? -1);
  }

  #setGroup(group: number, start: number, end: number): void {
    this.groups[group * 2] = start;
    this.groups[group * 2 + 1] = end;
  }

  /** The position after one member of the set, or -1. */
  #take({ has, latin }: CompiledSet, position: number): number {
    const input = this.#input;
    if (position >= input.length) return -1;
    const unit = input.charCodeAt(position);
    if (unit < 256) return latin[unit] === 1 ? position + 1 : -1;
    if (unit < 0xd800 || unit > 0xdbff) return has(unit) ? position + 1 : -1;
    const codePoint = input.codePointAt(position) ?? unit;
    if (!has(codePoint)) return -1;
    return codePoint > 0xffff ? position + 2 : position + 1;
  }

  /** The position one code point earlier. */
  #before(position: number): number {
    const low = this.#input.charCodeAt(position - 1);
    if (low < 0xdc00 || low > 0xdfff || position < 2) return position - 1;
    const high = this.#input.charCodeAt(position - 2);
    return high >= 0xd800 && high <= 0xdbff ? position - 2 : position - 1;
  }

  #repeatSet(repeat: SetRepeat, from: number): number {
    const { set, min, max } = repeat;
    let position = from;
    for (let count = 0; count < min; count++) {
      position = this.#take(set, position);
      if (position < 0) return -1;
    }
    if (repeat.op === Op.SetReluctant) {
      if (min < max) this.#stack.push(Choice.ReluctantSet, repeat, position, min, 0);
      return position;
    }
    const lowest = position;
    for (let count = min; count < max; count++) {
      const after = this.#take(set, position);
      if (after < 0) break;
      position = after;
    }
    this.#charge((position - from) / charactersPerStep);
    if (repeat.op === Op.SetGreedy && position > lowest) {
      this.#stack.push(Choice.GreedySet, repeat.next, lowest, position, 0);
    }
    return position;
  }

  #countRound(loop: Loop, count: number): void {
    this.#stack.push(Choice.Local, undefined, loop.countLocal, count, 0);
    this.#locals[loop.countLocal] = count + 1;
    this.#charge(roundCharge);
  }

  /** Decides after `count` rounds whether a loop goes on with its body or with what follows. */
  #goRound(loop: Loop, count: number, position: number): Instruction {
    if (count < loop.min) {
      this.#countRound(loop, count);
      return loop.body;
    }
    if (count >= loop.max) return loop.next;
    if (loop.reluctant) {
      this.#stack.push(Choice.ReluctantLoop, loop, position, count, 0);
      return loop.next;
    }
    this.#stack.push(Choice.Resume, loop.next, position, 0, 0);
    this.#countRound(loop, count);
    return loop.body;
  }

  #repeatAtom(repeat: AtomRepeat, from: number): number {
    const { body, group, min, max, next } = repeat;
    let position = from;
    if (group >= 0) this.#saveGroup(group);
    let count = 0;
    for (; count < min; count++) {
      const after = this.#run(body, position);
      this.#charge(roundCharge);
      if (after < 0) return -1;
      if (group >= 0) this.#setGroup(group, position, after);
      position = after;
    }
    if (repeat.op === Op.AtomReluctant) {
      if (count < max) this.#stack.push(Choice.ReluctantAtom, repeat, position, count, 0);
      return position;
    }
    for (; count < max; count++) {
      const after = this.#run(body, position);
      this.#charge(roundCharge);
      // A round that takes no text ends the repeat and leaves the group as it was.
      if (after <= position) break;
      if (repeat.op === Op.AtomGreedy) {
        this.#stack.push(Choice.Resume, next, position, 0, 0);
        if (group >= 0) {
          this.#saveGroup(group);
          this.#stack.push(Choice.Round, undefined, group, position, after);
        }
      }
      if (group >= 0) this.#setGroup(group, position, after);
      position = after;
    }
    return position;
  }

  #oneMoreRound(repeat: AtomRepeat, from: number, count: number): Instruction | undefined {
    const after = this.#run(repeat.body, from);
    if (after <= from) return undefined;
    if (repeat.group >= 0) {
      this.#saveGroup(repeat.group);
      this.#setGroup(repeat.group, from, after);
    }
    if (count + 1 < repeat.max) {
      this.#stack.push(Choice.ReluctantAtom, repeat, after, count + 1, 0);
    }
    this.#position = after;
    return repeat.next;
  }

  #look(look: Look, position: number): boolean {
    if (!look.behind) return this.#run(look.body, position) >= 0;
    const outer = this.#behindEnd;
    this.#behindEnd = position;
    const lowest = Math.max((position - this.#unitsBefore(position, look, look.maxLength)) | 0, 0);
    let start = position - this.#unitsBefore(position, look, look.minLength);
    let found = false;
    while (!found && start >= lowest) {
      this.#charge(roundCharge);
      found = this.#run(look.body, start) >= 0;
      start = look.byCodePoint && start > lowest ? this.#before(start) : start - 1;
    }
    this.#behindEnd = outer;
    return found;
  }

  /** How many units the `length` characters before a position take. */
  #unitsBefore(position: number, look: Look, length: number): number {
    if (!look.byCodePoint || length < 0) return length;
    let start = position;
    for (let count = 0; start > 0 && count < length; count++) start = this.#before(start);
    return position - start;
  }

  #matchReference(group: number, fold: 'none' | 'ascii' | 'unicode', position: number): number {
    const start = this.groups[group * 2] ?? -1;
    if (start < 0) return -1;
    const text = this.#input.slice(start, this.groups[group * 2 + 1]);
    const end = position + text.length;
    if (end > this.#input.length) return -1;
    this.#charge(text.length / charactersPerStep);
    if (this.#input.startsWith(text, position)) return end;
    if (fold === 'none') return -1;
    const folded = fold === 'ascii' ? asciiLower : foldCase;
    const other = Array.from(this.#input.slice(position, end));
    const same = Array.from(text).every(
      (character, index) =>
        folded(character.codePointAt(0) ?? 0) === folded(other[index]?.codePointAt(0) ?? -1),
    );
    return same ? end : -1;
  }

  #matchLineBreak(next: Instruction, position: number): number {
    const unit = this.#input.charCodeAt(position);
    if (unit === 13) {
      if (this.#input.charCodeAt(position + 1) !== 10) return position + 1;
      // When what follows does not match after both characters, the first alone may do.
      this.#stack.push(Choice.Resume, next, position + 1, 0, 0);
      return position + 2;
    }
    const isBreak =
      (unit >= 10 && unit <= 12) || unit === 0x85 || unit === 0x2028 || unit === 0x2029;
    return isBreak ? position + 1 : -1;
  }

  #matchGrapheme(position: number): number {
    if (position >= this.#input.length) return -1;
    this.#charge(graphemeCharge);
    // No grapheme that matters is longer; a window keeps the cost from growing with the input.
    const window = this.#input.slice(position, position + 64);
    for (const { segment } of graphemes.segment(window)) return position + segment.length;
    return -1;
  }
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
