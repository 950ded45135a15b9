import type {
  QuickJSAsyncContext,
  QuickJSContext,
  QuickJSHandle,
  QuickJSRuntime,
  VmFunctionImplementation,
} from 'quickjs-emscripten-core';
import type { Clock, Timer } from '../host/clock.ts';
import type { EngineClock, EngineMemory } from './engine.ts';
import { InterruptCounter } from './interrupt-counter.ts';
import { MemoryImage, type MemoryDifference } from './memory-image.ts';
import { prelude } from './prelude.ts';
import type { Script } from './script.ts';
import { readThrown, type RunEnd, type Thrown } from './thrown.ts';

/** What a running script reaches outside of its sandbox. Only texts cross over. */
export interface ScriptHost {
  /**
   * Answers one of the object model's calls; a promise only in a sandbox that can wait.
   * @throws {ScriptCallError} what the script is to see as an Error
   */
  call(operation: number, first: string, second: string): string | Promise<string>;
}

/** Becomes an Error inside of the sandbox, with the message and nothing else. */
export class ScriptCallError extends Error {
  override readonly name = 'ScriptCallError';
}

/** What one run may use. */
export interface RunLimits {
  readonly clock: Clock;
  /** Milliseconds from the start, waiting included; 0 means no limit. */
  readonly timeLimit: number;
  /** Milliseconds of running, waiting not included. */
  readonly busyLimit: number;
  /** Bytes. */
  readonly memory: number;
}

/** The C stack that a script may use, in bytes. */
const stackSize = 256 * 1024;
/** Jobs of promises between two looks at the clock. */
const jobsAtOnce = 100;
/** Looks at the clock a millisecond, at most: a script ends also where the clock stands still. */
/** What the prelude's guards ask for: that the engine looks at the clock. */
const lookNow = -1;
const looksAMillisecond = 2000;
/** What telling an error may take after the script has used up its own. */
const tellingMilliseconds = 50;
const tellingMemory = 16 * 1024 * 1024;

const memberNames = ['configure', 'add', 'run', 'answer', 'describe', 'inspect'] as const;
type Members = Readonly<Record<(typeof memberNames)[number], QuickJSHandle>>;

/**
 * A JavaScript engine of its own in which one script runs at a time. Before each run its memory is put
 * back to what it was when the script was ready to run, so that nothing of a run before is there.
 */
export class Sandbox {
  readonly #context: QuickJSContext | QuickJSAsyncContext;
  readonly #runtime: QuickJSRuntime;
  readonly #engineClock: EngineClock;
  readonly #counter: InterruptCounter;
  readonly #image: MemoryImage;
  readonly #prepared = new WeakMap<Script, MemoryDifference>();
  readonly #members: Members;
  #host: ScriptHost | undefined;
  #limits: RunLimits | undefined;
  /** Nanoseconds of the run's clock. */
  #deadline = Infinity;
  #busyDeadline = Infinity;
  #looks = 0;
  #metLimit: number | undefined;
  #hostFailure: { readonly error: unknown } | undefined;
  #isBroken = false;

