import { stat } from 'node:fs/promises';
import type { Bundle } from '../../bundle/bundle.ts';
import { loadBundles } from '../../bundle/load-bundle.ts';
import { loadWorkspace, type Workspace } from '../../bundle/load-workspace.ts';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { loadEnvironment } from '../../environment/load-environment.ts';
import { emptyEnvironment, type Environment } from '../../host/environment.ts';
import { UsageError } from '../exit.ts';
import type { ServeOptions } from './options.ts';
import type { Tell } from './outcome.ts';

/** What paths on the command line hold. */
export interface Deployables {
  readonly bundles: readonly Bundle[];
  readonly environment: Environment;
  /** The paths that all this was read from. */
  readonly sources: readonly string[];
}

/**
 * Loads the bundles below the paths, and the environment: `env` is a path, or the name of an
 * environment of the one workspace among them. Tells what is found about workspaces and the environment;
 * what is wrong with a bundle is the bundle's to say.
 *
 * @throws {UsageError} for an environment that is neither
 * @throws {DeploymentError} for what cannot be read or has errors, unless these may be left out
 */
export async function loadDeployables(
  { paths, env, undeployable }: Pick<ServeOptions, 'paths' | 'env' | 'undeployable'>,
  tell: Tell,
): Promise<Deployables> {
  const envPath = env !== undefined && (await exists(env)) ? env : undefined;
  const bundles: Bundle[] = [];
  const diagnostics: Diagnostic[] = [];
  let environment: Environment | undefined;
  let isNamed = false;
  for (const path of paths) {
    const named = env === undefined ? undefined : await workspaceWith(env, path, envPath);
    const workspace = named ?? (await workspaceAt(path, envPath));
    if (workspace === undefined) {
      bundles.push(...(await bundlesAt(path)));
      continue;
    }
    isNamed ||= named !== undefined;
    bundles.push(...workspace.bundles);
    diagnostics.push(...workspace.diagnostics);
    environment ??= workspace.environment;
  }
  if (env !== undefined && !isNamed) {
    if (envPath === undefined) {
      throw new UsageError(
        `--env ${env}: there is no such file or folder, and no workspace to have an environment of that name`,
      );
    }
    const loaded = await loadEnvironment(envPath);
    diagnostics.push(...loaded.diagnostics);
    environment = { ...environment, ...loaded.environment };
  }
  if (undeployable === 'refuse' && diagnostics.some(({ severity }) => severity === 'error')) {
    throw new DeploymentError(diagnostics);
  }
  tell(diagnostics);
  return {
    bundles,
    environment: environment ?? emptyEnvironment,
    sources: envPath === undefined ? paths : [...paths, envPath],
  };
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

/** The workspace at a path, if it has an environment of that name, which then goes before a path. */
async function workspaceWith(
  name: string,
  path: string,
  envPath: string | undefined,
): Promise<Workspace | undefined> {
  if (/[\\/]/.test(name)) return undefined;
  return unlessMissing(
    () => loadWorkspace(path, { environment: name }),
    envPath === undefined
      ? ['workspace-not-found']
      : ['workspace-not-found', 'environment-not-found'],
  );
}

/** A workspace with its one environment; where it has several, and a path is given, every bundle counts. */
async function workspaceAt(
  path: string,
  envPath: string | undefined,
): Promise<Workspace | undefined> {
  return unlessMissing(
    () => loadWorkspace(path),
    envPath === undefined
      ? ['workspace-not-found']
      : ['workspace-not-found', 'environment-not-found'],
  );
}

async function unlessMissing(
  load: () => Promise<Workspace>,
  missing: readonly string[],
): Promise<Workspace | undefined> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    const isMissing = error.diagnostics.every(({ code }) => missing.includes(code));
    if (isMissing) return undefined;
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
