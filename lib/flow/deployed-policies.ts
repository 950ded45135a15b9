import type { Bundle, BundlePolicy, UnsupportedPolicy } from '../bundle/bundle.ts';
import type { Report } from '../diagnostic/diagnostic.ts';
import { diagnosticAt } from '../diagnostic/diagnostic.ts';
import { Fault } from '../fault/fault.ts';
import { compileHostPolicy } from '../policies/host-policy/compile.ts';
import { compilePolicy } from '../policies/compile-policy.ts';
import { policyTypeNamed } from '../policies/registry.ts';
import { compiledPolicy, type CompiledPolicy } from '../policies/compiled-policy.ts';
import type { CompileContext } from '../policies/policy-type.ts';

/** A policy of a bundle, ready to run. */
export interface DeployedPolicy extends CompiledPolicy {
  /** Why running it does nothing; undefined if it does something. */
  readonly skipped: 'disabled' | 'unsupported' | undefined;
  /** Whether a body that is streamed must be taken in before it runs. */
  readonly touchesPayload: boolean;
}

export type DeployedPolicies = ReadonlyMap<string, DeployedPolicy>;

/** What a step does whose policy type this runtime does not have. */
export type UnsupportedSteps = 'fault' | 'skip';

/** Compiles every policy of a bundle. */
export function deployPolicies(
  bundle: Bundle,
  context: CompileContext,
  unsupported: UnsupportedSteps,
): DeployedPolicies {
  return new Map(
    [...bundle.policies].map(([name, policy]) => [
      name,
      deployPolicy(policy, context, unsupported),
    ]),
  );
}

function deployPolicy(
  policy: BundlePolicy,
  context: CompileContext,
  unsupported: UnsupportedSteps,
): DeployedPolicy {
  if (policy.kind === 'unsupported') {
    return hostedPolicy(policy, context) ?? unsupportedPolicy(policy, unsupported, context.report);
  }
  const compiled = compilePolicy(policy.policy, context);
  const { enabled } = policy.policy;
  return {
    ...compiled,
    skipped: enabled ? undefined : 'disabled',
    touchesPayload:
      enabled && policyTypeNamed(policy.policy.type)?.touchesPayload(policy.policy) !== false,
  };
}

/** A policy that the host runs, if it has an implementation. */
function hostedPolicy(
  policy: UnsupportedPolicy,
  context: CompileContext,
): DeployedPolicy | undefined {
  const implementations = context.hostPolicies ?? new Map();
  const compiled = compileHostPolicy(policy, implementations, context);
  if (compiled === undefined) return undefined;
  const { enabled } = policy;
  // Nobody but the implementation knows what it reads.
  return { ...compiled, skipped: enabled ? undefined : 'disabled', touchesPayload: enabled };
}

function unsupportedPolicy(
  policy: UnsupportedPolicy,
  unsupported: UnsupportedSteps,
  report: Report,
): DeployedPolicy {
  const { type, name, location, enabled, continueOnError } = policy;
  const core = { type, name, continueOnError };
  report(
    diagnosticAt(
      location,
      'warning',
      'unsupported-policy',
      `The policy type ${type} is not supported yet: a step with ${name} ${unsupported === 'skip' ? 'is skipped' : 'raises a fault'}.`,
      unsupported === 'skip'
        ? undefined
        : 'Deploy with --unsupported skip to leave such steps out.',
    ),
  );
  if (!enabled)
    return { ...core, skipped: 'disabled', touchesPayload: false, run: () => undefined };
  if (unsupported === 'skip')
    return { ...core, skipped: 'unsupported', touchesPayload: false, run: () => undefined };
  const compiled = compiledPolicy(policy, { variablePrefix: type.toLowerCase() }, () => {
    throw new Fault({
      code: 'steps.unsupported.UnsupportedPolicy',
      faultstring: `The policy type ${type} of ${name} is not supported`,
    });
  });
  return { ...compiled, skipped: undefined, touchesPayload: false };
}
