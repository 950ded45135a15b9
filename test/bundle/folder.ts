import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A symbolic link, by what it leads to. */
export interface Link {
  readonly to: string;
}

export type Files = Readonly<Record<string, string | Uint8Array | Link>>;

/** Runs `use` with a folder that holds the files, and removes it after. */
export async function inFolder<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'apx-bundle-')));
  try {
    for (const [path, content] of Object.entries(files)) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      if (typeof content === 'string' || content instanceof Uint8Array) {
        await writeFile(file, content);
      } else {
        await symlink(content.to, file);
      }
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
