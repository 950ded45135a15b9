import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { memoryCases } from './memory-cases.ts';

/** Heap after every hundred thousand of a million callouts; each case in a process of its own. */
export async function memory(): Promise<void> {
  console.log('\nmemory: heap in use after forced collections, MB, every 100 000 callouts\n');
  for (const name of Object.keys(memoryCases)) {
    const run = fork(fileURLToPath(new URL('./memory-run.js', import.meta.url)), [name], {
      execArgv: ['--expose-gc'],
    });
    const [code] = (await once(run, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`memory: ${name} failed`);
  }
}
