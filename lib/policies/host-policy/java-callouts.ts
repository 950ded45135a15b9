import type { HostPolicy } from './host-policy.ts';
import { childNamed } from './policy-tree.ts';

/**
 * An implementation of JavaCallout that chooses by ClassName: `javaCallouts({ 'com.acme.Hmac': hmac })`.
 * A policy with another class stays unsupported.
 */
export function javaCallouts(classes: Readonly<Record<string, HostPolicy>>): HostPolicy {
  const byName = new Map(Object.entries(classes));
  return (policy, context) => {
    const className = childNamed(policy.element, 'ClassName')?.text ?? '';
    return byName.get(className)?.(policy, context);
  };
}
