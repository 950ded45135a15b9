import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Environment } from '../host/environment.ts';
import type { Bundle } from './bundle.ts';
import type { Check } from './checks/check-context.ts';
import { checkConditions } from './checks/conditions.ts';
import { checkFlows } from './checks/flows.ts';
import { checkPolicies } from './checks/policies.ts';
import { checkProxyEndpoints } from './checks/proxy-endpoints.ts';
import { checkResources } from './checks/resources.ts';
import { checkResponseCaches } from './checks/response-caches.ts';
import { checkRoutes } from './checks/routes.ts';
import { checkSharedFlows } from './checks/shared-flows.ts';
import { checkSteps } from './checks/steps.ts';
import { checkTargetEndpoints } from './checks/target-endpoints.ts';

const checks: readonly Check[] = [
  checkPolicies,
  checkSteps,
  checkConditions,
  checkFlows,
  checkProxyEndpoints,
  checkRoutes,
  checkTargetEndpoints,
  checkSharedFlows,
  checkResources,
  checkResponseCaches,
];

export interface CheckBundleOptions {
  readonly environment?: Environment | undefined;
  /** Policy types that Apigee has and whose implementation the host brings; none unless given. */
  readonly hosted?: ReadonlySet<string>;
}

/**
 * Everything that is wrong with a bundle, as a deployment would check it: what loading it found, and what
 * does not fit together. With an environment, what the bundle wants of it is checked too. Ordered by
 * place; an error among them means that the bundle cannot be deployed.
 */
export function checkBundle(
  bundle: Bundle,
  { environment, hosted = new Set() }: CheckBundleOptions = {},
): readonly Diagnostic[] {
  const diagnostics = bundle.diagnostics.filter(
    (diagnostic) => !isAboutHosted(diagnostic, bundle, hosted),
  );
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  for (const check of checks) check({ bundle, environment, hosted, report });
  return diagnostics.sort(byPlace);
}

/** Compiling the bundle tells it again of a policy that the implementation does not take. */
function isAboutHosted(
  { code, file }: Diagnostic,
  { policies }: Bundle,
  hosted: ReadonlySet<string>,
): boolean {
  if (code !== 'unsupported-policy' || hosted.size === 0) return false;
  return [...policies.values()].some(
    (policy) =>
      policy.kind === 'unsupported' && policy.location.file === file && hosted.has(policy.type),
  );
}

function byPlace(one: Diagnostic, other: Diagnostic): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
