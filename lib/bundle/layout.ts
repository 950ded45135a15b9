import { basename, resolve } from 'node:path';
import type { BundleSource, SourceFile } from './source.ts';

/** A folder that Apigee deploys as one proxy or shared flow. */
export interface BundleFolder {
  readonly kind: 'proxy' | 'shared-flow';
  /** What diagnostics call it, as files are named. */
  readonly name: string;
  /** Relative to the source, ending in `apiproxy` or the like; empty when the source is this folder. */
  readonly path: string;
}

/**
 * What a file is for, by where it stands:
 * - `policy` is a policy of a bundle, `configuration` another XML file of one, `resource` neither;
 * - `loose` is XML in a source without any bundle, so likely a policy that somebody keeps by itself;
 * - `stray` is XML beside the bundles of a workspace, which may be anything.
 */
export type FileRole = 'policy' | 'configuration' | 'resource' | 'loose' | 'stray';

export interface PlacedFile {
  readonly file: SourceFile;
  readonly role: FileRole;
}

export interface Layout {
  /** Ordered by path. */
  readonly bundles: readonly BundleFolder[];
  /** Every file of the source, in its order. */
  readonly files: readonly PlacedFile[];
}

const bundleKinds: ReadonlyMap<string, BundleFolder['kind']> = new Map([
  ['apiproxy', 'proxy'],
  ['sharedflowbundle', 'shared-flow'],
  // The layout of SAP API Management's exports.
  ['APIProxy', 'proxy'],
]);

/** The folders of a bundle, by what their XML files are. */
const bundleParts: ReadonlyMap<string, FileRole> = new Map([
  ['policies', 'policy'],
  ['proxies', 'configuration'],
  ['targets', 'configuration'],
  ['sharedflows', 'configuration'],
  ['manifests', 'configuration'],
  ['stepdefinitions', 'configuration'],
  ['resources', 'resource'],
  ['Policy', 'policy'],
  ['APIProxyEndPoint', 'configuration'],
  ['APITargetEndPoint', 'configuration'],
  ['APIResource', 'configuration'],
  ['FileResource', 'resource'],
]);

/** Finds the bundles of a source, wherever below it they are, and what each file is for. */
export function layOut(source: BundleSource): Layout {
  const bundles = new Map<string, BundleFolder>();
  const places = source.files.map((file) => {
    const place = placeOf(file.path, source);
    if (place !== undefined) {
      const { kind, path } = place;
      const name = file.name.slice(0, file.name.length - file.path.length + path.length);
      bundles.set(path, { kind, name: name.replace(/\/$/, ''), path });
    }
    return { file, place };
  });
  const outside = bundles.size === 0 ? 'loose' : 'stray';
  return {
    bundles: [...bundles.values()].sort((one, other) => (one.path < other.path ? -1 : 1)),
    files: places.map(({ file, place }) => ({
      file,
      role: place?.role ?? (isXml(file.path) || source.kind === 'file' ? outside : 'resource'),
    })),
  };
}

interface Place {
  readonly kind: BundleFolder['kind'];
  /** The bundle's. */
  readonly path: string;
  readonly role: FileRole;
}

function placeOf(path: string, source: BundleSource): Place | undefined {
  const segments = path.split('/');
  if (source.kind === 'folder') {
    const place = placeBelow(basename(resolve(source.name)), '', segments);
    if (place !== undefined) return place;
  }
  // The outermost bundle counts: what looks like one inside its resources is not.
  for (const [index, segment] of segments.entries()) {
    const folder = segments.slice(0, index + 1).join('/');
    const place = placeBelow(segment, folder, segments.slice(index + 1));
    if (place !== undefined) return place;
  }
  return undefined;
}

/** The place of a file below a folder, if that is a bundle; a mere namesake has other contents. */
function placeBelow(name: string, path: string, below: readonly string[]): Place | undefined {
  const kind = bundleKinds.get(name);
  const [part, ...rest] = below;
  if (kind === undefined || part === undefined) return undefined;
  if (rest.length === 0) return isXml(part) ? { kind, path, role: 'configuration' } : undefined;
  const role = bundleParts.get(part);
  if (role === undefined) return undefined;
  if (!isXml(rest.at(-1) ?? '')) return { kind, path, role: 'resource' };
  return { kind, path, role: role === 'policy' && rest.length > 1 ? 'configuration' : role };
}

function isXml(path: string): boolean {
  return /\.xml$/i.test(path);
}
