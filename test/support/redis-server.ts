import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A redis-server of the test's own, which keeps nothing. */
export interface RedisServer {
  /** `unix:/PATH`, as state stores are named. */
  readonly url: string;
  stop(): Promise<void>;
}

const isOnPath = spawnSync('redis-server', ['--version']).status === 0;

/** Why there is no redis-server to test with; undefined if there is one. Where CI is true there must be one. */
export const redisIsMissing: string | undefined =
  isOnPath || process.env['CI'] === 'true' ? undefined : 'redis-server is not on PATH';

/** Starts redis-server on a socket of its own and waits until it takes connections. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'apx-redis-'));
  const socket = join(folder, 'redis.sock');
  const server = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const stop = async (): Promise<void> => {
    if (server.pid !== undefined && server.exitCode === null) {
      const exited = once(server, 'exit');
      server.kill('SIGKILL');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await isReady(server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `unix:${socket}`, stop };
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
