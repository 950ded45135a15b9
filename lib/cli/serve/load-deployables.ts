import { stat } from 'node:fs/promises';
import type { Bundle } from '../../bundle/bundle.ts';
import { loadBundles } from '../../bundle/load-bundle.ts';
import { loadWorkspace, type Workspace } from '../../bundle/load-workspace.ts';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { loadEnvironment } from '../../environment/load-environment.ts';
import { emptyEnvironment, type Environment } from '../../host/environment.ts';
import { UsageError } from '../exit.ts';

/** What paths on the command line hold. */
export interface Deployables {
  readonly bundles: readonly Bundle[];
  readonly environment: Environment;
  /** About workspaces and the environment; what is wrong with a bundle is the bundle's to say. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Loads the bundles below the paths, and the environment: `env` is a path, or the name of an
 * environment of the one workspace among them.
 *
 * @throws {UsageError} for an environment that is neither
 * @throws {DeploymentError} for what cannot be read
 */
export async function loadDeployables(
  paths: readonly string[],
  env: string | undefined,
): Promise<Deployables> {
  const envPath = env !== undefined && (await exists(env)) ? env : undefined;
  const envName = envPath === undefined ? env : undefined;
  const bundles: Bundle[] = [];
  const diagnostics: Diagnostic[] = [];
  let environment: Environment | undefined;
  for (const path of paths) {
    const workspace = await workspaceAt(path, envName, envPath);
    if (workspace === undefined) {
      bundles.push(...(await bundlesAt(path)));
      continue;
    }
    bundles.push(...workspace.bundles);
    diagnostics.push(...workspace.diagnostics);
    environment ??= workspace.environment;
  }
  if (envName !== undefined && environment === undefined) {
    throw new UsageError(
      `--env ${envName}: there is no such file or folder, and no workspace to have an environment of that name`,
    );
  }
  if (envPath !== undefined) {
    const loaded = await loadEnvironment(envPath);
    diagnostics.push(...loaded.diagnostics);
    environment = { ...environment, ...loaded.environment };
  }
  return { bundles, environment: environment ?? emptyEnvironment, diagnostics };
}

async function bundlesAt(path: string): Promise<readonly Bundle[]> {
  const found = await loadBundles(path);
  if (found.length > 0) return found;
  const place = { file: path, line: 1, column: 1 };
  throw new DeploymentError([
    {
      ...place,
      severity: 'error',
      code: 'no-bundle',
      message: 'It holds neither apiproxy nor sharedflowbundle.',
      hint: 'Give a bundle folder, a zip or a workspace.',
    },
  ]);
}

/** A workspace has one environment; the choice among several is the command line's. */
async function workspaceAt(
  path: string,
  name: string | undefined,
  envPath: string | undefined,
): Promise<Workspace | undefined> {
  try {
    return await loadWorkspace(path, { environment: name });
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    const codes = error.diagnostics.map(({ code }) => code);
    if (codes.includes('workspace-not-found')) return undefined;
    // Without a choice every bundle counts, and the environment comes from elsewhere.
    if (envPath !== undefined && codes.every((code) => code === 'environment-not-found')) {
      return undefined;
    }
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