  /**
   * `model` is an expression of the sandbox's language: a function of the host's function and the global
   * object that sets up what scripts see, and gives `configure`, `answer` and `finish`.
   */
  constructor(
    context: QuickJSContext | QuickJSAsyncContext,
    memory: EngineMemory,
    engineClock: EngineClock,
    model: string,
  ) {
    this.#context = context;
    this.#runtime = context.runtime;
    this.#engineClock = engineClock;
    this.#runtime.setMaxStackSize(stackSize);
    this.#counter = new InterruptCounter(memory);
    this.#learnCounter();
    this.#runtime.setInterruptHandler(() => {
      this.#counter.shorten();
      return this.#isOverdue();
    });
    this.#members = this.#setUp(model);
    this.#image = new MemoryImage(memory);
  }

  /** Whether another script may run in it. Memory that it took never comes back, so it is then given up. */
  get isUsable(): boolean {
    return !this.#isBroken && !this.#image.hasGrown;
  }

  /** Bytes that are put back before each run. */
  get imageBytes(): number {
    return this.#image.byteLength;
  }

  /** Runs a script from its beginning. */
  run(script: Script, host: ScriptHost, limits: RunLimits): RunEnd {
    const failed = this.#open(script, host, limits);
    if (failed !== undefined) return failed;
    return this.#ended(() => this.#callMember('run'));
  }

  /** As `run`, in an engine whose scripts can wait. */
  async runWaiting(script: Script, host: ScriptHost, limits: RunLimits): Promise<RunEnd> {
    const failed = this.#open(script, host, limits);
    if (failed !== undefined) return failed;
    return this.#endedWaiting('run', '');
  }

  /** Hands the script that ran last an answer it asked for. It may use as much time as a run. */
  answer(id: string): RunEnd {
    this.#restartTime();
    return this.#ended(() => {
      const text = this.#context.newString(id);
      return this.#callMember('answer', text);
    });
  }

  /** As `answer`, in an engine whose scripts can wait. */
  async answerWaiting(id: string): Promise<RunEnd> {
    this.#restartTime();
    return this.#endedWaiting('answer', id);
  }

  /** The type and the text of what an expression is worth in the global scope of the script that ran last. */
  inspect(expression: string): { readonly type: string; readonly text: string } | undefined {
    const json = this.#tell('inspect', this.#context.newString(expression));
    if (json === undefined) return undefined;
    const [type, text] = JSON.parse(json) as [unknown, unknown];
    return typeof type === 'string' && typeof text === 'string' ? { type, text } : undefined;
  }

  #learnCounter(): void {
    this.#runtime.setInterruptHandler(() => {
      this.#counter.observe();
      return false;
    });
    const loop = 'for (let step = 0; step < 45000; step += 1);';
    this.#context.unwrapResult(this.#context.evalCode(loop, 'counter')).dispose();
    this.#counter.find();
  }

  #setUp(model: string): Members {
    const context = this.#context;
    const open = context.unwrapResult(context.evalCode(prelude, 'prelude'));
    const openModel = context.unwrapResult(context.evalCode(model, 'model'));
    const called = (operation: QuickJSHandle, first: QuickJSHandle, second: QuickJSHandle) =>
      this.#called(
        context.getNumber(operation),
        context.getString(first),
        context.getString(second),
      );
    // An engine whose scripts can wait takes promises too, which the types say of another method only.
    const call = context.newFunction('call', called as VmFunctionImplementation<QuickJSHandle>);
    const members = context.unwrapResult(
      context.callFunction(open, context.undefined, call, openModel),
    );
    // Asked for once before the image is taken: it is kept in the engine's memory.
    context.getProp(context.global, 'undefined').dispose();
    const handles = memberNames.map((name) => [name, context.getProp(members, name)] as const);
    return Object.fromEntries(handles) as Members;
  }

  #called(operation: number, first: string, second: string) {
    const context = this.#context;
    if (operation === lookNow) {
      this.#counter.now();
      return context.undefined;
    }
    try {
      const answer = this.#host?.call(operation, inward(first), inward(second)) ?? '';
      if (typeof answer === 'string') return context.newString(outward(answer));
      return this.#waitFor(answer);
    } catch (error) {
      return { error: this.#callError(error) };
    }
  }

  /** While the script waits, only its time limit runs on; that ends the waiting too. */
  async #waitFor(answer: Promise<string>) {
    const { clock } = this.#limits ?? {};
    if (clock === undefined) throw new Error('A script waits that does not run');
    const before = clock.nanoseconds();
    const left = (this.#deadline - before) / 1e6;
    let timer: Timer | undefined;
    const overdue = new Promise<string>((resolve) => {
      if (!Number.isFinite(left)) return;
      timer = clock.after(Math.max(0, left) + 1, () => {
        resolve('');
      });
    });
    try {
      return this.#context.newString(outward(await Promise.race([answer, overdue])));
    } catch (error) {
      return { error: this.#callError(error) };
    } finally {
      timer?.cancel();
      this.#busyDeadline += clock.nanoseconds() - before;
      this.#counter.now();
    }
  }

  /** The script sees a message, and nothing else of this program; its own mistakes surface later. */
  #callError(error: unknown): QuickJSHandle {
    if (error instanceof ScriptCallError) {
      return this.#context.newError({ name: 'Error', message: error.message });
    }
    this.#hostFailure ??= { error };
    return this.#context.newError({ name: 'InternalError', message: 'the host failed' });
  }

  /** Puts the script into the memory. Gives what is wrong with it if the engine cannot compile it. */
  #open(script: Script, host: ScriptHost, limits: RunLimits): RunEnd | undefined {
    this.#host = host;
    this.#limits = limits;
    this.#engineClock.now = () => limits.clock.now();
    this.#restartTime();
    const difference = this.#prepared.get(script);
    if (difference === undefined) {
      const failed = this.#prepare(script);
      if (failed !== undefined) return failed;
    } else {
      this.#image.restore();
      difference.apply();
    }
    this.#runtime.setMemoryLimit(limits.memory);
    this.#counter.shorten();
    return undefined;
  }

  #prepare(script: Script): RunEnd | undefined {
    const context = this.#context;
    this.#image.restoreAll();
    context.unwrapResult(this.#callMember('configure', context.newString(script.settings)));
    for (const { name, code } of script.files) {
      const compiled = context.evalCode(code, name);
      if (compiled.error !== undefined) {
        return { kind: 'thrown', thrown: this.#describe(compiled.error) };
      }
      context.unwrapResult(this.#callMember('add', context.newString(name), compiled.value));
    }
    this.#prepared.set(script, this.#image.difference());
    return undefined;
  }

  #callMember(name: keyof Members, ...parameters: QuickJSHandle[]) {
    return this.#context.callFunction(this.#members[name], this.#context.undefined, ...parameters);
  }

  #ended(enter: () => ReturnType<QuickJSContext['callFunction']>): RunEnd {
    try {
      return this.#endOf(enter().error);
    } catch (error) {
      return this.#broken(error);
    }
  }

  async #endedWaiting(member: 'run' | 'answer', parameter: string): Promise<RunEnd> {
    const context = this.#context;
    if (!('evalCodeAsync' in context)) throw new Error('Scripts of this sandbox cannot wait');
    try {
      context.setProp(context.global, '$enter', this.#members[member]);
      const enter = `{const enter=$enter;delete globalThis.$enter;enter(${JSON.stringify(parameter)})}`;
      return this.#endOf((await context.evalCodeAsync(enter)).error);
    } catch (error) {
      return this.#broken(error);
    }
  }

  /** Runs what is left of promises, and says how it all ended. @throws what the host's functions threw */
  #endOf(error: QuickJSHandle | undefined): RunEnd {
    let failed = error;
    while (failed === undefined && this.#runtime.hasPendingJob()) {
      if (this.#isOverdue()) break;
      failed = this.#runtime.executePendingJobs(jobsAtOnce).error;
    }
    if (this.#hostFailure !== undefined) {
      this.#isBroken = true;
      throw this.#hostFailure.error;
    }
    if (this.#metLimit !== undefined) {
      return { kind: 'time-limit', milliseconds: this.#metLimit };
    }
    return failed === undefined
      ? { kind: 'done' }
      : { kind: 'thrown', thrown: this.#describe(failed) };
  }

  /** The engine itself gave up, or something of this program did. */
  #broken(error: unknown): RunEnd {
    this.#isBroken = true;
    if (this.#hostFailure !== undefined) throw this.#hostFailure.error;
    if (this.#metLimit !== undefined) {
      return { kind: 'time-limit', milliseconds: this.#metLimit };
    }
    if (error instanceof RangeError) return { kind: 'exhausted', text: 'stack overflow' };
    if (error instanceof Error && error.name === 'RuntimeError') {
      return { kind: 'exhausted', text: 'the script engine ran out of resources' };
    }
    throw error;
  }

  #describe(error: QuickJSHandle): Thrown {
    const json = this.#tell('describe', error);
    return json === undefined ? { kind: 'value', text: 'Error' } : readThrown(inward(json));
  }

  /** Asks the sandbox about what happened; undefined if that takes too long, or fails. */
  #tell(member: 'describe' | 'inspect', parameter: QuickJSHandle): string | undefined {
    const { clock, memory } = this.#limits ?? {};
    if (clock === undefined || memory === undefined) return undefined;
    const busyDeadline = clock.nanoseconds() + tellingMilliseconds * 1e6;
    this.#deadline = busyDeadline;
    this.#busyDeadline = busyDeadline;
    try {
      this.#runtime.setMemoryLimit(memory + tellingMemory);
      const told = this.#callMember(member, parameter);
      return told.error === undefined ? this.#context.getString(told.value) : undefined;
    } catch {
      this.#isBroken = true;
      return undefined;
    } finally {
      this.#metLimit = undefined;
    }
  }

  #restartTime(): void {
    const { clock, timeLimit, busyLimit } = this.#limits ?? {};
    const now = clock?.nanoseconds() ?? 0;
    this.#deadline = timeLimit === undefined || timeLimit === 0 ? Infinity : now + timeLimit * 1e6;
    this.#busyDeadline = now + (busyLimit ?? 0) * 1e6;
    this.#looks = 0;
    this.#metLimit = undefined;
    this.#hostFailure = undefined;
  }

  /** Asked by the engine again and again; true stops the script, which cannot catch that. */
  #isOverdue(): boolean {
    if (this.#limits === undefined) return false;
    if (this.#metLimit !== undefined) return true;
    const { clock, timeLimit, busyLimit } = this.#limits;
    const now = clock.nanoseconds();
    this.#looks += 1;
    if (now > this.#deadline) this.#metLimit = timeLimit;
    else if (now > this.#busyDeadline || this.#looks > busyLimit * looksAMillisecond) {
      this.#metLimit = busyLimit;
    }
    return this.#metLimit !== undefined;
  }
}

/** Text crosses over as UTF-8 that ends at a NUL; what would not survive goes as JSON behind a mark. */
function outward(text: string): string {
  return text.includes('\0') || text.startsWith('\u0001') ? `\u0001${JSON.stringify(text)}` : text;
}

function inward(text: string): string {
  if (!text.startsWith('\u0001')) return text;
  const value: unknown = JSON.parse(text.slice(1));
  return typeof value === 'string' ? value : '';
}
