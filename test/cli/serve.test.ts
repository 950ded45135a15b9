import { spawn, type ChildProcess } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect } from 'chai';
import { inFolder } from '../bundle/folder.ts';
import { gate } from '../support/gate.ts';
import { apx } from './streams.ts';

const root = path.resolve(import.meta.dirname, '../..');
const bundles = path.join(root, 'fixtures/bundles');

/** `apx serve` in a process of its own. */
class Serving {
  stdout = '';
  stderr = '';
  readonly exit: Promise<number | null>;
  readonly #child: ChildProcess;
  #wake: (() => void)[] = [];
  #ended = false;

  constructor(...args: readonly string[]) {
    this.#child = spawn(
      process.execPath,
      ['--import', 'tsx', 'lib/cli/apx.ts', 'serve', '--port', '0', ...args],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
      this.#wakeAll();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
      this.#wakeAll();
    });
    this.exit = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        this.#ended = true;
        this.#wakeAll();
        resolve(code);
      });
    });
  }

  /** What a pattern's group matches, once the output does. */
  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (found !== null) return found[1] ?? '';
      if (this.#ended) throw new Error(`${String(pattern)} not in ${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  url(): Promise<string> {
    return this.said(/^listening on (http:\/\/\S+)\n/m);
  }

  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void {
    this.#child.kill(name);
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}

async function whileServing(
  args: readonly string[],
  use: (serving: Serving, url: string) => Promise<void>,
): Promise<void> {
  const serving = new Serving(...args);
  try {
    await use(serving, await serving.url());
  } finally {
    serving.signal('SIGKILL');
    await serving.exit;
  }
}

