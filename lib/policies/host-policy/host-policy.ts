import type { Environment } from '../../host/environment.ts';
import type { Flow } from '../../variables/flow.ts';
import type { PolicyResources, Program } from '../policy-type.ts';
import type { HostPolicyNode, PolicyTree } from './policy-tree.ts';

/** What an implementation finds while its policy is compiled. */
export interface HostPolicyContext {
  readonly environment: Environment;
  /** The bundle's resource files, by URL such as `java://hmac.jar`; empty where a policy stands alone. */
  readonly resources: PolicyResources;
  /**
   * Compiles a message template, once. What it gives renders it for a transaction; an unresolved variable
   * is empty text where the policy's IgnoreUnresolvedVariables is true, and else the Fault
   * `entities.UnresolvedVariable`.
   */
  readonly template: (text: string, place?: PolicyTree) => (flow: Flow) => string;
  /** Reports why the policy cannot be deployed; the finding has the element's place. */
  readonly refuse: (place: PolicyTree, message: string, hint?: string) => void;
}

/**
 * A host's own implementation of a policy type. Called once for each policy when it is deployed; the
 * program that it gives runs for each transaction, any number of them at once. A program reads and writes
 * `flow.variables`, may wait, and fails by throwing a Fault; anything else that it throws becomes one.
 * Undefined leaves this policy unsupported.
 */
export type HostPolicy = (
  policy: HostPolicyNode,
  context: HostPolicyContext,
) => Program | undefined;

/** Implementations by the name of the policy's root element. */
export type HostPolicies = ReadonlyMap<string, HostPolicy>;
