import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCallError, type LocalProxies } from '../../lib/connection/local-proxies.ts';
import { emptyEnvironment, type Environment } from '../../lib/host/environment.ts';
import { loadEnvironment } from '../../lib/environment/index.ts';
import {
  checkPolicy,
  createRuntime,
  DeploymentError,
  Fault,
  parsePolicy,
  type CompiledPolicy,
  type Flow,
  type FlowVariables,
  type PolicySurroundings,
  type Runtime,
} from '../../lib/index.ts';
import { sharedFlowNotFound } from '../../lib/policies/flow-callout/faults.ts';
import { policyTypeNamed } from '../../lib/policies/registry.ts';
import { ShiftedClock } from '../support/shifted-clock.ts';
import { LonePassage } from '../../lib/variables/passage.ts';
import { startGoogle } from '../support/google.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import {
  stepsOf,
  wholePolicy,
  type Case,
  type Expected,
  type ExpectedClientResponse,
  type ExpectedFault,
  type ExpectedLocalCall,
  type ExpectedOutcome,
  type ExpectedVariables,
  policyTexts,
  turnsOf,
  type Step,
} from './case.ts';
import { compareCalls, compareDiagnostics, compareVariables, projectHeaders } from './compare.ts';
import { HandOvers } from './hand-overs.ts';
import { openWire, type Wire } from './wire.ts';

/** Deploys a case's policies, runs its transactions, and compares everything it expects. */
export async function playCase(testCase: Case): Promise<void> {
  const environment = await environmentOf(testCase);
  const texts = policyTexts(testCase);
  const { deploys, diagnostics } = testCase.expect;
  const resources = resourcesOf(testCase);
  const found = texts.flatMap((text) =>
    checkPolicy(text, { file: 'SC.xml', environment, resources }),
  );
  if (diagnostics !== undefined) compareDiagnostics(found, diagnostics);
  if (deploys === false) {
    await expectRefusal(texts, testCase, environment);
    return;
  }
  expect(
    found.filter(({ severity }) => severity === 'error'),
    'deployment errors',
  ).to.deep.equal([]);
  await run(testCase, environment);
}

