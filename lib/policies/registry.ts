import { accessControl } from './access-control/access-control.ts';
import type { AccessControlPolicy } from './access-control/grammar.ts';
import { accessEntity } from './access-entity/access-entity.ts';
import type { AccessEntityPolicy } from './access-entity/grammar.ts';
import { assertCondition } from './assert-condition/assert-condition.ts';
import type { AssertConditionPolicy } from './assert-condition/grammar.ts';
import { assignMessage } from './assign-message/assign-message.ts';
import type { AssignMessagePolicy } from './assign-message/grammar.ts';
import { basicAuthentication } from './basic-authentication/basic-authentication.ts';
import type { BasicAuthenticationPolicy } from './basic-authentication/grammar.ts';
import {
  concurrentRatelimit,
  type ConcurrentRatelimitPolicy,
} from './concurrent-ratelimit/concurrent-ratelimit.ts';
import { cors } from './cors/cors.ts';
import type { CorsPolicy } from './cors/grammar.ts';
import { dataCapture } from './data-capture/data-capture.ts';
import type { DataCapturePolicy } from './data-capture/grammar.ts';
import { extractVariables } from './extract-variables/extract-variables.ts';
import type { ExtractVariablesPolicy } from './extract-variables/grammar.ts';
import { flowCallout } from './flow-callout/flow-callout.ts';
import type { FlowCalloutPolicy } from './flow-callout/grammar.ts';
import type { GraphQlPolicy } from './graphql/grammar.ts';
import { graphql } from './graphql/graphql.ts';
import type { HttpModifierPolicy } from './http-modifier/grammar.ts';
import { httpModifier } from './http-modifier/http-modifier.ts';
import type { InvalidateCachePolicy } from './invalidate-cache/grammar.ts';
import { invalidateCache } from './invalidate-cache/invalidate-cache.ts';
import type { JavascriptPolicy } from './javascript/grammar.ts';
import { javascript } from './javascript/javascript.ts';
import type { JsonThreatProtectionPolicy } from './json-threat-protection/grammar.ts';
import { jsonThreatProtection } from './json-threat-protection/json-threat-protection.ts';
import type { JsonToXmlPolicy } from './json-to-xml/grammar.ts';
import { jsonToXml } from './json-to-xml/json-to-xml.ts';
import type { KeyValueMapOperationsPolicy } from './key-value-map-operations/grammar.ts';
import { keyValueMapOperations } from './key-value-map-operations/key-value-map-operations.ts';
import type { LookupCachePolicy } from './lookup-cache/grammar.ts';
import { lookupCache } from './lookup-cache/lookup-cache.ts';
import type { MessageLoggingPolicy } from './message-logging/grammar.ts';
import { messageLogging } from './message-logging/message-logging.ts';
import type { MessageValidationPolicy } from './message-validation/grammar.ts';
import { messageValidation } from './message-validation/message-validation.ts';
import type { OasValidationPolicy } from './oas-validation/grammar.ts';
import { oasValidation } from './oas-validation/oas-validation.ts';
import type { PolicyCore, PolicyType } from './policy-type.ts';
import type { PopulateCachePolicy } from './populate-cache/grammar.ts';
import { populateCache } from './populate-cache/populate-cache.ts';
import type { PublishMessagePolicy } from './publish-message/grammar.ts';
import { publishMessage } from './publish-message/publish-message.ts';
import type { QuotaPolicy } from './quota/grammar.ts';
import { quota } from './quota/quota.ts';
import type { RaiseFaultPolicy } from './raise-fault/grammar.ts';
import { raiseFault } from './raise-fault/raise-fault.ts';
import type { ReadPropertySetPolicy } from './read-property-set/grammar.ts';
import { readPropertySet } from './read-property-set/read-property-set.ts';
import type { RegularExpressionProtectionPolicy } from './regular-expression-protection/grammar.ts';
import { regularExpressionProtection } from './regular-expression-protection/regular-expression-protection.ts';
import type { ResetQuotaPolicy } from './reset-quota/grammar.ts';
import { resetQuota } from './reset-quota/reset-quota.ts';
import type { ResponseCachePolicy } from './response-cache/grammar.ts';
import { responseCache } from './response-cache/response-cache.ts';
import type { ServiceCalloutPolicy } from './service-callout/grammar.ts';
import { serviceCallout } from './service-callout/service-callout.ts';
import type { SpikeArrestPolicy } from './spike-arrest/grammar.ts';
import { spikeArrest } from './spike-arrest/spike-arrest.ts';
import type { StatisticsCollectorPolicy } from './statistics-collector/grammar.ts';
import { statisticsCollector } from './statistics-collector/statistics-collector.ts';
import { traceCapture, type TraceCapturePolicy } from './trace-capture/trace-capture.ts';
import type { XmlThreatProtectionPolicy } from './xml-threat-protection/grammar.ts';
import { xmlThreatProtection } from './xml-threat-protection/xml-threat-protection.ts';
import type { XmlToJsonPolicy } from './xml-to-json/grammar.ts';
import { xmlToJson } from './xml-to-json/xml-to-json.ts';
import type { XslPolicy } from './xsl/grammar.ts';
import { xsl } from './xsl/xsl.ts';

