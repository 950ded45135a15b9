import { diagnosticAt, type Diagnostic, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { fieldsOf, namedItems } from '../environment/fields.ts';
import { parseLocated, type LocatedMap } from '../environment/located-value.ts';
import type { Bundle } from './bundle.ts';
import type { SourceFile } from './source.ts';

/** A bundle of a workspace that an environment deploys, by the name of its folder. */
export interface Deployment {
  readonly name: string;
  readonly location: Location;
}

export type Deployments = Readonly<Record<Bundle['kind'], readonly Deployment[]>>;

/** Where a workspace keeps its bundles of each kind, in the order in which they are deployed. */
export const workspaceFolders = [
  { folder: 'sharedflows', kind: 'sharedflowbundle' },
  { folder: 'apiproxies', kind: 'apiproxy' },
] as const;

/**
 * Reads an environment's `deployments.json`: `{"proxies":[{"name":"orders"}],"sharedflows":[]}`. Without a
 * readable one nothing is deployed.
 *
 * @throws {DeploymentError} when the file cannot be read
 */
export async function readDeployments(file: SourceFile, report: Report): Promise<Deployments> {
  const text = new TextDecoder().decode(await file.bytes());
  const value = parseLocated(text, file.name, report);
  if (value === undefined) return { sharedflowbundle: [], apiproxy: [] };
  if (value.kind !== 'map') {
    const message = 'Deployments must be an object with proxies and sharedflows.';
    const hint = 'Write e.g. {"proxies":[{"name":"orders"}],"sharedflows":[]}.';
    report(diagnosticAt(value.location, 'error', 'invalid-value', message, hint));
    return { sharedflowbundle: [], apiproxy: [] };
  }
  // Writers of this file spell `sharedflows` in either case, which fields do not mind.
  return {
    sharedflowbundle: namesIn(value, 'sharedflows', report),
    apiproxy: namesIn(value, 'proxies', report),
  };
}

/** The finding about a deployment that names no bundle of the workspace. */
export function deploymentNotFound(
  folder: (typeof workspaceFolders)[number]['folder'],
  { name, location }: Deployment,
): Diagnostic {
  const message = `There is no folder ${folder}/${name} to deploy.`;
  const hint = 'Mend the name, or remove it from deployments.json.';
  return diagnosticAt(location, 'error', 'bundle-not-found', message, hint);
}

function namesIn(deployments: LocatedMap, field: string, report: Report): readonly Deployment[] {
  const entry = fieldsOf(deployments, report).entry(field);
  if (entry === undefined) return [];
  const found = new Map<string, Deployment>();
  for (const { location, value } of namedItems(entry.value, 'The deployments', report)) {
    const name =
      value.kind === 'scalar'
        ? String(value.value ?? '')
        : value.kind === 'map'
          ? fieldsOf(value, report).text('name')
          : undefined;
    if (name !== undefined && /^[^/\\]+$/.test(name) && !/^\.+$/.test(name)) {
      found.set(name, { name, location });
      continue;
    }
    const message = 'A deployment names a folder of the workspace.';
    const hint = 'Write {"name":"NAME"} with the name of a folder.';
    report(diagnosticAt(location, 'error', 'invalid-value', message, hint));
  }
  return [...found.values()];
}