describe('apx serve', function () {
  this.timeout(60_000);

  it('answers, logs each request without its query, and exits 0 on SIGTERM', async () => {
    await whileServing([path.join(bundles, 'greeting')], async (serving, url) => {
      const response = await fetch(`${url}/greeting?name=s3cret`);
      expect(await response.text()).to.contain('Hello, s3cret');
      serving.signal('SIGTERM');
      expect(await serving.exit).to.equal(0);
      const line = serving.stderr.split('\n').find((text) => text.startsWith('{')) ?? '{}';
      expect(JSON.parse(line)).to.include({
        method: 'GET',
        path: '/greeting',
        status: 200,
        proxy: 'greeting',
        msg: 'request',
      });
      expect(serving.stderr).to.not.contain('s3cret');
    });
  });

  it('answers also while the Redis that it is to use is away, and tells of that', async () => {
    const args = [path.join(bundles, 'greeting'), '--state', 'redis://u:s3cret@127.0.0.1:1'];
    await whileServing(args, async (serving, url) => {
      const response = await fetch(`${url}/greeting?name=you`);
      expect(await response.text()).to.contain('Hello, you');
      await serving.said(/The state store does not answer/);
      serving.signal('SIGTERM');
      expect(await serving.exit).to.equal(0);
      expect(serving.stderr).to.not.contain('s3cret');
    });
  });

  it('ends when a bundle cannot be deployed, whatever it was to keep state in', async () => {
    const serving = new Serving(path.join(bundles, 'refused'), '--state', 'redis://127.0.0.1:1');
    expect(await serving.exit).to.equal(1);
  });

  it('tells that workers do not share their memory', async () => {
    const args = [path.join(bundles, 'greeting'), '--workers', '2', '--quiet'];
    await whileServing(args, async (serving) => {
      await serving.said(/(each worker keeps caches, key-value maps and counters of its own)/);
      serving.signal('SIGTERM');
      expect(await serving.exit).to.equal(0);
    });
  });

  it('finishes the request in flight when a signal comes', async () => {
    const arrived = gate();
    const go = gate();
    const backend = createServer((_request, response) => {
      arrived.open();
      void go.opened.then(() => response.end('late'));
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    const upstream = `http://backend.example=http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
    try {
      const args = [path.join(bundles, 'greeting'), '--upstream', upstream, '--quiet'];
      await whileServing(args, async (serving, url) => {
        const response = fetch(`${url}/mirror`);
        await arrived.opened;
        serving.signal('SIGINT');
        go.open();
        expect(await (await response).text()).to.equal('late');
        expect(await serving.exit).to.equal(0);
        expect(serving.stderr).to.equal('');
      });
    } finally {
      backend.close();
      backend.closeAllConnections();
    }
  });

  it('shares a port among workers and stops them all', async () => {
    const args = [
      path.join(bundles, 'greeting'),
      '--workers',
      '2',
      '--quiet',
      '--health-port',
      '0',
    ];
    await whileServing(args, async (serving, url) => {
      const health = await serving.said(/^health on (http:\/\/\S+)\n/m);
      expect((await fetch(`${health}/healthz`)).status).to.equal(200);
      expect((await fetch(`${health}/readyz`)).status).to.equal(200);
      expect((await fetch(`${health}/greeting`)).status).to.equal(404);
      const statuses = await Promise.all(
        Array.from({ length: 20 }, async () => (await fetch(`${url}/greeting`)).status),
      );
      expect(new Set(statuses)).to.deep.equal(new Set([200]));
      serving.signal('SIGTERM');
      expect(await serving.exit).to.equal(0);
    });
  });

  it('deploys anew when a file changes, and keeps what it has when that fails', async () => {
    await inFolder({}, async (folder) => {
      await cp(path.join(bundles, 'greeting'), folder, { recursive: true });
      const policy = path.join(folder, 'apiproxy/policies/AM-Greet.xml');
      const answer = (text: string) =>
        `<AssignMessage name="AM-Greet"><Set><Payload>${text}</Payload></Set><AssignTo createNew="true" type="response">response</AssignTo></AssignMessage>`;
      await whileServing([folder, '--watch', '--quiet'], async (serving, url) => {
        await writeFile(policy, answer('changed'));
        await serving.said(/^reloaded greeting\n/m);
        expect(await (await fetch(`${url}/greeting`)).text()).to.equal('changed');
        await writeFile(policy, '<AssignMessage name="AM-Greet">');
        await serving.said(/AM-Greet\.xml:\d+:\d+ error /);
        await serving.said(/reload failed/);
        expect(await (await fetch(`${url}/greeting`)).text()).to.equal('changed');
      });
    });
  });

  it('reports a bundle that cannot be deployed, one line a finding, and exits 1', async () => {
    for (const workers of ['1', '2']) {
      const paths = [path.join(bundles, 'greeting'), path.join(bundles, 'refused')];
      const serving = new Serving(...paths, '--workers', workers);
      expect(await serving.exit).to.equal(1);
      expect(serving.stdout).to.equal('');
      expect(serving.stderr).to.match(/refused\S+:\d+:\d+ error \S+ \S/);
      expect(serving.stderr).to.not.match(/^\s+at /m);
    }
  });

  it('leaves such a bundle out with --keep-going', async () => {
    const paths = [path.join(bundles, 'greeting'), path.join(bundles, 'refused')];
    await whileServing([...paths, '--keep-going', '--quiet'], async (serving, url) => {
      expect((await fetch(`${url}/greeting`)).status).to.equal(200);
      expect(serving.stderr).to.match(/refused\S+:\d+:\d+ error /);
    });
  });

  const misuse: readonly (readonly [title: string, args: readonly string[], message: RegExp])[] = [
    ['a port that is none', ['x', '--port', '70000'], /--port 70000/],
    ['a store that is none', ['x', '--state', 'memcached://a'], /write memory, redis:/],
    ['an unknown --unsupported', ['x', '--unsupported', 'maybe'], /fault or skip/],
    ['no workers at all', ['x', '--workers', '0'], /--workers 0/],
    ['a path that is not there', ['/nowhere/at/all'], /no such file or folder/],
    ['an environment of no workspace', [path.join(bundles, 'greeting'), '--env', 'prod'], /prod/],
  ];
  for (const [title, args, message] of misuse) {
    it(`exits 2 for ${title}`, async () => {
      const { code, stderr } = await apx(['serve', ...args]);
      expect(code).to.equal(2);
      expect(stderr).to.match(message);
    });
  }
});
