import { basename, dirname, resolve } from 'node:path';
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
  const [only, ...others] = bundlesIn(source);
  const bundle = await (only === undefined ? readBundle('apiproxy', source.name, []) : only.read());
  const [second] = others;
  const surplus =
    second === undefined
      ? []
      : [
          diagnosticAt(
            { file: source.name, line: 1, column: 1 },
            'error',
            'several-bundles',
            `It holds ${others.length + 1} bundles, ${bundle.path} and ${second.path} among them.`,
            'Give the path of one of them.',
          ),
        ];
  return { ...bundle, diagnostics: [...surplus, ...source.diagnostics, ...bundle.diagnostics] };
}

/**
 * Loads every bundle below a path, ordered by path; none is fine. What is wrong with the path itself, such
 * as an archive, is among the diagnostics of the first.
 *
 * @throws {DeploymentError} when `path` is missing or cannot be read at all
 */
export async function loadBundles(path: string): Promise<readonly Bundle[]> {
  const source = await readSource(path);
  const bundles: Bundle[] = [];
  for (const unread of bundlesIn(source)) bundles.push(await unread.read());
  const [first, ...others] = bundles;
  if (first === undefined) return [];
  return [{ ...first, diagnostics: [...source.diagnostics, ...first.diagnostics] }, ...others];
}

/** A bundle that was found and not read yet. */
export interface UnreadBundle {
  /** What diagnostics call its folder. */
  readonly path: string;
  readonly files: readonly BundleFile[];
  /** Reads every file once. What is wrong with the source is not among the bundle's diagnostics. */
  read(): Promise<Bundle>;
}

/** The bundles of a source, ordered by path, one at a time to read: together they may be large. */
export function bundlesIn(
  source: BundleSource,
  folders: readonly BundleFolder[] = layOut(source).bundles,
): readonly UnreadBundle[] {
  const files = filesByFolder(source, folders);
  return folders.map((folder) => {
    const below = files.get(folder.path) ?? [];
    const path = nameOf(source, below);
    const read = () => readBundle(bundleKind(folder), path, below, nameAbove(folder, source));
    return { path, files: below, read };
  });
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

/** Name of the folder or archive that a bundle's folder is in. */
function nameAbove({ path }: BundleFolder, source: BundleSource): string {
  const above = path.split('/').at(-2);
  if (above !== undefined) return above;
  if (source.kind === 'zip') return basename(source.name).replace(/\.zip$/i, '');
  const folder = resolve(source.name);
  return basename(path === '' ? dirname(folder) : folder);
}
