import type { EngineMemory } from './engine.ts';

/** Steps of a script between two looks at the clock, as the engine was built. */
const built = 10_000;
/** Steps may take long, such as copying a text of many megabytes; so many of them are few enough. */
const wanted = 100;

/**
 * The engine's count of steps until it looks at the clock again. It is no option, but stands in the
 * engine's memory, where it is `built` whenever the engine has begun to look.
 */
export class InterruptCounter {
  readonly #memory: EngineMemory;
  /** Where the count may stand, as indexes of 32-bit words. */
  #candidates: readonly number[] | undefined;
  #index: number | undefined;

  constructor(memory: EngineMemory) {
    this.#memory = memory;
  }

  /** To be called while the engine looks, a few times: what is the count then every time is the count. */
  observe(): void {
    const words = new Int32Array(this.#memory.buffer);
    if (this.#candidates !== undefined) {
      this.#candidates = this.#candidates.filter((index) => words[index] === built);
      return;
    }
    const found: number[] = [];
    for (let index = words.indexOf(built); index >= 0; index = words.indexOf(built, index + 1)) {
      found.push(index);
    }
    this.#candidates = found;
  }

  /**
   * To be called after a few looks, when the engine has made steps since: the count is less by then.
   * @throws {Error} for a build of the engine that counts in another way
   */
  find(): void {
    const words = new Int32Array(this.#memory.buffer);
    const [index, ...others] = (this.#candidates ?? []).filter((one) => {
      const count = words[one] ?? 0;
      return count > 0 && count < built;
    });
    if (index === undefined || others.length > 0) {
      throw new Error('This build of QuickJS counts its steps elsewhere');
    }
    this.#index = index;
  }

  /** Has the engine look again soon. */
  shorten(): void {
    this.#set(wanted);
  }

  /** Has the engine look again at its next step. */
  now(): void {
    this.#set(1);
  }

  #set(steps: number): void {
    if (this.#index !== undefined) new Int32Array(this.#memory.buffer)[this.#index] = steps;
  }
}
