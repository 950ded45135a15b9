/**
 * Apigee's proxies and policies as a library: read XML into a typed AST, check it as a deployment would,
 * compile it once, run it against flow variables with real HTTP underneath, one policy at a time or
 * whole bundles as a gateway.
 *
 * @module
 */
export type {
  CapturedData,
  CollectedStatistics,
  DataCapture,
  Statistics,
} from './analytics/analytics.ts';
export type {
  Bundle,
  BundlePolicy,
  IntegrationEndpoint,
  PolicyReference,
  PropertySet,
  ProxyEndpoint,
  ResourceFile,
  RouteRuleNode,
  SharedFlow,
  StepNode,
  SupportedPolicy,
  TargetEndpoint,
  UnsupportedPolicy,
} from './bundle/bundle.ts';
export { checkBundle } from './bundle/check-bundle.ts';
export { loadBundle, loadBundles } from './bundle/load-bundle.ts';
export { loadWorkspace, type Workspace } from './bundle/load-workspace.ts';
export type { EgressPolicy } from './connection/egress.ts';
export {
  fixedTokenProvider,
  TokenError,
  type AccessTokenRequest,
  type IdTokenRequest,
  type TokenProvider,
} from './connection/google-tokens.ts';
export {
  forwardingLocalProxies,
  LocalCallError,
  type LocalProxies,
  type LocalRequest,
  type LocalTarget,
} from './connection/local-proxies.ts';
export {
  TransportError,
  type IncomingResponse,
  type OutgoingRequest,
  type Transport,
} from './connection/transport.ts';
export { createUndiciTransport } from './connection/undici-transport.ts';
export type { GivenTransport } from './connection/whole-transport.ts';
export { DeploymentError } from './diagnostic/deployment-error.ts';
export { formatDiagnostic, type Diagnostic, type Severity } from './diagnostic/diagnostic.ts';
export type { Location } from './diagnostic/location.ts';
export type { Entities, Entity, EntityIdentifier, EntityQuery } from './entities/entities.ts';
export { loadEnvironment } from './environment/load-environment.ts';
export { Fault } from './fault/fault.ts';
export type { ClientPeer, ClientRequest } from './flow/client-request.ts';
export type { AccessRecord } from './gateway/dispatcher.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway/gateway.ts';
export type { NodeHandler } from './gateway/node-handler.ts';
export {
  listen,
  type ClientTimeouts,
  type GatewayServer,
  type ListenOptions,
} from './gateway/node-server.ts';
export type { RequestLimits } from './gateway/request-limits.ts';
export { systemClock, type Clock, type Timer } from './host/clock.ts';
export {
  emptyEnvironment,
  type Environment,
  type KeyValueMapSeed,
  type TargetServer,
} from './host/environment.ts';
export type { Host } from './host/host.ts';
export { defaultLimits, type Limits } from './host/limits.ts';
export type { Log } from './host/log.ts';
export { secureRandom, type Random } from './host/random.ts';
export type { FlowValue } from './message/flow-value.ts';
export type {
  CloudLoggingDestination,
  FileDestination,
  FileRotation,
  LogDestination,
  LogLevel,
  MessageLog,
  MessageLogEntry,
  SyslogDestination,
} from './message-log/message-log.ts';
export type { MessageInit } from './message/message-init.ts';
export { Message } from './message/message.ts';
export type { AccessEntityPolicy } from './policies/access-entity/grammar.ts';
export type { ConcurrentRatelimitPolicy } from './policies/concurrent-ratelimit/concurrent-ratelimit.ts';
export type { DataCapturePolicy } from './policies/data-capture/grammar.ts';
export type { PublishMessagePolicy } from './policies/publish-message/grammar.ts';
export type { StatisticsCollectorPolicy } from './policies/statistics-collector/grammar.ts';
export type { TraceCapturePolicy } from './policies/trace-capture/trace-capture.ts';
export type { AccessControlPolicy } from './policies/access-control/grammar.ts';
export type { AssertConditionPolicy } from './policies/assert-condition/grammar.ts';
export type { AssignMessagePolicy } from './policies/assign-message/grammar.ts';
export type { BasicAuthenticationPolicy } from './policies/basic-authentication/grammar.ts';
export type { CompiledPolicy } from './policies/compiled-policy.ts';
export type { CorsPolicy } from './policies/cors/grammar.ts';
export type { ExtractVariablesPolicy } from './policies/extract-variables/grammar.ts';
export type { FlowCalloutPolicy } from './policies/flow-callout/grammar.ts';
export type { MessageLoggingPolicy } from './policies/message-logging/grammar.ts';
export type { GraphQlPolicy } from './policies/graphql/grammar.ts';
export type { HttpModifierPolicy } from './policies/http-modifier/grammar.ts';
export type { JsonThreatProtectionPolicy } from './policies/json-threat-protection/grammar.ts';
export type { InvalidateCachePolicy } from './policies/invalidate-cache/grammar.ts';
export type { KeyValueMapOperationsPolicy } from './policies/key-value-map-operations/grammar.ts';
export type { LookupCachePolicy } from './policies/lookup-cache/grammar.ts';
export type { PopulateCachePolicy } from './policies/populate-cache/grammar.ts';
export type { QuotaPolicy } from './policies/quota/grammar.ts';
export type { RaiseFaultPolicy } from './policies/raise-fault/grammar.ts';
export type { HostPolicy, HostPolicyContext } from './policies/host-policy/host-policy.ts';
export { javaCallouts } from './policies/host-policy/java-callouts.ts';
export {
  childNamed,
  type HostPolicyNode,
  type PolicyTree,
} from './policies/host-policy/policy-tree.ts';
export type { PolicyResources, Program, SharedFlows } from './policies/policy-type.ts';
export {
  checkPolicy,
  parseHostPolicy,
  parsePolicy,
  type CheckPolicyOptions,
  type ReadPolicyOptions,
} from './policies/read-policy.ts';
export type { ReadPropertySetPolicy } from './policies/read-property-set/grammar.ts';
export type { Policy } from './policies/registry.ts';
export type { RegularExpressionProtectionPolicy } from './policies/regular-expression-protection/grammar.ts';
export type { PublishedMessage, Publisher } from './publisher/publisher.ts';
export type { XmlThreatProtectionPolicy } from './policies/xml-threat-protection/grammar.ts';
export type { ResetQuotaPolicy } from './policies/reset-quota/grammar.ts';
export type { ResponseCachePolicy } from './policies/response-cache/grammar.ts';
export type { ServiceCalloutPolicy } from './policies/service-callout/grammar.ts';
export type { SpikeArrestPolicy } from './policies/spike-arrest/grammar.ts';
export {
  createRuntime,
  type FlowSeed,
  type PolicySurroundings,
  type Runtime,
  type RuntimeOptions,
} from './runtime/runtime.ts';
export type { Caches } from './state/caches.ts';
export type { Counters } from './state/counters.ts';
export type { KeyValueMaps, MapId } from './state/key-value-maps.ts';
export { createMemoryState, type MemoryStateOptions } from './state/memory-state.ts';
export { createRedisState, type RedisStateOptions } from './state/redis-state.ts';
export { StateUnavailableError, type Awaitable, type State } from './state/state.ts';
export type { ConditionTree } from './trace/condition-tree.ts';
export { debugSession, debugSessionText, type DebugSession } from './trace/debug-session.ts';
export { directoryTraces, type DirectoryTraces } from './trace/directory-traces.ts';
export { memoryTraces, type MemoryTraces } from './trace/memory-traces.ts';
export type { BodySnapshot, MessageSnapshot } from './trace/message-snapshot.ts';
export type { Recorder, RecorderFor } from './trace/recorder.ts';
export type { Access, Point, TransactionRecord } from './trace/transaction-record.ts';
export type { Flow } from './variables/flow.ts';
export type { FlowPhase, FlowVariables } from './variables/flow-variables.ts';
