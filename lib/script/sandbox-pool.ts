import { startEngine, startSuspendableEngine, type EngineClock } from './engine.ts';
import { Sandbox } from './sandbox.ts';

/** Whether scripts of a sandbox can wait in the middle. */
export type Ability = 'runs' | 'waits';

/** Sandboxes that are there at once, and those of them that stay when nobody needs them. */
export interface PoolSize {
  readonly most: number;
  readonly idle: number;
}

/** Sandboxes of one object model, made when they are needed and used again and again. */
export class SandboxPool {
  readonly #model: string;
  readonly #ability: Ability;
  readonly #size: PoolSize;
  readonly #idle: Sandbox[] = [];
  readonly #waiting: ((sandbox: Promise<Sandbox>) => void)[] = [];
  #count = 0;
  #started: Promise<void> | undefined;

  constructor(model: string, ability: Ability, size: PoolSize) {
    this.#model = model;
    this.#ability = ability;
    this.#size = size;
  }

  /** Makes the first sandbox, so that it is there when it is needed. */
  start(): Promise<void> {
    return (this.#started ??= this.#startFirst());
  }

  /** A sandbox for the caller alone, to be given back; a promise if there is none right now. */
  take(): Sandbox | Promise<Sandbox> {
    const sandbox = this.#idle.pop();
    if (sandbox !== undefined) return sandbox;
    if (this.#count < this.#size.most) return this.#made();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  give(sandbox: Sandbox): void {
    const next = this.#waiting.shift();
    if (sandbox.isUsable && (next !== undefined || this.#idle.length < this.#size.idle)) {
      if (next === undefined) this.#idle.push(sandbox);
      else next(Promise.resolve(sandbox));
      return;
    }
    this.#count -= 1;
    if (next !== undefined) next(this.#made());
    // A script that spoils its sandbox must not have the next one wait for another.
    else if (this.#idle.length === 0) void this.#refill();
  }

  async #startFirst(): Promise<void> {
    if (this.#count > 0) return;
    this.give(await this.#made());
  }

  async #refill(): Promise<void> {
    try {
      this.give(await this.#made());
    } catch {
      // Whoever takes the next one is told.
    }
  }

  async #made(): Promise<Sandbox> {
    this.#count += 1;
    try {
      return await newSandbox(this.#model, this.#ability);
    } catch (error) {
      this.#count -= 1;
      throw error;
    }
  }
}

/** Makes a sandbox whose scripts see the object model. */
export async function newSandbox(model: string, ability: Ability): Promise<Sandbox> {
  const clock: EngineClock = { now: () => 0 };
  const { module, memory } =
    ability === 'runs' ? await startEngine(clock) : await startSuspendableEngine(clock);
  return new Sandbox(module.newContext(), memory, clock, model);
}
