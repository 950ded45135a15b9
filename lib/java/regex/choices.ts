import type { Instruction } from './program.ts';

/** What an entry of the backtrack stack undoes or tries next. */
export const Choice = {
  /** Go on at an instruction: position. */
  Resume: 0,
  /** Undo a capture: group, start, end. */
  Group: 1,
  /** Undo a local: index, value. */
  Local: 2,
  /** Give back one character: lowest position, position. */
  GreedySet: 3,
  /** Take one more character: position, count. */
  ReluctantSet: 4,
  /** Go one more round: position, count. */
  ReluctantAtom: 5,
  ReluctantLoop: 6,
  /** Try the next branch: position, index of that branch. */
  Branch: 7,
  /** A round of a greedy repeat whose group shall hold it in the end: group, start, end. */
  Round: 8,
} as const;

const none: Instruction = { op: 0 };

/** A stack of entries: a kind, an instruction and up to three numbers. */
export class ChoiceStack {
  #numbers = new Int32Array(256);
  readonly #targets: Instruction[] = [];
  size = 0;

  push(
    kind: number,
    target: Instruction | undefined,
    first: number,
    second: number,
    third: number,
  ): void {
    const at = this.size * 4;
    if (at === this.#numbers.length) this.#grow();
    const numbers = this.#numbers;
    numbers[at] = kind;
    numbers[at + 1] = first;
    numbers[at + 2] = second;
    numbers[at + 3] = third;
    this.#targets[this.size] = target ?? none;
    this.size++;
  }

  kindAt(index: number): number {
    return this.#numbers[index * 4] ?? 0;
  }

  targetAt(index: number): Instruction {
    return this.#targets[index] ?? none;
  }

  firstAt(index: number): number {
    return this.#numbers[index * 4 + 1] ?? 0;
  }

  secondAt(index: number): number {
    return this.#numbers[index * 4 + 2] ?? 0;
  }

  thirdAt(index: number): number {
    return this.#numbers[index * 4 + 3] ?? 0;
  }

  setFirst(index: number, value: number): void {
    this.#numbers[index * 4 + 1] = value;
  }

  setSecond(index: number, value: number): void {
    this.#numbers[index * 4 + 2] = value;
  }

  #grow(): void {
    const larger = new Int32Array(this.#numbers.length * 2);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
