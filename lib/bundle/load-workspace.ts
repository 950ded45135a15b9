import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DeploymentError } from '../diagnostic/deployment-error.ts';
import type { Diagnostic, Report } from '../diagnostic/diagnostic.ts';
import { loadEnvironment } from '../environment/load-environment.ts';
import { emptyEnvironment, type Environment } from '../host/environment.ts';
import type { Bundle, PropertySet } from './bundle.ts';
import {
  deploymentNotFound,
  readDeployments,
  workspaceFolders,
  type Deployment,
  type Deployments,
} from './deployments.ts';
import { loadBundle } from './load-bundle.ts';
import { decodeProperties, readProperties } from './properties-file.ts';
import { readSource } from './read-source.ts';
import { aboutFile, type SourceFile } from './source.ts';

export interface WorkspaceOptions {
  /** Which environment, where the workspace has several. */
  readonly environment?: string | undefined;
}

/** What an environment of a workspace deploys. */
export interface Workspace {
  readonly environment: Environment;
  /** Shared flows first, each kind in the order of `deployments.json`. */
  readonly bundles: readonly Bundle[];
  /** Files of test data such as `src/tests/SUITE/maps.json`, not read. */
  readonly testData: readonly SourceFile[];
  /** About the workspace's own files; what is wrong with a bundle is the bundle's to say. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Loads a workspace in the layout of the emulator and of Cloud Code: `src/main/apigee` with the folders
 * `apiproxies`, `sharedflows` and `environments`. `deployments.json` of the environment says what is
 * deployed; without one everything is.
 *
 * @throws {DeploymentError} when there is no workspace, or its environment cannot be read
 */
export async function loadWorkspace(
  path: string,
  { environment: wanted }: WorkspaceOptions = {},
): Promise<Workspace> {
  const root = await rootOf(path);
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const environments = join(root, 'environments');
  const loaded = (await isFolder(environments))
    ? await loadEnvironment(root, wanted === undefined ? {} : { name: wanted })
    : undefined;
  diagnostics.push(...(loaded?.diagnostics ?? []));
  const environment = loaded?.environment ?? emptyEnvironment;
  const folder = loaded === undefined ? undefined : join(environments, environment.name);
  const scoped = await readScopedResources(folder, report);
  return {
    environment: { ...environment, ...scoped },
    bundles: await readBundles(root, folder, report),
    testData: await testDataBelow(path),
    diagnostics,
  };
}

async function rootOf(path: string): Promise<string> {
  for (const inner of [join('src', 'main', 'apigee'), join('main', 'apigee'), '']) {
    const root = join(path, inner);
    if (await isSharedFlowBundle(root)) continue;
    for (const part of ['apiproxies', 'sharedflows', 'environments']) {
      if (await isFolder(join(root, part))) return root;
    }
  }
  const message = 'It is no workspace: it has no folder src/main/apigee.';
  const hint = 'Give the folder that holds src, or the path of a bundle.';
  throw new DeploymentError([aboutFile(path, 'error', 'workspace-not-found', message, hint)]);
}

/** Its folder `sharedflows` holds flows, where that of a workspace holds bundles. */
async function isSharedFlowBundle(path: string): Promise<boolean> {
  const folder = join(path, 'sharedflows');
  if (!(await isFolder(folder))) return false;
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.some((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.xml'));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function readBundles(
  root: string,
  environment: string | undefined,
  report: Report,
): Promise<readonly Bundle[]> {
  const deployments =
    environment === undefined ? undefined : await deploymentsOf(environment, report);
  const bundles: Bundle[] = [];
  for (const { folder, kind } of workspaceFolders) {
    const all = join(root, folder);
    const toDeploy = deployments === undefined ? await everyBundleIn(all) : deployments[kind];
    for (const deployment of toDeploy) {
      const path = join(all, deployment.name);
      if (await isFolder(path)) bundles.push(await loadBundle(path));
      else report(deploymentNotFound(folder, deployment));
    }
  }
  return bundles;
}

async function everyBundleIn(folder: string): Promise<readonly Deployment[]> {
  if (!(await isFolder(folder))) return [];
  const { files } = await readSource(folder);
  const names = new Set(files.flatMap(({ path }) => path.split('/', 1)));
  return [...names].map((name) => ({ name, location: { file: folder, line: 1, column: 1 } }));
}

async function deploymentsOf(folder: string, report: Report): Promise<Deployments | undefined> {
  const path = join(folder, 'deployments.json');
  if (!(await isFile(path))) {
    const message = 'The environment has no deployments.json; every bundle is deployed.';
    report(aboutFile(folder, 'info', 'no-deployments', message, 'Add one to choose.'));
    return undefined;
  }
  const [file] = (await readSource(path)).files;
  return file === undefined ? undefined : readDeployments(file, report);
}

/** Resources that every proxy of the environment sees: `resources/TYPE/...` in the environment's folder. */
async function readScopedResources(
  folder: string | undefined,
  report: Report,
): Promise<Pick<Environment, 'resources' | 'propertySets'>> {
  const path = folder === undefined ? undefined : join(folder, 'resources');
  if (path === undefined || !(await isFolder(path))) return {};
  const source = await readSource(path);
  for (const diagnostic of source.diagnostics) report(diagnostic);
  const resources = new Map<string, Uint8Array>();
  const propertySets = new Map<string, PropertySet>();
  for (const file of source.files) {
    const slash = file.path.indexOf('/');
    if (slash < 0) continue;
    const type = file.path.slice(0, slash);
    const bytes = await bytesOf(file, report);
    if (bytes === undefined) continue;
    resources.set(`${type}://${file.path.slice(slash + 1)}`, bytes);
    if (type !== 'properties') continue;
    const properties = readProperties(decodeProperties(bytes), { file: file.name, report });
    propertySets.set(basename(file.path).replace(/\.properties$/i, ''), properties);
  }
  return { resources, propertySets };
}

async function bytesOf(file: SourceFile, report: Report): Promise<Uint8Array | undefined> {
  try {
    return await file.bytes();
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    for (const diagnostic of error.diagnostics) report(diagnostic);
    return undefined;
  }
}

async function testDataBelow(path: string): Promise<readonly SourceFile[]> {
  const folder = join(path, 'src', 'tests');
  if (!(await isFolder(folder))) return [];
  const { files } = await readSource(folder);
  return files.filter((file) => file.path.endsWith('.json'));
}
