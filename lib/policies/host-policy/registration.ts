import { knownPolicyTypes } from '../known-policy-types.ts';
import { policyTypeNamed } from '../registry.ts';
import type { HostPolicies, HostPolicy } from './host-policy.ts';

/**
 * Implementations as options give them, checked.
 *
 * @throws {TypeError} for a policy type that Apigee does not have, or that runs here without help
 */
export function registeredPolicies(given: Readonly<Record<string, HostPolicy>> = {}): HostPolicies {
  for (const type of Object.keys(given)) {
    if (policyTypeNamed(type) !== undefined) {
      throw new TypeError(
        `policies.${type}: this runtime runs ${type} itself; remove the implementation`,
      );
    }
    if (!knownPolicyTypes.has(type)) {
      throw new TypeError(
        `policies.${type}: Apigee has no such policy type; name the root element, such as JavaCallout`,
      );
    }
  }
  return new Map(Object.entries(given));
}
