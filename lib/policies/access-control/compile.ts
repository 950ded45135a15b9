import type { OnUnresolved } from '../../template/template.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';
import { compileClientAddresses } from './client-addresses.ts';
import { accessDenied } from './faults.ts';
import type { AccessControlPolicy } from './grammar.ts';
import { compileRules, decision } from './rules.ts';

/**
 * Compiles AccessControl. Every address that counts goes through the rules by itself, and one that is
 * denied denies the request ("AccessControl policy").
 */
export function compileAccessControl(
  policy: AccessControlPolicy,
  { report }: CompileContext,
): Program {
  const onUnresolved: OnUnresolved =
    policy.ignoreUnresolvedVariables?.value === true ? 'ignore' : unresolvedVariable;
  const addressesOf = compileClientAddresses(policy);
  const rulesFor = compileRules(policy.ipRules?.matchRule ?? [], onUnresolved, report);
  const otherwise = policy.ipRules?.noRuleMatchAction ?? 'ALLOW';
  return (flow) => {
    const rules = rulesFor(flow);
    for (const { text, address } of addressesOf(flow)) {
      const matched = address === undefined ? undefined : decision(address, rules);
      if ((matched ?? otherwise) === 'DENY') throw accessDenied(text);
    }
  };
}
