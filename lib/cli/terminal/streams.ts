import { isatty } from 'node:tty';
import pc from 'picocolors';

type Colors = ReturnType<typeof pc.createColors>;

/** Where a command writes, and whether a person is watching. Tests give their own. */
export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** Colours for stdout; all plain when it is no terminal, or NO_COLOR is set. */
  readonly colors: Colors;
  /** Whether progress may be drawn on stderr. */
  readonly progress: 'drawn' | 'none';
}

export function processStreams(): Streams {
  const { stdout, stderr, env } = process;
  const plain = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
  return {
    stdout,
    stderr,
    colors: pc.createColors(isatty(stdout.fd) && !plain),
    progress: isatty(stderr.fd) && env['CI'] === undefined ? 'drawn' : 'none',
  };
}