/** The case's `environment` is an environment file. */
async function environmentOf({ environment }: Case): Promise<Environment> {
  if (environment === undefined || Object.keys(environment).length === 0) return emptyEnvironment;
  const folder = await mkdtemp(join(tmpdir(), 'apigee-case-'));
  try {
    const file = join(folder, 'environment.json');
    await writeFile(file, JSON.stringify(environment));
    return (await loadEnvironment(file)).environment;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function resourcesOf({ resources = {} }: Case) {
  const files = new Map(
    Object.entries(resources).map(([url, text]) => [url, Buffer.from(text)] as const),
  );
  return { read: (url: string) => files.get(url) };
}

async function expectRefusal(
  texts: readonly string[],
  testCase: Case,
  environment: Environment,
): Promise<void> {
  const runtime = createRuntime({ environment });
  const resources = resourcesOf(testCase);
  try {
    for (const text of texts) {
      runtime.compile(parsePolicy(text, { file: 'SC.xml' }), { resources });
    }
    expect.fail('The policy deploys, and should not.');
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    const errors = error.diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors, 'errors of the refusal').to.not.deep.equal([]);
  } finally {
    await runtime.close();
  }
}

/** The machine's clock, put forward by steps; or one that stands still between them. */
type CaseClock = ShiftedClock | VirtualClock;

interface LogEntry {
  readonly details: Readonly<Record<string, unknown>>;
  readonly message: string;
}

interface LocalCall extends Required<Pick<ExpectedLocalCall, 'method' | 'query' | 'body'>> {
  readonly target: Pick<ExpectedLocalCall, 'endpoint' | 'path'>;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

async function run(testCase: Case, environment: Environment): Promise<void> {
  const wire = await openWire(testCase);
  const google =
    testCase.tokens === undefined ? undefined : await startGoogle(testCase.tokens, environment);
  const log: LogEntry[] = [];
  const keep = (details: LogEntry['details'], message: string) => log.push({ details, message });
  const localCalls: LocalCall[] = [];
  const handOvers = new HandOvers();
  const { startsAt } = testCase;
  const clock = startsAt === undefined ? new ShiftedClock() : new VirtualClock(startsAt);
  const runtime = createRuntime({
    ...handOvers.options(testCase.entities ?? []),
    environment,
    clock,
    upstreams: wire.mapping,
    log: { warn: keep, error: keep },
    localProxies: localProxies(testCase, localCalls),
    ...(google === undefined ? {} : { tokens: google.provider }),
  });
  try {
    const outcomes = await runTransactions(testCase, runtime, clock);
    await finishBackground(testCase, runtime, wire);
    compareOutcomes(testCase.expect, outcomes);
    compareTraffic(testCase.expect, wire);
    const { expect: wanted } = testCase;
    if (wanted.handedOver !== undefined) handOvers.compare(wanted.handedOver);
    if (wanted.localCalls !== undefined) compareLocalCalls(localCalls, wanted.localCalls);
    if (wanted.tokens !== undefined) {
      expect(google?.requests, 'tokens asked for').to.deep.equal(wanted.tokens);
    }
    for (const { mentions } of wanted.log ?? []) {
      const texts = log.map((entry) => JSON.stringify(entry));
      const holds = texts.some((text) => mentions.every((part) => text.includes(part)));
      expect(holds, `a log entry on ${mentions.join(' and ')} in ${texts.join()}`).to.be.true;
    }
  } finally {
    await wire.close();
    await runtime.close();
    await google?.close();
  }
}

/** What a transaction left: its variables, who ran, and the fault that stopped it. */
interface Outcome {
  readonly variables: FlowVariables;
  readonly ran: readonly CompiledPolicy[];
  readonly fault: Fault | null;
  readonly milliseconds: number;
}

async function runTransactions(
  testCase: Case,
  runtime: Runtime,
  clock: CaseClock,
): Promise<readonly Outcome[]> {
  const programs = compilePrograms(testCase, runtime);
  const outcomes: Outcome[] = [];
  for (const { after = 0, ...turn } of turnsOf(testCase)) {
    clock.advance(after);
    const { request, variables = {}, phase, ...rest } = { ...testCase, ...turn };
    const flow = runtime.newFlow({
      ...(request === undefined ? {} : { request: { message: 'request', ...request } }),
      variables,
    });
    if (phase !== undefined) flow.variables.phase = phase;
    outcomes.push(await runSteps(stepsOf(rest), programs, flow, clock));
  }
  return outcomes;
}

function compilePrograms(testCase: Case, runtime: Runtime): ReadonlyMap<string, CompiledPolicy> {
  const { sharedFlows = {} } = testCase;
  const programs = new Map<string, CompiledPolicy>();
  const policies = new Map(
    policyTexts(testCase).map((text) => [text, parsePolicy(text, { file: 'SC.xml' })] as const),
  );
  const surroundings: PolicySurroundings = {
    sibling: (name) => [...policies.values()].find((policy) => policy.name === name),
    resources: resourcesOf(testCase),
    sharedFlows: {
      run: async (name, flow) => {
        const steps = sharedFlows[name];
        if (steps === undefined) throw sharedFlowNotFound(name);
        for (const text of steps) await programs.get(wholePolicy(text))?.run(flow);
      },
    },
  };
  for (const [text, policy] of policies) {
    programs.set(text, runtime.compile(policy, surroundings));
  }
  return programs;
}

async function runSteps(
  steps: readonly Step[],
  programs: ReadonlyMap<string, CompiledPolicy>,
  flow: Flow,
  clock: CaseClock,
): Promise<Outcome> {
  const { variables } = flow;
  const ran: CompiledPolicy[] = [];
  const started = performance.now();
  const outcome = (fault: Fault | null): Outcome => {
    return { variables, ran, fault, milliseconds: performance.now() - started };
  };
  for (const step of steps) {
    if ('set' in step) {
      for (const [name, value] of Object.entries(step.set)) variables.set(name, value);
    } else if ('later' in step) {
      clock.advance(step.later * 1000);
    } else if ('expect' in step) {
      compareVariables(variables, step.expect);
    } else {
      const program = programs.get(wholePolicy(step.policy));
      if (program === undefined) throw new Error('A step was not compiled.');
      ran.push(program);
      try {
        await program.run(flow);
        // What a step leaves to wait for, such as the callback of a script.
        if (flow.passage instanceof LonePassage) await flow.passage.settled();
      } catch (error) {
        if (error instanceof Fault) return outcome(error);
        throw error;
      }
    }
  }
  return outcome(null);
}

/**
 * Lets calls that nobody waits for come to their end. One that an upstream leaves hanging is broken as
 * soon as it has arrived; every other gets its answer.
 */
async function finishBackground(testCase: Case, runtime: Runtime, wire: Wire): Promise<void> {
  const answers = Object.values(testCase.upstreams ?? {}).flat();
  if (answers.some(({ failure }) => failure === 'hang')) {
    await wire.arrived(testCase.expect.calls?.length ?? 0);
    await wire.close();
  }
  await runtime.close();
}

function compareOutcomes(wanted: Expected, outcomes: readonly Outcome[]): void {
  if (wanted.transactions !== undefined) {
    expect(outcomes.length, 'transactions').to.equal(wanted.transactions.length);
    for (const [index, one] of wanted.transactions.entries()) compareOutcome(outcomes[index], one);
  } else {
    // All but the last must not fail either, where the case says nothing of each.
    for (const outcome of outcomes.slice(0, -1)) compareOutcome(outcome, {});
    const client = wanted.client === undefined ? undefined : clientVariables(wanted.client);
    compareOutcome(outcomes.at(-1), wanted, client);
  }
  for (const { milliseconds } of outcomes) {
    if (wanted.within !== undefined) expect(milliseconds).to.be.below(wanted.within);
  }
  const last = outcomes.at(-1);
  if (wanted.client !== undefined && last !== undefined) {
    compareVariables(last.variables, clientVariables(wanted.client));
  }
}

/** The response that a client gets when no fault rule touches it is the error message. */
function clientVariables({ status, headers, body }: ExpectedClientResponse): ExpectedVariables {
  const lines = Object.entries(headers).map(
    ([name, value]) => [`error.header.${name}.values.string`, value] as const,
  );
  return { 'error.status.code': status, 'error.content': body, ...Object.fromEntries(lines) };
}

/** `client` is the error response, where it is another one than the fault's own. */
function compareOutcome(
  outcome: Outcome | undefined,
  wanted: ExpectedOutcome,
  client?: ExpectedVariables,
): void {
  if (outcome === undefined) throw new Error('A transaction did not run.');
  const { variables, ran, fault } = outcome;
  compareFault(fault, wanted.fault ?? null);
  const last = ran.at(-1);
  if (wanted.fault !== undefined && wanted.fault !== null) {
    if (last === undefined) throw new Error('No policy ran.');
    const response = client ?? defaultResponse(wanted.fault);
    compareVariables(variables, {
      ...faultVariables(wanted.fault, last),
      ...response,
      ...wanted.variables,
    });
  } else {
    const stated = wanted.variables ?? {};
    const succeeded = ran.map(failedVariable).filter((name) => !Object.hasOwn(stated, name));
    compareVariables(variables, Object.fromEntries(succeeded.map((name) => [name, false])));
  }
  compareVariables(variables, wanted.variables ?? {});
}

function compareFault(fault: Fault | null, wanted: ExpectedFault | null): void {
  const found =
    fault === null
      ? null
      : {
          code: fault.code,
          name: fault.name,
          faultstring: fault.faultstring,
          status: fault.status,
        };
  const whole = wanted === null ? null : { name: lastPart(wanted.code), status: 500, ...wanted };
  expect(found, 'fault').to.deep.equal(whole);
}

function lastPart(code: string): string {
  return code.slice(code.lastIndexOf('.') + 1);
}

function failedVariable({ type, name }: CompiledPolicy): string {
  return `${policyTypeNamed(type)?.variablePrefix ?? type}.${name}.failed`;
}

/** What every fault of a step leaves for fault rules. */
function faultVariables({ code, faultstring }: ExpectedFault, policy: CompiledPolicy) {
  return {
    [failedVariable(policy)]: true,
    'fault.name': lastPart(code),
    'fault.category': 'Step',
    'is.error': true,
    'error.message': faultstring,
  };
}

/** The error response of a fault that brings none of its own. */
function defaultResponse({ code, faultstring, status = 500 }: ExpectedFault) {
  const envelope = { fault: { faultstring, detail: { errorcode: code } } };
  return {
    'error.content': JSON.stringify(envelope).replaceAll('/', '\\/'),
    'error.status.code': status,
    'error.header.content-type': 'application/json',
  };
}

function compareTraffic(wanted: Expected, { calls }: Wire): void {
  if (wanted.calls !== undefined) {
    const observed = calls.map(({ origin, request }) => {
      const { method, target, headers, body } = request;
      return { method, url: `${origin}${target}`, headers, body };
    });
    compareCalls(observed, wanted.calls);
  }
  if (wanted.callsTo !== undefined) {
    const counts: Record<string, number> = {};
    for (const { origin } of calls) counts[origin] = (counts[origin] ?? 0) + 1;
    expect(counts, 'calls to each origin').to.deep.equal(wanted.callsTo);
  }
}

function compareLocalCalls(
  observed: readonly LocalCall[],
  wanted: readonly ExpectedLocalCall[],
): void {
  const found = observed.map(({ target, method, query, headers, body }, index) => {
    const mentioned = wanted[index]?.headers ?? {};
    return { ...target, method, query, headers: projectHeaders(headers, mentioned), body };
  });
  const whole = wanted.map((call) => ({ query: '', headers: {}, body: '', ...call }));
  expect(found, 'local calls').to.deep.equal(whole);
}

/** Stands for the other proxies of the environment; a path goes to the longest base path. */
function localProxies({ localProxies: proxies = [] }: Case, calls: LocalCall[]): LocalProxies {
  return {
    call(target, { method, path, query, headers, body }) {
      calls.push({
        target:
          target.kind === 'endpoint'
            ? { endpoint: `${target.proxy}/${target.endpoint}` }
            : { path: `${target.path}${path}` },
        method,
        query,
        headers,
        body: Buffer.from(body ?? []).toString('utf8'),
      });
      const proxy = proxies.find((one) =>
        target.kind === 'endpoint'
          ? one.endpoint === `${target.proxy}/${target.endpoint}`
          : one.path !== undefined && `${target.path}/`.startsWith(`${one.path}/`),
      );
      if (proxy === undefined) {
        return Promise.reject(new LocalCallError('not-found', 'No such proxy.'));
      }
      const { status = 200, reason = 'OK', headers: lines = {}, body: text = '' } = proxy.answer;
      return Promise.resolve({
        status,
        reason,
        version: '1.1',
        headers: Object.entries(lines).flatMap(([name, values]) =>
          (typeof values === 'string' ? [values] : values).map((value) => [name, value] as const),
        ),
        body: Buffer.from(text),
      });
    },
  };
}
