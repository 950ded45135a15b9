import { resolve, sep } from 'node:path';
import type { Report } from '../diagnostic/diagnostic.ts';
import type { Bundle } from './bundle.ts';
import {
  deploymentNotFound,
  readDeployments,
  workspaceFolders,
  type Deployments,
} from './deployments.ts';
import type { BundleSource } from './source.ts';

/** A bundle's place in a workspace: `ROOT/apiproxies/NAME/apiproxy` or `ROOT/sharedflows/NAME/...`. */
interface Place {
  /** The workspace's folder `main/apigee`, absolute. */
  readonly root: string;
  readonly name: string;
}

/**
 * Whether a source has a bundle in a workspace in the layout of the emulator and of Cloud Code. A bundle
 * elsewhere, as in a repository of samples, has nothing to do with those beside it.
 *
 * @param path of the bundle's folder
 */
export function isInWorkspace(path: string, source: BundleSource): boolean {
  return placeOf(path, source) !== undefined;
}

/**
 * The sets of bundles that a source deploys to one environment each: what the `deployments.json` of each
 * environment of a workspace names, or without any all bundles of the workspace. Reports what is wrong in
 * these files.
 *
 * @param environment the only one to regard, where a workspace has one of that name
 * @throws {DeploymentError} when a `deployments.json` cannot be read
 */
export async function deployedTogether(
  source: BundleSource,
  bundles: readonly Bundle[],
  environment: string | undefined,
  report: Report,
): Promise<readonly (readonly Bundle[])[]> {
  const workspaces = new Map<string, Map<string, Bundle>>();
  for (const bundle of bundles) {
    const place = placeOf(bundle.path, source);
    if (place === undefined) continue;
    const workspace = workspaces.get(place.root) ?? new Map<string, Bundle>();
    workspaces.set(place.root, workspace.set(`${bundle.kind} ${place.name}`, bundle));
  }
  const together: (readonly Bundle[])[] = [];
  for (const [root, workspace] of workspaces) {
    const files = deploymentFiles(source, root);
    const wanted = files.filter(({ name }) => name === environment);
    for (const { file } of wanted.length > 0 ? wanted : files) {
      together.push(deployed(await readDeployments(file, report), workspace, report));
    }
    if (files.length === 0) together.push([...workspace.values()]);
  }
  return together;
}

function placeOf(path: string, source: BundleSource): Place | undefined {
  const found = /^(.*\/main\/apigee)\/(?:apiproxies|sharedflows)\/([^/]+)\/[^/]+$/.exec(
    absolute(path),
  );
  const [, root, name] = found ?? [];
  if (root === undefined || name === undefined) return undefined;
  // Of a part of a workspace nobody knows what the rest would add.
  return root.startsWith(absolute(source.name)) ? { root, name } : undefined;
}

/** Also of a path into a zip, which is none to open but has its place. */
function absolute(path: string): string {
  return resolve(path).replaceAll(sep, '/');
}

function deploymentFiles({ files }: BundleSource, root: string) {
  return files.flatMap((file) => {
    const [, name] = /(?:^|\/)([^/]+)\/deployments\.json$/.exec(file.path) ?? [];
    if (name === undefined) return [];
    const place = `${root}/environments/${name}/deployments.json`;
    return absolute(file.name) === place ? [{ name, file }] : [];
  });
}

function deployed(
  deployments: Deployments,
  workspace: ReadonlyMap<string, Bundle>,
  report: Report,
): readonly Bundle[] {
  return workspaceFolders.flatMap(({ folder, kind }) =>
    deployments[kind].flatMap((deployment) => {
      const bundle = workspace.get(`${kind} ${deployment.name}`);
      if (bundle === undefined) report(deploymentNotFound(folder, deployment));
      return bundle === undefined ? [] : [bundle];
    }),
  );
}
