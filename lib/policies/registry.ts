import { assignMessage } from './assign-message/assign-message.ts';
import type { AssignMessagePolicy } from './assign-message/grammar.ts';
import { extractVariables } from './extract-variables/extract-variables.ts';
import type { ExtractVariablesPolicy } from './extract-variables/grammar.ts';
import { flowCallout } from './flow-callout/flow-callout.ts';
import type { FlowCalloutPolicy } from './flow-callout/grammar.ts';
import type { JavascriptPolicy } from './javascript/grammar.ts';
import { javascript } from './javascript/javascript.ts';
import type { PolicyCore, PolicyType } from './policy-type.ts';
import type { RaiseFaultPolicy } from './raise-fault/grammar.ts';
import { raiseFault } from './raise-fault/raise-fault.ts';
import type { ServiceCalloutPolicy } from './service-callout/grammar.ts';
import { serviceCallout } from './service-callout/service-callout.ts';

/** Every policy that runs. A new one is one line here and one in `Policy`. */
const policyTypes: readonly PolicyType<PolicyCore>[] = [
  assignMessage,
  extractVariables,
  flowCallout,
  javascript,
  raiseFault,
  serviceCallout,
];

/** The AST of a policy, discriminated by `type`. */
export type Policy =
  | AssignMessagePolicy
  | ExtractVariablesPolicy
  | FlowCalloutPolicy
  | JavascriptPolicy
  | RaiseFaultPolicy
  | ServiceCalloutPolicy;

const byName = new Map(policyTypes.map((policyType) => [policyType.type, policyType]));

/** The policy type whose root element has this name. */
export function policyTypeNamed(name: string): PolicyType<PolicyCore> | undefined {
  return byName.get(name);
}

export function supportedPolicyTypes(): readonly PolicyType<PolicyCore>[] {
  return policyTypes;
}
