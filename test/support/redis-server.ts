import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A redis-server of the test's own, which keeps nothing. */
export interface RedisServer {
  /** `unix:/PATH`, as state stores are named. */
  readonly url: string;
  /** Stops answering, and holds its connections open, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Ends at once, as in a crash. */
  kill(): Promise<void>;
  /** After `kill`: starts anew, empty, in the same place. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const isOnPath = spawnSync('redis-server', ['--version']).status === 0;

/** Why there is no redis-server to test with; undefined if there is one. Where CI is true there must be one. */
export const redisIsMissing: string | undefined =
  isOnPath || process.env['CI'] === 'true'
    ? undefined
    : 'redis-server is not on PATH; apt-get install redis-server, or brew install redis';

/** Starts redis-server on a socket of its own and waits until it takes connections. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'apx-redis-'));
  const socket = join(folder, 'redis.sock');
  let server = launch(socket, folder);
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  const stop = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await isReady(server);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `unix:${socket}`,
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    kill,
    async restart() {
      await rm(socket, { force: true });
      server = launch(socket, folder);
      await isReady(server);
    },
    stop,
  };
}

function launch(socket: string, folder: string): ChildProcess {
  return spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

async function isReady(server: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => {
      reject(new Error(`redis-server did not start: ${log}`));
    });
    server.stdout?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (/ready to accept connections/i.test(log)) resolve();
    });
  });
}
