import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import pc from 'picocolors';
import { main } from '../../../lib/cli/main.ts';

export interface Recorded {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `apx record` inside this process until `--count` ends it; `use` gets where it listens. */
export async function recorded(
  argv: readonly string[],
  use: (url: string) => Promise<void>,
): Promise<Recorded> {
  let stdout = '';
  let stderr = '';
  let heard: (url: string) => void = () => undefined;
  const listening = new Promise<string>((resolve) => {
    heard = resolve;
  });
  const running = main(['record', '--port', '0', ...argv], {
    stdout: {
      write(text) {
        stdout += text;
        const url = /^listening on (\S+)$/m.exec(stdout)?.[1];
        if (url !== undefined) heard(url);
      },
    },
    stderr: { write: (text) => (stderr += text) },
    colors: pc.createColors(false),
    progress: 'none',
  });
  const url = await Promise.race([listening, running]);
  if (typeof url === 'string') await use(url);
  return { code: await running, stdout, stderr };
}

const root = path.resolve(import.meta.dirname, '../../..');

/** Runs `apx record` as a process, and ends it with a signal after `use`. */
export async function recordedUntil(
  signal: 'SIGTERM' | 'SIGKILL',
  argv: readonly string[],
  use: (url: string) => Promise<void>,
): Promise<number | null> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'lib/cli/apx.ts', 'record', '--port', '0', ...argv],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const closed = once(child, 'close');
  try {
    let stdout = '';
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        const found = /^listening on (\S+)$/m.exec(stdout)?.[1];
        if (found !== undefined) resolve(found);
      });
      void closed.then(() => {
        reject(new Error(`it ended: ${stdout}`));
      });
    });
    await use(url);
    child.kill(signal);
    const [code] = (await closed) as [number | null];
    return code;
  } finally {
    child.kill('SIGKILL');
  }
}
