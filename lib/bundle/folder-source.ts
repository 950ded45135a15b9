import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { errorCode, fileBytes } from './file-bytes.ts';
import type { SourceLimits } from './limits.ts';
import { aboutFile, byPath, isDebris, type BundleSource, type SourceFile } from './source.ts';

/** Folders of tools, which no bundle needs and which may be huge. */
const toolFolders: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules']);

/**
 * Lists a folder. Symbolic links are followed while they stay inside it; one that leaves it, ends
 * nowhere or closes a circle is reported and left out. Folders of version control and of packages are
 * passed over.
 */
export async function readFolder(
  path: string,
  name: string,
  limits: SourceLimits,
): Promise<BundleSource> {
  const walk = new FolderWalk(path, name, limits);
  await walk.run();
  return { kind: 'folder', name, files: walk.files.sort(byPath), diagnostics: walk.diagnostics };
}

interface Place {
  /** Relative to the source; empty for the source itself. */
  readonly path: string;
  /** Real paths of the folder and of those it was reached through, the source's first. */
  readonly trail: readonly string[];
}

type Target = 'file' | 'folder' | 'other';

class FolderWalk {
  readonly files: SourceFile[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #root: string;
  readonly #name: string;
  readonly #limits: SourceLimits;
  #entries = 0;

  constructor(root: string, name: string, limits: SourceLimits) {
    this.#root = root;
    this.#name = name;
    this.#limits = limits;
  }

  async run(): Promise<void> {
    await this.#readFolder({ path: '', trail: [await realpath(this.#root)] });
  }

  async #readFolder(place: Place): Promise<void> {
    let entries: readonly Dirent[];
    try {
      entries = await readdir(join(this.#root, place.path), { withFileTypes: true });
    } catch (error) {
      const message = `The folder cannot be read (${errorCode(error)}).`;
      this.#report(place.path, 'error', 'unreadable-file', message, 'Check its permissions.');
      return;
    }
    for (const entry of [...entries].sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (this.#entries === this.#limits.folderEntries) {
        this.#reportFull();
        return;
      }
      this.#entries += 1;
      const path = place.path === '' ? entry.name : `${place.path}/${entry.name}`;
      if (!isDebris(path)) await this.#readEntry(entry, path, place);
    }
  }

  async #readEntry(entry: Dirent, path: string, { trail }: Place): Promise<void> {
    const here = trail.at(-1) ?? this.#root;
    if (entry.isSymbolicLink()) {
      const real = await this.#followLink(path, trail);
      if (real !== undefined) await this.#readTarget(real.target, path, [...trail, real.path]);
      return;
    }
    const target = entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other';
    await this.#readTarget(target, path, [...trail, join(here, entry.name)]);
  }

  async #readTarget(target: Target, path: string, trail: readonly string[]): Promise<void> {
    if (target === 'folder') {
      if (toolFolders.has(path.slice(path.lastIndexOf('/') + 1))) return;
      if (trail.length > this.#limits.folderDepth + 1) this.#reportDepth(path);
      else await this.#readFolder({ path, trail });
      return;
    }
    if (target === 'other') {
      const message = 'It is neither a file nor a folder, and is not read.';
      this.#report(path, 'warning', 'not-a-file', message, 'Remove it.');
      return;
    }
    const file = join(this.#root, path);
    const name = this.#nameOf(path);
    this.files.push({ path, name, bytes: () => fileBytes(file, name, this.#limits.fileSize) });
  }

  /** Where a link ends; undefined when it must not be followed. */
  async #followLink(
    path: string,
    trail: readonly string[],
  ): Promise<{ readonly path: string; readonly target: Target } | undefined> {
    const link = join(this.#root, path);
    let real: string;
    let target: Target;
    try {
      real = await realpath(link);
      const found = await stat(real);
      target = found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other';
    } catch (error) {
      const message = `The link cannot be followed (${errorCode(error)}).`;
      this.#report(path, 'warning', 'broken-link', message, 'Remove or mend it.');
      return undefined;
    }
    const [root = real] = trail;
    if (!isWithin(real, root)) {
      const message = 'The link leads outside the folder and is not followed.';
      this.#report(path, 'warning', 'link-outside', message, 'Put a copy in its place.');
      return undefined;
    }
    if (target === 'folder' && trail.some((passed) => isWithin(passed, real))) {
      const message = 'The link leads back to a folder that it is in, and is not followed.';
      this.#report(path, 'warning', 'link-loop', message, 'Remove it.');
      return undefined;
    }
    return { path: real, target };
  }

  #reportDepth(path: string): void {
    const message = `Folders are nested deeper than ${this.#limits.folderDepth}; this one is not read.`;
    this.#report(path, 'error', 'folder-too-deep', message, 'Check a part of the folder.');
  }

  #reportFull(): void {
    if (this.diagnostics.some(({ code }) => code === 'folder-too-large')) return;
    const message = `The folder holds more than ${this.#limits.folderEntries} files and folders; the rest is not read.`;
    this.#report('', 'error', 'folder-too-large', message, 'Check its parts one by one.');
  }

  #report(
    path: string,
    severity: 'error' | 'warning',
    code: string,
    message: string,
    hint: string,
  ): void {
    this.diagnostics.push(aboutFile(this.#nameOf(path), severity, code, message, hint));
  }

  #nameOf(path: string): string {
    if (path === '') return this.#name;
    return this.#name === '.' ? path : `${this.#name.replace(/\/$/, '')}/${path}`;
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
