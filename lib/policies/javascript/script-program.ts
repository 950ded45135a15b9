import { repeatable } from '../../script/failing-call.ts';
import { rhinoError, rhinoText } from '../../script/rhino-error.ts';
import type { RunLimits, Sandbox } from '../../script/sandbox.ts';
import type { SandboxPool } from '../../script/sandbox-pool.ts';
import type { Script } from '../../script/script.ts';
import { readThrown, type RunEnd, type Thrown } from '../../script/thrown.ts';
import type { Flow } from '../../variables/flow.ts';
import type { Fault } from '../../fault/fault.ts';
import { scriptFailed, scriptNotAllowed, timeLimitExceeded } from './faults.ts';
import type { HttpClient } from './http-client.ts';
import { kindOf, sandboxesFor, type ScriptKind } from './sandboxes.ts';
import { ScriptRun } from './script-run.ts';

/** A compiled script and where it runs. */
export class ScriptProgram {
  readonly #policy: string;
  readonly #timeLimit: number;
  readonly #script: Script;
  readonly #httpClient: HttpClient;
  readonly #kind: ScriptKind;
  readonly #sandboxes: SandboxPool;

  /** `timeLimit`: milliseconds; 0 for none. */
  constructor(
    { name, timeLimit }: { readonly name: string; readonly timeLimit: number },
    script: Script,
    httpClient: HttpClient,
  ) {
    this.#policy = name;
    this.#timeLimit = timeLimit;
    this.#script = script;
    this.#httpClient = httpClient;
    this.#kind = kindOf(script);
    this.#sandboxes = sandboxesFor(this.#kind);
  }

  /** Waits only for a sandbox that is not there yet, or where the script itself waits. @throws {Fault} */
  run(flow: Flow): void | Promise<void> {
    const sandbox = this.#sandboxes.take();
    return sandbox instanceof Promise
      ? sandbox.then((ready) => this.#runIn(ready, flow))
      : this.#runIn(sandbox, flow);
  }

  #runIn(sandbox: Sandbox, flow: Flow): void | Promise<void> {
    const run = this.#newRun(flow);
    if (this.#kind === 'waits') return this.#runWaiting(sandbox, run, flow);
    let end: RunEnd | undefined;
    try {
      end = sandbox.run(this.#script, run, this.#limits(flow));
      this.#ended(end, sandbox, run);
    } catch (error) {
      this.#sandboxes.give(sandbox);
      throw error;
    }
    this.#leave(sandbox, run, flow);
    return undefined;
  }

  async #runWaiting(sandbox: Sandbox, run: ScriptRun, flow: Flow): Promise<void> {
    try {
      this.#ended(await sandbox.runWaiting(this.#script, run, this.#limits(flow)), sandbox, run);
    } catch (error) {
      this.#sandboxes.give(sandbox);
      throw error;
    }
    this.#leave(sandbox, run, flow);
  }

  /** The script has run; its callbacks run in the same sandbox, when their answers are there. */
  #leave(sandbox: Sandbox, run: ScriptRun, flow: Flow): void {
    if (run.callbacks.size === 0) this.#sandboxes.give(sandbox);
    else flow.passage.waitFor(this.#callBack(sandbox, run));
  }

  async #callBack(sandbox: Sandbox, run: ScriptRun): Promise<void> {
    try {
      while (run.callbacks.size > 0) {
        const id = await Promise.race(
          [...run.callbacks].map(([one, ended]) => ended.then(() => one)),
        );
        run.callbacks.delete(id);
        this.#ended(
          this.#kind === 'waits' ? await sandbox.answerWaiting(id) : sandbox.answer(id),
          sandbox,
          run,
        );
      }
    } finally {
      this.#sandboxes.give(sandbox);
    }
  }

  #newRun(flow: Flow): ScriptRun {
    return new ScriptRun(flow, {
      kind: this.#kind,
      httpClient: this.#httpClient,
      caught: (json) => {
        // The script goes on, so that nothing is evaluated in its place.
        const { message, file, line } = rhinoError(readThrown(json), this.#script, () => undefined);
        return JSON.stringify({ message, file, line });
      },
    });
  }

  #limits({ host }: Flow): RunLimits {
    const { clock, limits } = host;
    return {
      clock,
      timeLimit: this.#timeLimit,
      busyLimit: limits.scriptMilliseconds,
      memory: limits.scriptMemory,
    };
  }

  #ended(end: RunEnd, sandbox: Sandbox, run: ScriptRun): void {
    switch (end.kind) {
      case 'done':
        return;
      case 'time-limit':
        throw timeLimitExceeded(this.#policy, end.milliseconds);
      case 'exhausted':
        throw scriptFailed(this.#policy, `InternalError: ${end.text}`);
      case 'thrown':
        throw this.#failure(end.thrown, sandbox, run);
    }
  }

  #failure(thrown: Thrown, sandbox: Sandbox, { forbidden }: ScriptRun): Fault {
    const error = rhinoText(
      rhinoError(thrown, this.#script, (file, expression) => {
        const text = repeatable(file, expression);
        return text === undefined ? undefined : sandbox.inspect(`(${text})`);
      }),
    );
    return forbidden !== undefined && error.includes(`Java class "${forbidden}"`)
      ? scriptNotAllowed(this.#policy, error)
      : scriptFailed(this.#policy, error);
  }
}
