import { basename, resolve } from 'node:path';
import { diagnosticAt } from '../diagnostic/diagnostic.ts';
import type { Bundle } from './bundle.ts';
import { layOut, type BundleFolder } from './layout.ts';
import { readBundle, type BundleFile } from './read-bundle.ts';
import { readSource } from './read-source.ts';
import type { BundleSource, SourceFile } from './source.ts';

/**
 * Loads one API proxy or shared flow from a folder or a zip: the folder `apiproxy` or
 * `sharedflowbundle`, or one that holds it. What is loaded is what is in the folders, whatever the
 * descriptor lists. What is wrong with the files is in the bundle's `diagnostics`.
 *
 * @throws {DeploymentError} when `path` is missing or cannot be read at all
 */
export async function loadBundle(path: string): Promise<Bundle> {
  const source = await readSource(path);
  const [bundle, ...others] = withSourceFindings(await bundlesIn(source), source);
  if (bundle === undefined) return readBundle('apiproxy', source.name, [], source.diagnostics);
  const [second] = others;
  if (second === undefined) return bundle;
  const surplus = diagnosticAt(
    { file: source.name, line: 1, column: 1 },
    'error',
    'several-bundles',
    `It holds ${others.length + 1} bundles, ${bundle.path} and ${second.path} among them.`,
    'Give the path of one of them.',
  );
  return { ...bundle, diagnostics: [surplus, ...bundle.diagnostics] };
}

/**
 * Loads every bundle below a path, ordered by path; none is fine.
 *
 * @throws {DeploymentError} when `path` is missing or cannot be read at all
 */
export async function loadBundles(path: string): Promise<readonly Bundle[]> {
  const source = await readSource(path);
  return withSourceFindings(await bundlesIn(source), source);
}

/** What is wrong with the source itself is told once. */
function withSourceFindings(
  bundles: readonly Bundle[],
  { diagnostics }: BundleSource,
): readonly Bundle[] {
  return bundles.map((bundle, at) =>
    at > 0 ? bundle : { ...bundle, diagnostics: [...diagnostics, ...bundle.diagnostics] },
  );
}

/** The bundles of a source that is read already, ordered by path; what is wrong with the source is not in them. */
export async function bundlesIn(source: BundleSource): Promise<readonly Bundle[]> {
  const folders = layOut(source).bundles;
  const files = filesByFolder(source, folders);
  const bundles: Bundle[] = [];
  for (const folder of folders) {
    const below = files.get(folder.path) ?? [];
    bundles.push(await readBundle(bundleKind(folder), nameOf(source, below), below, []));
  }
  return bundles;
}

function bundleKind({ kind }: BundleFolder): Bundle['kind'] {
  return kind === 'proxy' ? 'apiproxy' : 'sharedflowbundle';
}

function filesByFolder(
  source: BundleSource,
  folders: readonly BundleFolder[],
): ReadonlyMap<string, readonly BundleFile[]> {
  const files = new Map<string, BundleFile[]>(folders.map(({ path }) => [path, []]));
  for (const file of source.files) {
    const folder = folderOf(file, files);
    if (folder === undefined) continue;
    files.get(folder)?.push({ path: file.path.slice(folder === '' ? 0 : folder.length + 1), file });
  }
  return files;
}

/** The outermost bundle folder that a file is in. */
function folderOf(file: SourceFile, folders: ReadonlyMap<string, unknown>): string | undefined {
  if (folders.has('')) return '';
  for (let end = file.path.indexOf('/'); end >= 0; end = file.path.indexOf('/', end + 1)) {
    const folder = file.path.slice(0, end);
    if (folders.has(folder)) return folder;
  }
  return undefined;
}

/** What diagnostics call the bundle's folder: the name of a file in it without the path below. */
function nameOf(source: BundleSource, files: readonly BundleFile[]): string {
  const [first] = files;
  if (first === undefined) return source.name;
  const name = first.file.name.slice(0, -(first.path.length + 1));
  return name === '' ? basename(resolve(source.name)) : name;
}
