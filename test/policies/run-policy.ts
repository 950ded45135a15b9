import { expect } from 'chai';
import {
  createRuntime,
  Fault,
  fixedTokenProvider,
  parsePolicy,
  type Flow,
  type FlowPhase,
  type PolicySurroundings,
} from '../../lib/index.ts';

export interface Situation {
  readonly phase?: FlowPhase;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly surroundings?: PolicySurroundings;
}

export interface Run {
  readonly flow: Flow;
  readonly fault: Fault | undefined;
  /** The policy gave a promise, because it had to wait. */
  readonly waited: boolean;
}

/** Runs one policy in a flow of its own. Tokens are the text TOKEN. */
export async function runPolicy(xml: string, situation: Situation = {}): Promise<Run> {
  const { phase, variables = {}, surroundings } = situation;
  const runtime = createRuntime({ tokens: fixedTokenProvider('TOKEN') });
  const flow = runtime.newFlow({ variables });
  if (phase !== undefined) flow.variables.phase = phase;
  let waited = false;
  try {
    const running = runtime.compile(parsePolicy(xml), surroundings).run(flow);
    waited = running !== undefined;
    await running;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { flow, fault: error, waited };
  } finally {
    await runtime.close();
  }
  return { flow, fault: undefined, waited };
}

/** The values of variables after a run that succeeds. */
export async function valuesAfter(
  xml: string,
  names: readonly string[],
  situation: Situation = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { flow, fault } = await runPolicy(xml, situation);
  expect(fault).to.equal(undefined);
  return Object.fromEntries(names.map((name) => [name, flow.variables.get(name) ?? null]));
}
