import type { Bundle } from '../../bundle/bundle.ts';
import type { Fault } from '../../fault/fault.ts';
import { emptyEnvironment, type Environment } from '../../host/environment.ts';
import { parsePolicy } from '../../policies/read-policy.ts';
import type { Policy } from '../../policies/registry.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';
import type { ObservedCall, ObservedResponse } from '../matching/compare-message.ts';
import { PolicyDoubles, type Doubles } from '../doubles/policy-doubles.ts';
import { playBundles } from '../play/play-bundle.ts';
import { playPolicies } from '../play/play-policy.ts';
import type { Observation, TransactionObservation } from '../play/observation.ts';
import { virtualSurroundings, type Surroundings } from '../play/surroundings.ts';
import type { Case, RequestInit, Upstreams } from '../suite/case.ts';

/** What surrounds something that is played: nothing real. */
export interface PlayOptions {
  /** The client's request: `GET /orders?id=1`, or in full. */
  readonly request?: string | RequestInit;
  /** Answers for policies by their names, before those of `upstreams`. */
  readonly doubles?: Doubles;
  /** Answers by origin. A call that nothing answers fails as if the origin refused connections. */
  readonly upstreams?: Upstreams;
  readonly environment?: Environment;
  /** The moment at which the virtual clock starts, as an ISO 8601 text. */
  readonly now?: string;
  /** Seed of ids and other chance. */
  readonly seed?: number;
}

export interface PlayPolicyOptions extends PlayOptions {
  /** Flow variables before the policy. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Texts by the URL that the policy names them with, such as `jsc://dates.js`. */
  readonly resources?: Readonly<Record<string, string>>;
  readonly phase?: 'request' | 'response';
}

interface PlayedCore {
  /** The fault that ended it, or that fault rules handled. */
  readonly fault: Fault | undefined;
  /** Names of the policies that ran, in order. */
  readonly steps: readonly string[];
  /** Every request that left, in order. */
  readonly calls: readonly ObservedCall[];
  /** Requests that nothing answers. */
  readonly unexpected: readonly ObservedCall[];
}

/** What came of a policy. */
export interface Played extends PlayedCore {
  readonly variables: FlowVariables;
}

/** What came of a request. */
export interface PlayedExchange extends PlayedCore {
  /** Undefined where the request came to no proxy. */
  readonly variables: FlowVariables | undefined;
  readonly response: ObservedResponse;
  /** The fault rule that handled the fault. */
  readonly faultRule: string | undefined;
}

/**
 * Runs one policy, given as XML or parsed, in virtual time and without sockets.
 * @throws {DeploymentError} when it cannot be deployed
 */
export async function playPolicy(
  given: string | Policy,
  options: PlayPolicyOptions = {},
): Promise<Played> {
  const policy = typeof given === 'string' ? parsePolicy(given) : given;
  const { variables, phase, resources = {} } = options;
  const one: Case = {
    ...caseOf(options),
    policy: policy.name,
    ...(variables === undefined ? {} : { variables }),
    ...(phase === undefined ? {} : { phase }),
  };
  const policies = new Map([[policy.name, policy]]);
  const observation = await playPolicies(one, policies, surroundingsOf(options), { resources });
  const [transaction] = observation.transactions;
  if (transaction?.variables === undefined) throw new TypeError('No transaction was observed');
  return { ...coreOf(observation, transaction), variables: transaction.variables };
}

/**
 * Sends one request through bundles, in virtual time and without sockets.
 * @throws {DeploymentError} when they cannot be deployed
 */
export async function playBundle(
  bundles: Bundle | readonly Bundle[],
  options: PlayOptions = {},
): Promise<PlayedExchange> {
  const all = isList(bundles) ? bundles : [bundles];
  const observation = await playBundles(caseOf(options), all, surroundingsOf(options));
  const [transaction] = observation.transactions;
  if (transaction?.response === undefined) throw new TypeError('No response was observed');
  const { response, faultRule, variables } = transaction;
  return { ...coreOf(observation, transaction), response, faultRule, variables };
}

function caseOf({ request }: PlayOptions): Case {
  return { name: 'played', ...(request === undefined ? {} : { request }), expect: {} };
}

function surroundingsOf(options: PlayOptions): Surroundings {
  const { environment = emptyEnvironment, upstreams, now, seed, doubles } = options;
  const setting = {
    ...(upstreams === undefined ? {} : { upstreams }),
    ...(now === undefined ? {} : { now }),
    ...(seed === undefined ? {} : { seed }),
  };
  return virtualSurroundings(setting, environment, {
    doubles: doubles === undefined ? undefined : new PolicyDoubles(doubles),
  });
}

function coreOf(
  { calls, unexpected }: Observation,
  { fault, steps }: TransactionObservation,
): PlayedCore {
  return { fault, steps, calls, unexpected };
}

function isList(bundles: Bundle | readonly Bundle[]): bundles is readonly Bundle[] {
  return Array.isArray(bundles);
}
