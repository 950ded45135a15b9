import { createReadStream } from 'node:fs';
import { UsageError } from './exit.ts';

/** No policy and no set of variables is near this; a device that never ends is. */
const longest = 64 * 1024 * 1024;

/**
 * The bytes of a file that a person named. `label` is what the error calls it.
 *
 * @throws {UsageError} for what cannot be read, or is longer than 64 MiB
 */
export async function readInput(file: string, label: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    const bytes: AsyncIterable<Buffer> = createReadStream(file);
    for await (const chunk of bytes) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > longest) throw new UsageError(`${label}: it is longer than 64 MiB`);
    }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${label}: ${problem(error)}`);
  }
  return Buffer.concat(chunks);
}

/** What is wrong with a file, in words rather than in errno's. */
function problem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
      return 'it may not be read';
    default:
      return `it cannot be read (${String(code ?? error)})`;
  }
}
