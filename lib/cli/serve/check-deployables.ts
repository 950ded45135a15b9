import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { loadDeployables } from './load-deployables.ts';
import type { ServeOptions } from './options.ts';

/**
 * Deploys and throws away: what would be found by serving.
 *
 * @throws {DeploymentError} for what cannot be deployed
 */
export async function checkDeployables(
  { paths, env, unsupported, undeployable }: ServeOptions,
  tell: (diagnostics: readonly Diagnostic[]) => void,
): Promise<void> {
  const { bundles, environment, diagnostics } = await loadDeployables(paths, env);
  tell(diagnostics);
  if (undeployable === 'refuse' && diagnostics.some(({ severity }) => severity === 'error')) {
    throw new DeploymentError([]);
  }
  const gateway = await createGateway({
    bundles,
    environment,
    unsupported,
    undeployable,
    report: (diagnostic) => {
      tell([diagnostic]);
    },
  });
  await gateway.close();
}
