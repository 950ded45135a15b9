import { cp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect } from 'chai';
import { inFolder } from '../bundle/folder.ts';
import { udpCollector } from '../message-log/syslog-server.ts';
import { gate } from '../support/gate.ts';
import { bundles, Serving, whileServing } from './serving.ts';
import { apx } from './streams.ts';

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

  describe('what MessageLogging policies log', () => {
    const logging = (
      port: number,
      args: readonly string[],
      use: Parameters<typeof whileServing>[1],
    ) =>
      inFolder(
        {
          'apiproxy/p.xml': '<APIProxy name="p"/>',
          'apiproxy/proxies/default.xml': `<ProxyEndpoint name="default">
            <PostClientFlow><Response><Step><Name>ML</Name></Step></Response></PostClientFlow>
            <HTTPProxyConnection><BasePath>/b</BasePath></HTTPProxyConnection><RouteRule name="r"/></ProxyEndpoint>`,
          'apiproxy/policies/ML.xml': `<MessageLogging name="ML"><Syslog><Message>saw {request.queryparam.q}</Message>
            <Host>127.0.0.1</Host><Port>${port}</Port></Syslog></MessageLogging>`,
        },
        (folder) => whileServing([folder, '--quiet', ...args], use),
      );

    it('goes to stderr, one JSON line each, and stdout stays clean', () =>
      logging(514, [], async (serving, url) => {
        await (await fetch(`${url}/b?q=seven`)).arrayBuffer();
        serving.signal('SIGTERM');
        expect(await serving.exit).to.equal(0);
        const line = serving.stderr.split('\n').find((text) => text.startsWith('{')) ?? '{}';
        expect(JSON.parse(line)).to.deep.include({
          msg: 'logged message',
          policy: 'ML',
          level: 30,
          severity: 'INFO',
          message: 'saw seven',
          destination: { syslog: '127.0.0.1:514', protocol: 'UDP' },
        });
        expect(serving.stdout).to.match(/^listening on \S+\n$/);
      }));

    it('goes nowhere when nobody wants it', () =>
      logging(514, ['--log-messages', 'none'], async (serving, url) => {
        await (await fetch(`${url}/b?q=seven`)).arrayBuffer();
        serving.signal('SIGTERM');
        expect(await serving.exit).to.equal(0);
        expect(serving.stderr).to.not.contain('seven');
      }));

    it('goes to its destination when it is to be delivered, before the process ends', async () => {
      const collector = await udpCollector();
      await logging(collector.port, ['--log-messages', 'deliver'], async (serving, url) => {
        await (await fetch(`${url}/b?q=seven`)).arrayBuffer();
        serving.signal('SIGTERM');
        expect(await serving.exit).to.equal(0);
      });
      await collector.holds(10);
      expect(collector.received[0]).to.match(/^<14>1 \S+ \S+ Apigee - - - saw seven$/);
      await collector.close();
    });

    it('goes nowhere else', async () => {
      const { code, stderr } = await apx(['serve', 'x', '--log-messages', 'printer']);
      expect(code).to.equal(2);
      expect(stderr).to.contain('--log-messages printer: write none, stderr or deliver');
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
