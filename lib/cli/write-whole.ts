import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from './exit.ts';

/**
 * Writes a file that is there whole or, if anything fails, as it was before.
 * @throws {UsageError} when it cannot be written
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const unfinished = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`);
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file}: it cannot be written: ${why}`);
  }
}
