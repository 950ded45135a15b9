import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { HostPolicyNode } from '../policies/host-policy/policy-tree.ts';
import type { Policy } from '../policies/registry.ts';
import type { ProxyEndpoint } from './grammar/proxy-endpoint.ts';
import type { SharedFlow } from './grammar/shared-flow.ts';
import type { TargetEndpoint } from './grammar/target-endpoint.ts';
import type { PolicyReference } from './policy-references.ts';

export type { DefaultFaultRuleNode, FaultRuleNode } from './grammar/fault-rules.ts';
export type {
  ConditionalFlowNode,
  EventFlowNode,
  PostClientFlowNode,
  UnconditionalFlowNode,
} from './grammar/flow.ts';
export type { DirectionNode, StepNode } from './grammar/step.ts';
export type {
  HttpProxyConnectionNode,
  ProxyEndpoint,
  RouteRuleNode,
} from './grammar/proxy-endpoint.ts';
export type { PolicyReference } from './policy-references.ts';
export type { SharedFlow } from './grammar/shared-flow.ts';
export type { TargetConnectionNode, TargetEndpoint } from './grammar/target-endpoint.ts';

/** A policy of a bundle. Of a type that Apigee has and this runtime has not, a host may run it. */
export type BundlePolicy = SupportedPolicy | UnsupportedPolicy;

export interface SupportedPolicy {
  readonly kind: 'supported';
  readonly policy: Policy;
  readonly references: readonly PolicyReference[];
}

export interface UnsupportedPolicy extends HostPolicyNode {
  readonly kind: 'unsupported';
  readonly references: readonly PolicyReference[];
}

/** A file below `resources`. */
export interface ResourceFile {
  /** `TYPE://PATH`, as policies name it: `jsc://lib/dates.js`. */
  readonly url: string;
  readonly type: string;
  /** What diagnostics call the file. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** The keys and values of one Java properties file. */
export type PropertySet = ReadonlyMap<string, string>;

/** Route rules may name one; it is known by name only, since integrations are not run here. */
export interface IntegrationEndpoint {
  readonly name: string;
  readonly location: Location;
}

/**
 * An API proxy or a shared flow as its files describe it. Plain data: loading never fails for what the
 * files hold, and `diagnostics` says what is wrong with them. Where two documents share a name the first
 * by path is kept.
 */
export interface Bundle {
  readonly kind: 'apiproxy' | 'sharedflowbundle';
  readonly name: string;
  /** As the descriptor has it, or `1`. */
  readonly revision: string;
  /** Folder of the bundle, or `archive.zip!/apiproxy`. */
  readonly path: string;
  /** Where the descriptor's root element stands, or the start of the bundle without one. */
  readonly location: Location;
  /** What was found while reading the files; `checkBundle` finds what is wrong between them. */
  readonly diagnostics: readonly Diagnostic[];
  readonly policies: ReadonlyMap<string, BundlePolicy>;
  /** Empty in a shared flow bundle, as are `targetEndpoints` and `integrationEndpoints`. */
  readonly proxyEndpoints: ReadonlyMap<string, ProxyEndpoint>;
  readonly targetEndpoints: ReadonlyMap<string, TargetEndpoint>;
  readonly integrationEndpoints: ReadonlyMap<string, IntegrationEndpoint>;
  /** Empty in a proxy bundle. */
  readonly sharedFlows: ReadonlyMap<string, SharedFlow>;
  /** By URL: `jsc://lib/dates.js`. */
  readonly resources: ReadonlyMap<string, ResourceFile>;
  /** By file name without extension: `propertyset.NAME.KEY` reads them. */
  readonly propertySets: ReadonlyMap<string, PropertySet>;
  /** Files whose documents are too broken for an AST, without extension: what they hold is not missing. */
  readonly broken: ReadonlySet<string>;
}
