import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Host } from '../../lib/host/host.ts';
import { directoryTraces } from '../../lib/trace/directory-traces.ts';
import { clientRequest, deploy, fixedHost, runToEnd } from './play.ts';
import { checksSharedFlow, ordersProxy } from './orders-proxy.ts';

interface Told {
  readonly details: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A host with message ids of its own, and what its log was told. */
function listeningHost(ids: () => string): { readonly host: Host; readonly told: Told[] } {
  const told: Told[] = [];
  const log = {
    warn: () => undefined,
    error: (details: Told['details'], message: string) => {
      told.push({ details, message });
    },
  };
  return { host: { ...fixedHost, log, random: { ...fixedHost.random, uuid: ids } }, told };
}

async function inDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'apx-trace-'));
  try {
    await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function play(host: Host, count: number, traces: ReturnType<typeof directoryTraces>) {
  const deployment = await deploy({ proxy: ordersProxy, sharedFlow: checksSharedFlow, host });
  const requests = Array.from({ length: count }, () => clientRequest({ target: '/orders/7' }));
  const answers = await Promise.all(
    requests.map((request) => runToEnd(deployment, request, traces.recorderFor())),
  );
  await traces.settled();
  return answers;
}

describe('traces in a directory', () => {
  it('are one file a transaction, named by time and message id', () =>
    inDirectory(async (directory) => {
      let count = 0;
      const { host } = listeningHost(() => `id-${++count}`);
      const below = path.join(directory, 'made', 'on demand');
      await play(host, 3, directoryTraces(below));
      const files = await readdir(below);
      expect(files.toSorted()).to.deep.equal([
        '20150425T202000187Z-id-1.json',
        '20150425T202000187Z-id-2.json',
        '20150425T202000187Z-id-3.json',
      ]);
      const text = await readFile(path.join(below, files[0] ?? ''), 'utf8');
      expect(JSON.parse(text)).to.have.keys('DebugSession', 'Messages');
      const { mode } = await stat(path.join(below, files[0] ?? ''));
      expect(mode & 0o077).to.equal(0);
    }));

  it('stay in the directory, whatever a message id holds', () =>
    inDirectory(async (directory) => {
      const { host } = listeningHost(() => '../../etc/passwd\0\n*');
      await play(host, 1, directoryTraces(directory));
      expect(await readdir(directory)).to.deep.equal([
        '20150425T202000187Z-______etc_passwd___.json',
      ]);
    }));

  it('fail no request when they cannot be written, and say so once', () =>
    inDirectory(async (directory) => {
      const file = path.join(directory, 'file');
      await writeFile(file, '');
      const { host, told } = listeningHost(() => 'id');
      const answers = await play(host, 3, directoryTraces(file));
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
      expect(told.map(({ message }) => message)).to.deep.equal(['A trace could not be written']);
    }));

  it('are dropped while too many are being written, and leave nothing unfinished', () =>
    inDirectory(async (directory) => {
      let count = 0;
      const { host, told } = listeningHost(() => `id-${++count}`);
      await play(host, 20, directoryTraces(directory, 2));
      const files = await readdir(directory);
      expect(files).to.have.length.within(2, 19);
      expect(files.filter((name) => !name.endsWith('.json'))).to.deep.equal([]);
      expect(told).to.have.length(1);
    }));
});
