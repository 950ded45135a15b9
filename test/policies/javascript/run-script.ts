import {
  createRuntime,
  Fault,
  parsePolicy,
  type Flow,
  type FlowPhase,
  type Runtime,
  type RuntimeOptions,
} from '../../../lib/index.ts';
import { LonePassage } from '../../../lib/variables/passage.ts';

export interface Situation {
  readonly runtime?: Runtime;
  readonly options?: RuntimeOptions;
  readonly flow?: Flow;
  readonly phase?: FlowPhase;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Milliseconds; 500 unless given. */
  readonly timeLimit?: number;
  /** Other files by name; they are included in this order. */
  readonly included?: Readonly<Record<string, string>>;
}

export interface ScriptRun {
  readonly flow: Flow;
  readonly fault: Fault | undefined;
}

/** Runs a script as the file main.js of the policy JS-1, and waits for its callbacks. */
export async function runScript(script: string, situation: Situation = {}): Promise<ScriptRun> {
  const { included = {}, phase, timeLimit = 500, variables = {} } = situation;
  const runtime = situation.runtime ?? createRuntime(situation.options);
  const files = new Map(Object.entries({ ...included, 'main.js': script }));
  const includes = Object.keys(included).map((name) => `<IncludeURL>jsc://${name}</IncludeURL>`);
  const xml = `<Javascript name="JS-1" timeLimit="${timeLimit}"><ResourceURL>jsc://main.js</ResourceURL>${includes.join('')}</Javascript>`;
  const policy = runtime.compile(parsePolicy(xml), {
    resources: {
      read(url) {
        const text = files.get(url.slice('jsc://'.length));
        return text === undefined ? undefined : Buffer.from(text);
      },
    },
  });
  const flow = situation.flow ?? runtime.newFlow({ variables });
  if (phase !== undefined) flow.variables.phase = phase;
  try {
    await policy.run(flow);
    if (flow.passage instanceof LonePassage) await flow.passage.settled();
    return { flow, fault: undefined };
  } catch (error) {
    if (error instanceof Fault) return { flow, fault: error };
    throw error;
  } finally {
    if (situation.runtime === undefined) await runtime.close();
  }
}

/** What the script gave `context.setVariable("x", ...)`. @throws {Fault} when it failed */
export async function valueOf(expression: string, situation: Situation = {}): Promise<unknown> {
  const { flow, fault } = await runScript(`context.setVariable("x", ${expression});`, situation);
  if (fault !== undefined) throw fault;
  return flow.variables.get('x');
}