/** Every policy that runs. A new one is one line here and one in `Policy`. */
const policyTypes: readonly PolicyType<PolicyCore>[] = [
  accessControl,
  accessEntity,
  assertCondition,
  assignMessage,
  basicAuthentication,
  concurrentRatelimit,
  cors,
  dataCapture,
  extractVariables,
  flowCallout,
  graphql,
  httpModifier,
  invalidateCache,
  javascript,
  jsonThreatProtection,
  jsonToXml,
  keyValueMapOperations,
  lookupCache,
  messageLogging,
  messageValidation,
  oasValidation,
  populateCache,
  publishMessage,
  quota,
  raiseFault,
  readPropertySet,
  regularExpressionProtection,
  resetQuota,
  responseCache,
  serviceCallout,
  spikeArrest,
  statisticsCollector,
  traceCapture,
  xmlThreatProtection,
  xmlToJson,
  xsl,
];

/** The AST of a policy, discriminated by `type`. */
export type Policy =
  | AccessControlPolicy
  | AccessEntityPolicy
  | AssertConditionPolicy
  | AssignMessagePolicy
  | BasicAuthenticationPolicy
  | ConcurrentRatelimitPolicy
  | CorsPolicy
  | DataCapturePolicy
  | ExtractVariablesPolicy
  | FlowCalloutPolicy
  | GraphQlPolicy
  | HttpModifierPolicy
  | InvalidateCachePolicy
  | JavascriptPolicy
  | JsonThreatProtectionPolicy
  | JsonToXmlPolicy
  | KeyValueMapOperationsPolicy
  | LookupCachePolicy
  | MessageLoggingPolicy
  | MessageValidationPolicy
  | OasValidationPolicy
  | PopulateCachePolicy
  | PublishMessagePolicy
  | QuotaPolicy
  | RaiseFaultPolicy
  | ReadPropertySetPolicy
  | RegularExpressionProtectionPolicy
  | ResetQuotaPolicy
  | ResponseCachePolicy
  | ServiceCalloutPolicy
  | SpikeArrestPolicy
  | StatisticsCollectorPolicy
  | TraceCapturePolicy
  | XmlThreatProtectionPolicy
  | XmlToJsonPolicy
  | XslPolicy;

const byName = new Map(policyTypes.map((policyType) => [policyType.type, policyType]));

/** The policy type whose root element has this name. */
export function policyTypeNamed(name: string): PolicyType<PolicyCore> | undefined {
  return byName.get(name);
}

export function supportedPolicyTypes(): readonly PolicyType<PolicyCore>[] {
  return policyTypes;
}
