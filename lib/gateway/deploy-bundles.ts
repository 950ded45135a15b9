import type { Bundle } from '../bundle/bundle.ts';
import { checkBundle } from '../bundle/check-bundle.ts';
import { checkDeployment } from '../bundle/check-deployment.ts';
import { DeploymentError } from '../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { UnsupportedSteps } from '../flow/deployed-policies.ts';
import { createDeployment, type Deployment } from '../flow/deployment.ts';
import type { Services } from '../runtime/services.ts';

/** What becomes of bundles that cannot be deployed: nothing is, or the others are. */
export type Undeployable = 'refuse' | 'leave-out';

export interface DeployOptions {
  readonly services: Services;
  readonly unsupported: UnsupportedSteps;
  readonly undeployable: Undeployable;
}

export interface Deployed {
  readonly deployment: Deployment;
  readonly bundles: readonly Bundle[];
  /** Every finding, errors of bundles that were left out among them. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks bundles as Apigee would, alone and together, and compiles them.
 *
 * @throws {DeploymentError} with every finding, when one cannot be deployed and is not to be left out
 */
export function deployBundles(bundles: readonly Bundle[], options: DeployOptions): Deployed {
  const { host, hostPolicies, identity } = options.services;
  const { environment } = host;
  const hosted = new Set(hostPolicies.keys());
  const diagnostics: Diagnostic[] = [];
  let candidates = bundles.filter((bundle) => {
    const found = checkBundle(bundle, { environment, identity, hosted });
    diagnostics.push(...found);
    return !found.some(isError);
  });
  for (;;) {
    const found = [...checkDeployment(candidates, environment)];
    const deployment = found.some(isError)
      ? undefined
      : compile(candidates, options, found, diagnostics);
    const errors = found.filter(isError);
    if (deployment !== undefined && errors.length === 0) {
      diagnostics.push(...found);
      if (options.undeployable === 'refuse' && diagnostics.some(isError)) break;
      return { deployment, bundles: candidates, diagnostics };
    }
    diagnostics.push(...(options.undeployable === 'refuse' ? found : errors));
    const left = candidates.filter((bundle) => !errors.some((error) => concerns(error, bundle)));
    // An error that is no bundle's own cannot be left out.
    if (options.undeployable === 'refuse' || left.length === candidates.length) break;
    candidates = left;
  }
  throw new DeploymentError(diagnostics);
}

function compile(
  bundles: readonly Bundle[],
  { services, unsupported }: DeployOptions,
  found: Diagnostic[],
  /** Told already. */
  told: readonly Diagnostic[],
): Deployment {
  const { host, identity, policyServices, hostPolicies } = services;
  const known = new Set([...told, ...found].map(keyOf));
  return createDeployment({
    bundles,
    host,
    services: policyServices,
    identity,
    unsupported,
    hostPolicies,
    report(diagnostic) {
      const key = keyOf(diagnostic);
      if (known.has(key)) return;
      known.add(key);
      found.push(diagnostic);
    },
  });
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function concerns({ file }: Diagnostic, { path }: Bundle): boolean {
  return file === path || file.startsWith(`${path}/`);
}

function keyOf({ file, line, column, code }: Diagnostic): string {
  return `${file}:${line}:${column} ${code}`;
}
