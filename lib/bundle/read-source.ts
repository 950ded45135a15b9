import { access, constants, open, stat } from 'node:fs/promises';
import { basename, normalize, sep } from 'node:path';
import { errorCode, fileBytes } from './file-bytes.ts';
import { readFolder } from './folder-source.ts';
import { defaultSourceLimits, type SourceLimits } from './limits.ts';
import { unreadable, type BundleSource } from './source.ts';
import { readZip } from './zip-source.ts';

/**
 * Lists the files of a folder or a zip; any other file is a source of its own. A zip is known by its
 * first bytes or its extension.
 *
 * A file is named as an editor opens it from the working directory, `bundle/apiproxy/policies/a.xml`;
 * inside a zip `bundle.zip!/apiproxy/policies/a.xml`.
 *
 * @throws {DeploymentError} when `path` is missing or cannot be read at all; what else is wrong is in
 *   the source's `diagnostics`
 */
export async function readSource(
  path: string,
  limits: SourceLimits = defaultSourceLimits,
): Promise<BundleSource> {
  const name = displayName(path);
  const kind = await kindOf(path, name);
  switch (kind) {
    case 'folder':
      return readFolder(path, name, limits);
    case 'zip':
      return readZip(name, await fileBytes(path, name, limits.archiveSize), limits);
    case 'file': {
      const bytes = () => fileBytes(path, name, limits.fileSize);
      return { kind, name, files: [{ path: basename(name), name, bytes }], diagnostics: [] };
    }
  }
}

/** `./bundle/` and `bundle` are one source with one name. */
function displayName(path: string): string {
  return normalize(path)
    .replaceAll(sep, '/')
    .replace(/(?<=.)\/$/, '');
}

async function kindOf(path: string, name: string): Promise<BundleSource['kind']> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      await access(path, constants.R_OK | constants.X_OK);
      return 'folder';
    }
    // A pipe or a device may never end.
    if (found.isFile()) {
      return /\.zip$/i.test(path) || (await startsLikeZip(path)) ? 'zip' : 'file';
    }
  } catch (error) {
    const code = errorCode(error);
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    return unreadable(
      name,
      missing ? 'source-not-found' : 'unreadable-source',
      missing ? 'There is no such file or folder.' : `It cannot be read (${code}).`,
      missing ? 'Check the path.' : 'Check its permissions.',
    );
  }
  return unreadable(
    name,
    'unreadable-source',
    'It is neither a file nor a folder.',
    'Give a policy file, a bundle folder, a zip or a workspace.',
  );
}

/** A first entry, an empty archive, or a spanned one. */
const zipSignatures = ['504b0304', '504b0506', '504b0708'];

async function startsLikeZip(path: string): Promise<boolean> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  return zipSignatures.includes(buffer.subarray(0, bytesRead).toString('hex'));
}
