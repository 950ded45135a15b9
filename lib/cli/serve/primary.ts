import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { exitCode, type ExitCode } from '../exit.ts';
import { stopSignal } from './stop-signal.ts';

/** Set for the one worker that shows findings; the others would repeat them. */
export const spokesman = 'APX_SPOKESMAN';

export interface PrimaryOptions {
  readonly workers: number;
  /** Called once when every worker listens. */
  readonly onReady: (port: number) => void;
  readonly onStopping: () => void;
}

/**
 * Keeps the given number of workers running until a signal comes, then stops them all. Each worker runs
 * this same command and listens on the same port.
 */
export async function runPrimary({
  workers,
  onReady,
  onStopping,
}: PrimaryOptions): Promise<ExitCode> {
  let state: 'starting' | 'ready' | 'stopping' = 'starting';
  let listening = 0;
  const failed = new Promise<ExitCode>((resolve) => {
    const fork = (role: 'speaks' | 'is silent'): void => {
      const worker = cluster.fork({ [spokesman]: role === 'speaks' ? '1' : '' });
      worker.once('listening', ({ port }) => {
        listening += 1;
        // The others would fail as the first does, and might do so before it has said why.
        if (state === 'starting' && listening === 1)
          for (let index = 1; index < workers; index += 1) fork('is silent');
        if (state !== 'starting' || listening < workers) return;
        state = 'ready';
        onReady(port);
      });
      worker.once('exit', (code) => {
        if (state === 'starting') resolve(code === 2 ? exitCode.unusable : exitCode.failed);
        else if (state === 'ready') {
          // One that cannot start is tried again, but not as fast as it fails.
          setTimeout(() => {
            if (state === 'ready') fork(role);
          }, pause).unref();
        }
      });
    };
    fork('speaks');
  });
  const stopped = stopSignal().then(() => exitCode.done);
  const code = await Promise.race([failed, stopped]);
  state = 'stopping';
  onStopping();
  await Promise.all(runningWorkers().map(stop));
  return code;
}

/** Milliseconds before a worker takes the place of one that ended. */
const pause = 1_000;

function runningWorkers(): readonly Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

async function stop(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  const exit = once(worker, 'exit');
  worker.process.kill('SIGTERM');
  await exit;
}
