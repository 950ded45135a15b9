import { assignMessage } from './assign-message/assign-message.ts';
import type { AssignMessagePolicy } from './assign-message/grammar.ts';
import { extractVariables } from './extract-variables/extract-variables.ts';
import type { ExtractVariablesPolicy } from './extract-variables/grammar.ts';
import { flowCallout } from './flow-callout/flow-callout.ts';
import type { FlowCalloutPolicy } from './flow-callout/grammar.ts';
import type { InvalidateCachePolicy } from './invalidate-cache/grammar.ts';
import { invalidateCache } from './invalidate-cache/invalidate-cache.ts';
import type { KeyValueMapOperationsPolicy } from './key-value-map-operations/grammar.ts';
import { keyValueMapOperations } from './key-value-map-operations/key-value-map-operations.ts';
import type { LookupCachePolicy } from './lookup-cache/grammar.ts';
import { lookupCache } from './lookup-cache/lookup-cache.ts';
import type { PolicyCore, PolicyType } from './policy-type.ts';
import type { PopulateCachePolicy } from './populate-cache/grammar.ts';
import { populateCache } from './populate-cache/populate-cache.ts';
import type { QuotaPolicy } from './quota/grammar.ts';
import { quota } from './quota/quota.ts';
import type { RaiseFaultPolicy } from './raise-fault/grammar.ts';
import { raiseFault } from './raise-fault/raise-fault.ts';
import type { ResetQuotaPolicy } from './reset-quota/grammar.ts';
import { resetQuota } from './reset-quota/reset-quota.ts';
import type { ResponseCachePolicy } from './response-cache/grammar.ts';
import { responseCache } from './response-cache/response-cache.ts';
import type { ServiceCalloutPolicy } from './service-callout/grammar.ts';
import { serviceCallout } from './service-callout/service-callout.ts';
import type { SpikeArrestPolicy } from './spike-arrest/grammar.ts';
import { spikeArrest } from './spike-arrest/spike-arrest.ts';

/** Every policy that runs. A new one is one line here and one in `Policy`. */
const policyTypes: readonly PolicyType<PolicyCore>[] = [
  assignMessage,
  extractVariables,
  flowCallout,
  invalidateCache,
  keyValueMapOperations,
  lookupCache,
  populateCache,
  quota,
  raiseFault,
  resetQuota,
  responseCache,
  serviceCallout,
  spikeArrest,
];

/** The AST of a policy, discriminated by `type`. */
export type Policy =
  | AssignMessagePolicy
  | ExtractVariablesPolicy
  | FlowCalloutPolicy
  | InvalidateCachePolicy
  | KeyValueMapOperationsPolicy
  | LookupCachePolicy
  | PopulateCachePolicy
  | QuotaPolicy
  | RaiseFaultPolicy
  | ResetQuotaPolicy
  | ResponseCachePolicy
  | ServiceCalloutPolicy
  | SpikeArrestPolicy;

const byName = new Map(policyTypes.map((policyType) => [policyType.type, policyType]));

/** The policy type whose root element has this name. */
export function policyTypeNamed(name: string): PolicyType<PolicyCore> | undefined {
  return byName.get(name);
}

export function supportedPolicyTypes(): readonly PolicyType<PolicyCore>[] {
  return policyTypes;
}
