import type { Bundle } from './bundle.ts';

/** What a file of a bundle is for, by where it stands in it. */
export type FileRole =
  | 'descriptor'
  | 'policy'
  | 'proxy-endpoint'
  | 'target-endpoint'
  | 'integration-endpoint'
  | 'shared-flow'
  | 'resource'
  /** A file that means nothing here and is no mistake. */
  | 'passed-over'
  /** A document of the other kind of bundle. */
  | 'foreign'
  | 'unexpected';

const ofDocuments: ReadonlyMap<string, FileRole> = new Map([
  ['policies', 'policy'],
  ['proxies', 'proxy-endpoint'],
  ['targets', 'target-endpoint'],
  ['integration-endpoints', 'integration-endpoint'],
  ['sharedflows', 'shared-flow'],
  // SAP API Management's export.
  ['Policy', 'policy'],
  ['APIProxyEndPoint', 'proxy-endpoint'],
  ['APITargetEndPoint', 'target-endpoint'],
]);

const passedOver: ReadonlySet<string> = new Set([
  'manifests',
  'stepdefinitions',
  'APIResource',
  'Documentation',
]);

const foreign: Readonly<Record<Bundle['kind'], ReadonlySet<FileRole>>> = {
  apiproxy: new Set(['shared-flow']),
  sharedflowbundle: new Set(['proxy-endpoint', 'target-endpoint', 'integration-endpoint']),
};

/** @param path of the file below the bundle's folder */
export function fileRole(path: string, kind: Bundle['kind']): FileRole {
  const [folder = '', ...rest] = path.split('/');
  const name = rest.at(-1) ?? folder;
  if (/~$|^\./.test(name)) return 'passed-over';
  const isXml = /\.xml$/i.test(name);
  if (rest.length === 0)
    return isXml ? 'descriptor' : isRemark(name) ? 'passed-over' : 'unexpected';
  if (folder === 'FileResource') return 'resource';
  if (folder === 'resources') return rest.length > 1 ? 'resource' : 'unexpected';
  if (passedOver.has(folder)) return 'passed-over';
  const role = ofDocuments.get(folder);
  if (role === undefined || !isXml || rest.length > 1) return 'unexpected';
  return foreign[kind].has(role) ? 'foreign' : role;
}

function isRemark(name: string): boolean {
  return /\.(md|txt)$/i.test(name);
}

/** Types of the resources that SAP keeps in one folder, by extension. */
const typeOfExtension: ReadonlyMap<string, string> = new Map([
  ['js', 'jsc'],
  ['py', 'py'],
  ['xsl', 'xsl'],
  ['xslt', 'xsl'],
  ['wsdl', 'wsdl'],
  ['xsd', 'xsd'],
]);

/** A resource's type and the path that its URL has, from the path of its file below the bundle's folder. */
export function resourceName(path: string): { readonly type: string; readonly path: string } {
  const [folder, first = '', ...rest] = path.split('/');
  if (folder === 'resources') return { type: first, path: rest.join('/') };
  const below = [first, ...rest].join('/');
  const extension = /\.([^./]+)$/.exec(below)?.[1]?.toLowerCase() ?? '';
  return { type: typeOfExtension.get(extension) ?? extension, path: below };
}
