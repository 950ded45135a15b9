import pc from 'picocolors';
import { main } from '../../lib/cli/main.ts';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Who reads the output: a program, or a person with a terminal that shows colours or not. */
export type Reader = 'program' | 'person' | 'person without colours';

/** Runs `apx` inside this process. */
export async function apx(argv: readonly string[], reader: Reader = 'program'): Promise<Run> {
  let stdout = '';
  let stderr = '';
  const code = await main(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    colors: pc.createColors(reader === 'person'),
    progress: reader === 'program' ? 'none' : 'drawn',
  });
  return { code, stdout, stderr };
}
