import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bundle } from '../lib/bundle/bundle.ts';
import { loadBundle } from '../lib/bundle/load-bundle.ts';

/** Loads a bundle from its files' texts, by their paths below `apiproxy`. */
export async function writtenBundle(files: Readonly<Record<string, string>>): Promise<Bundle> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apx-bench-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      const target = path.join(folder, 'apiproxy', file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, text);
    }
    return await loadBundle(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
