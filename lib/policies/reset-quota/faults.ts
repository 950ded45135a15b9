import { Fault } from '../../fault/fault.ts';
import { flowValueText } from '../../message/flow-value.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';

/** The faults of ResetQuota ("ResetQuota policy runtime error troubleshooting"). */

export function invalidQuota(name: string): Fault {
  return new Fault({
    code: 'policies.resetquota.InvalidRLPolicy',
    faultstring: `Invalid rate limit policy ${name}`,
    hint: `${name} must be a Quota policy of the same bundle.`,
  });
}

export function quotaNotResolved(): Fault {
  return new Fault({
    code: 'policies.resetquota.FailedToResolveRLPolicy',
    faultstring: 'Failed to resolve rate limit policy',
    hint: 'Name the Quota policy in name, or set the variable that ref names.',
  });
}

/** Where a policy runs, as this fault alone tells it. */
function placeText(policy: string, variables: FlowVariables): string {
  const value = (name: string): string => flowValueText(variables.get(name));
  return (
    `ResetQuotaStepDefinition:${policy};API Proxy:${value('apiproxy.name')};Revision:${value('apiproxy.revision')}` +
    `;Environment:${value('environment.name')};Organization:${value('organization.name')}`
  );
}

export function allowNotResolved(
  policy: string,
  reference: string,
  identifier: string,
  variables: FlowVariables,
): Fault {
  return new Fault({
    code: 'policies.resetquota.FailedToResolveAllowCountRef',
    faultstring: `Failed to resolve allow count reference ${reference} for identifier ${identifier} in ${placeText(policy, variables)}`,
    hint: `${reference} must hold a whole number, 0 or more.`,
  });
}
