import type { BackgroundCalls } from '../connection/background-calls.ts';
import type { TokenProvider } from '../connection/google-tokens.ts';
import type { LocalProxies } from '../connection/local-proxies.ts';
import type { Transport } from '../connection/transport.ts';
import type { Report } from '../diagnostic/diagnostic.ts';
import type { DataCapture, Statistics } from '../analytics/analytics.ts';
import type { Entities } from '../entities/entities.ts';
import type { Environment } from '../host/environment.ts';
import type { MapCopies } from '../state/map-copies.ts';
import type { State } from '../state/state.ts';
import type { FlowValue } from '../message/flow-value.ts';
import type { MessageLog } from '../message-log/message-log.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { Flow } from '../variables/flow.ts';
import type { HostPolicies } from './host-policy/host-policy.ts';
import type { PolicyElement } from './policy-grammar.ts';

/** What a running policy reaches beyond its flow. */
export interface PolicyServices {
  readonly transport: Transport;
  readonly tokens: TokenProvider;
  readonly localProxies: LocalProxies;
  readonly background: BackgroundCalls;
  /** What outlives a request: key-value maps, caches, counters. */
  readonly state: State;
  /** Undefined where every Get reads the map itself. */
  readonly mapCopies?: MapCopies | undefined;
  readonly messageLog: MessageLog;
  readonly statistics: Statistics;
  readonly dataCapture: DataCapture;
  readonly publisher: Publisher;
  readonly entities: Entities;
}

/** The resource files that a policy may name. */
export interface PolicyResources {
  /** The file behind `jsc://x.js`, `oas://a.yaml`, ...; undefined if there is none. */
  read(url: string): Uint8Array | undefined;
  /** Where the file stands, for findings about it; the URL itself unless known. */
  place?(url: string): string | undefined;
}

/** The shared flows deployed beside the bundle of a policy. */
export interface SharedFlows {
  /**
   * Runs a shared flow in the caller's transaction. Its parameters are flow variables by now; they are
   * given once more for whoever records what was called.
   * @throws {Fault} whatever a step of it raises, and SharedFlowNotFound
   */
  run(name: string, flow: Flow, parameters: ReadonlyMap<string, FlowValue>): void | Promise<void>;
}

export interface CompileContext {
  readonly report: Report;
  /** Undefined while a policy is checked by itself: what needs an environment is then not checked. */
  readonly environment: Environment | undefined;
  /** Whose tokens Authentication sends: the deployment's service account's, or those of a host's provider. */
  readonly identity: 'service-account' | 'host';
  readonly services: PolicyServices;
  /** The bundle that holds the policy. Undefined where a policy stands alone. */
  readonly bundle?: { readonly name: string };
  /** Undefined where a policy stands alone: then there is no file. */
  readonly resources?: PolicyResources;
  /** Undefined where a policy stands alone: then no shared flow is found. */
  readonly sharedFlows?: SharedFlows;
  /** Implementations that the host registered; none unless given. */
  readonly hostPolicies?: HostPolicies;
  /** Another policy of the same bundle. Undefined where a policy stands alone. */
  readonly sibling?: (name: string) => PolicyCore | undefined;
}

/** A compiled policy without what all policies share. Throws a Fault, or returns a promise that does. */
export type Program = (flow: Flow) => void | Promise<void>;

/** The attributes that every policy's AST has. */
export interface PolicyCore {
  readonly type: string;
  readonly name: string;
  readonly continueOnError: boolean;
  readonly enabled: boolean;
}

/**
 * A policy type is one room: its grammar, its checks, its compile function. Methods, not properties, so
 * that a type for one policy fits the registry of all.
 */
export interface PolicyType<Policy extends PolicyCore> {
  readonly type: Policy['type'];
  readonly grammar: PolicyElement;
  /** First part of the variables it sets: `servicecallout.NAME.failed`. */
  readonly variablePrefix: string;
  /** Another variable that is true after a failure, shared by all policies of the type. */
  readonly sharedFailureVariable?: string;
  /** What of it is supported, for the table of policies: a few words, and what is missing. */
  readonly support: string;
  /** Whether it may read or write the body of the request or of the response; when in doubt, it may. */
  touchesPayload(policy: Policy): boolean;
  /** The deployment's rules that need no environment. */
  check(policy: Policy, report: Report): void;
  /** Compiles once; the program is shared by all transactions. Reports what templates and names get wrong. */
  compile(policy: Policy, context: CompileContext): Program;
  /** Puts in place what a policy brings with it, each time that a deployment with it starts. */
  start?(policy: Policy, context: CompileContext): void;
}
