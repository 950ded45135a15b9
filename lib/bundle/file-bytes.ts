import { open } from 'node:fs/promises';
import { DeploymentError } from '../diagnostic/deployment-error.ts';
import { unreadable } from './source.ts';

/**
 * The bytes of a file on disk.
 *
 * @param name what diagnostics call the file
 * @throws {DeploymentError} when it cannot be read, is no file, or is longer than `limit` bytes
 */
export async function fileBytes(path: string, name: string, limit: number): Promise<Uint8Array> {
  try {
    await using handle = await open(path);
    const found = await handle.stat();
    if (!found.isFile()) unreadable(name, 'not-a-file', 'It is not a file.', 'Give a file.');
    if (found.size > limit) {
      unreadable(
        name,
        'file-too-large',
        `It has ${found.size} bytes; at most ${limit} are read.`,
        'Split it.',
      );
    }
    return await handle.readFile();
  } catch (error) {
    if (error instanceof DeploymentError) throw error;
    return unreadable(
      name,
      'unreadable-file',
      `It cannot be read (${errorCode(error)}).`,
      'Check that it is still there, and its permissions.',
    );
  }
}

/** The name an operating system's error has, `EACCES`. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}
