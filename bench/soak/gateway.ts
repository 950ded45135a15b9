import { readdir, readlink } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGateway } from '../../lib/gateway/gateway.ts';
import { listen } from '../../lib/gateway/node-server.ts';
import { writtenBundle } from '../written-bundle.ts';
import { soakFiles, type Ports } from './bundle.ts';

/** What a process still holds. */
export interface Holdings {
  /** Bytes, after forced collections. */
  readonly heap: number;
  /** Sockets open, unreferenced ones too; undefined where the system does not tell. */
  readonly sockets: number | undefined;
  /** What keeps the event loop alive, the channel to the parent apart. */
  readonly resources: readonly string[];
}

export interface SoakedGateway {
  readonly port: number;
  holdings(): Promise<Holdings>;
  /** Closes the gateway, and says what is left. */
  close(): Promise<Holdings>;
}

export async function startGateway(ports: Ports): Promise<SoakedGateway> {
  const before = await openSockets();
  const gateway = await createGateway({ bundles: [await writtenBundle(soakFiles(ports))] });
  const server = await listen(gateway, { port: 0 });
  const holdings = async (): Promise<Holdings> => {
    await globalThis.gc?.({ execution: 'async' });
    await globalThis.gc?.({ execution: 'async' });
    const { heapUsed: heap } = process.memoryUsage();
    // The channel to the parent is no business of the gateway's.
    const resources = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap');
    const now = await openSockets();
    return {
      heap,
      sockets: now === undefined || before === undefined ? undefined : now - before,
      resources,
    };
  };
  return {
    port: server.port,
    holdings,
    async close() {
      await server.close();
      // Sockets close over the next turns of the event loop.
      for (let turn = 0; turn < 10; turn += 1) await nextTurn();
      return holdings();
    },
  };
}

async function openSockets(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const folder = '/proc/self/fd';
  const links = await Promise.all(
    (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => '')),
  );
  return links.filter((link) => link.startsWith('socket:')).length;
}
