import { Fault } from '../../fault/fault.ts';
import { inPolicy } from '../doubles/running-policy.ts';
import { bodyBytes } from '../suite/body.ts';
import type { Case, RequestInit, Step } from '../suite/case.ts';
import type { CompiledPolicy } from '../../policies/compiled-policy.ts';
import type { Policy } from '../../policies/registry.ts';
import { createRuntime, type Runtime } from '../../runtime/runtime.ts';
import type { Flow } from '../../variables/flow.ts';
import { LonePassage } from '../../variables/passage.ts';
import { requestParts } from '../suite/request.ts';
import type { Check, Observation, TransactionObservation } from './observation.ts';
import { policySurroundings, type BesidePolicies } from './policy-surroundings.ts';
import type { Surroundings } from './surroundings.ts';

/** The policies of a case by the text that its steps name them with. */
export type NamedPolicies = ReadonlyMap<string, Policy>;

type NamedProgram = Pick<CompiledPolicy, 'name' | 'run'>;

/** Runs policies alone, one transaction for each request. Faults are observed, not thrown. */
export async function playPolicies(
  one: Case,
  policies: NamedPolicies,
  surroundings: Surroundings,
  beside: BesidePolicies = {},
): Promise<Observation> {
  const runtime = createRuntime(surroundings.options);
  const { coverage } = surroundings;
  for (const { name, location } of policies.values()) coverage?.knowPolicy(name, location);
  try {
    const around = policySurroundings(beside, runtime);
    const programs = new Map(
      [...policies].map(([text, policy]) => {
        const program = runtime.compile(policy, around);
        const run = (flow: Flow) => {
          coverage?.reached(policy.location);
          return inPolicy(policy.name, () => program.run(flow));
        };
        return [text, { name: program.name, run }] as const;
      }),
    );
    const transactions: TransactionObservation[] = [];
    for (const request of requestsOf(one)) {
      if (request?.after !== undefined) await surroundings.sleep(request.after);
      transactions.push(await playTransaction(one, request, programs, runtime));
    }
    await runtime.close();
    const { calls, unexpected, log } = surroundings;
    return { transactions, calls, unexpected, log };
  } finally {
    await runtime.close();
  }
}

function requestsOf({ request, requests }: Case): readonly (RequestInit | undefined)[] {
  if (requests !== undefined) return requests.map(requestParts);
  return [request === undefined ? undefined : requestParts(request)];
}

async function playTransaction(
  one: Case,
  request: RequestInit | undefined,
  programs: ReadonlyMap<string, NamedProgram>,
  runtime: Runtime,
): Promise<TransactionObservation> {
  const flow = runtime.newFlow({
    ...(request === undefined ? {} : { request: messageInit(request) }),
    ...(one.variables === undefined ? {} : { variables: one.variables }),
  });
  flow.variables.phase = one.phase ?? 'request';
  const ran: string[] = [];
  const checks: Check[] = [];
  let fault: Fault | undefined;
  try {
    for (const [index, step] of stepsOf(one).entries()) {
      await playStep(step, index, { programs, flow, ran, checks });
    }
    if (flow.passage instanceof LonePassage) await flow.passage.settled();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  }
  const { variables } = flow;
  return { response: undefined, fault, faultRule: undefined, steps: ran, variables, checks };
}

/** The steps of a case; a lone policy is one step. */
export function stepsOf({ policy, steps }: Case): readonly Step[] {
  return steps ?? (policy === undefined ? [] : [{ policy }]);
}

interface Playing {
  readonly programs: ReadonlyMap<string, NamedProgram>;
  readonly flow: Flow;
  readonly ran: string[];
  readonly checks: Check[];
}

async function playStep(
  step: Step,
  index: number,
  { programs, flow, ran, checks }: Playing,
): Promise<void> {
  const { variables } = flow;
  if ('set' in step) {
    for (const [name, value] of Object.entries(step.set)) variables.set(name, scalarOf(value));
    return;
  }
  if ('expect' in step) {
    const names = Object.keys(step.expect);
    const found = new Map(names.map((name) => [name, variables.get(name) as unknown]));
    checks.push({ step: index, found });
    return;
  }
  const program = programs.get(step.policy);
  if (program === undefined) throw new TypeError('A step names a policy that was not read');
  ran.push(program.name);
  await program.run(flow);
}

function scalarOf(value: unknown): string | number | boolean | null {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value))
    return value as string | number | boolean | null;
  return JSON.stringify(value);
}

function messageInit({ method, target, headers, body }: RequestInit) {
  return {
    message: 'request' as const,
    ...(method === undefined ? {} : { verb: method }),
    ...(target === undefined ? {} : { path: target }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { content: bodyBytes(body) }),
  };
}
