import { createGateway } from '../../gateway/gateway.ts';
import { loadDeployables } from './load-deployables.ts';
import type { ServeOptions } from './options.ts';
import { orRefused, type Refused, type Tell } from './outcome.ts';

/** Deploys and throws away: tells and gives what would be found by serving. */
export function checkDeployables(
  { paths, env, unsupported, undeployable }: ServeOptions,
  tell: Tell,
): Promise<{ readonly kind: 'deployable' } | Refused> {
  return orRefused(async () => {
    const { bundles, environment } = await loadDeployables({ paths, env, undeployable }, tell);
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
    return { kind: 'deployable' };
  }, tell);
}
