import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { Suite } from '../../../lib/verification/suite/case.ts';
import { apx } from '../../cli/streams.ts';
import { candidate, freePort, inFolder, type Listening } from '../verify/candidate.ts';
import { recorded, recordedUntil } from './recorder.ts';

const canary = 'CANARY';

/** Brings a key along, sends the client's token on, and hands back what the service says. */
const policies: Readonly<Record<string, string>> = {
  Key: `<AssignMessage name="Key"><AssignVariable><Name>private.key</Name><Value>${canary}-private-key</Value></AssignVariable></AssignMessage>`,
  SC: `<ServiceCallout name="SC"><Request variable="q"><Set><Verb>POST</Verb><Headers><Header name="Authorization">{request.header.authorization}</Header><Header name="x-signed-with">{private.key}</Header></Headers><Payload contentType="application/json">{"token":"{request.queryparam.access_token}"}</Payload></Set><IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></Request><Response>a</Response><HTTPTargetConnection><URL>https://tokens.example/v1</URL></HTTPTargetConnection></ServiceCallout>`,
  AM: `<AssignMessage name="AM"><Set><Headers><Header name="x-id">{messageid}</Header></Headers><Payload contentType="application/json">{a.content}</Payload></Set><AssignTo createNew="true" transport="http" type="response">response</AssignTo></AssignMessage>`,
};

async function writeBundle(folder: string): Promise<string> {
  const proxy = path.join(folder, 'bundle/apiproxy');
  await mkdir(path.join(proxy, 'policies'), { recursive: true });
  await mkdir(path.join(proxy, 'proxies'));
  await writeFile(path.join(proxy, 'tokens.xml'), '<APIProxy name="tokens" revision="1"/>');
  await writeFile(
    path.join(proxy, 'proxies/default.xml'),
    `<ProxyEndpoint name="default"><HTTPProxyConnection><BasePath>/tokens</BasePath></HTTPProxyConnection>
      <PreFlow name="PreFlow"><Request><Step><Name>Key</Name></Step><Step><Name>SC</Name></Step></Request><Response><Step><Name>AM</Name></Step></Response></PreFlow>
      <RouteRule name="none"/></ProxyEndpoint>`,
  );
  for (const [name, xml] of Object.entries(policies))
    await writeFile(path.join(proxy, `policies/${name}.xml`), xml);
  return path.join(folder, 'bundle');
}

/** A service whose every answer has a secret of its own, and an id that is new each time. */
function service(): Promise<Listening> {
  let answers = 0;
  return candidate((request, response) => {
    request.resume().once('end', () => {
      answers += 1;
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Set-Cookie': `sid=${canary}-cookie-1; Path=/`,
      });
      response.end(
        JSON.stringify({ id: answers, refresh_token: `${canary}-refresh`, kind: 'token' }),
      );
    });
  });
}

async function ask(url: string): Promise<void> {
  const response = await fetch(`${url}/tokens?access_token=${canary}-query-1&page=2`, {
    headers: {
      authorization: `Bearer ${canary}-bearer`,
      cookie: `a=${canary}-cookie-2; b=${canary}-cookie-3`,
      'x-tenant': `${canary}-tenant`,
    },
  });
  expect(response.status).to.equal(200);
  expect(await response.text()).to.contain(`${canary}-refresh`);
}

async function whileServed(
  use: (given: {
    readonly folder: string;
    readonly out: string;
    readonly bundle: string;
    readonly service: Listening;
  }) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const bundle = await writeBundle(folder);
    const running = await service();
    try {
      await use({ folder, bundle, service: running, out: path.join(folder, 'suite.yaml') });
    } finally {
      await running.close();
    }
  });
}

async function suiteIn(file: string): Promise<Suite> {
  return parse(await readFile(file, 'utf8')) as Suite;
}

describe('apx record', function () {
  this.timeout(30_000);

  it('writes cases that pass against the same bundle, without any secret', () =>
    whileServed(async ({ folder, out, bundle, service: { url } }) => {
      const upstream = `https://tokens.example=${url}`;
      const argv = [bundle, '--out', out, '--upstream', upstream, '--mask', 'x-tenant'];
      const run = await recorded([...argv, '--count', '3'], async (gateway) => {
        await ask(gateway);
        await ask(gateway);
        await fetch(`${gateway}/nowhere`);
      });
      expect(run.stderr).to.equal('');
      expect(run.code).to.equal(0);
      expect(run.stdout).to.contain(`wrote ${out}: 2 cases of 3 requests`);
      expect((await readdir(folder)).sort()).to.deep.equal(['bundle', 'suite.yaml']);
      expect(await readFile(out, 'utf8')).to.not.contain(canary);
      expect(run.stdout).to.not.contain(canary);

      const tested = await apx(['test', out]);
      expect(tested.stdout).to.match(/2 passed, 0 failed/);
      expect(tested.code).to.equal(0);
    }));

  it('expects anything where repeats differ, and where only a private variable was', () =>
    whileServed(async ({ out, bundle, service: { url } }) => {
      const upstream = `https://tokens.example=${url}`;
      const argv = [bundle, '--out', out, '--upstream', upstream, '--count', '2'];
      await recorded(argv, async (gateway) => {
        await ask(gateway);
        await ask(gateway);
      });
      const [one] = (await suiteIn(out)).cases;
      const { response, calls, steps, fault } = one?.expect ?? {};
      expect(response?.headers?.['x-id']).to.deep.equal({ any: true });
      expect(response?.body).to.deep.equal({
        json: { id: { any: true }, refresh_token: 'masked-6', kind: 'token' },
      });
      expect(calls?.[0]?.headers).to.deep.include({
        authorization: 'Bearer masked-1',
        'x-signed-with': { any: true },
      });
      expect(calls?.[0]?.body).to.deep.equal({ json: { token: 'masked-4' } });
      expect(steps).to.deep.equal(['Key', 'SC', 'AM']);
      expect(fault).to.equal(null);
    }));

  it('stands before another gateway, and behind it where it calls its upstreams', () =>
    whileServed(async ({ out, service: origin }) => {
      const door = `http://127.0.0.1:${await freePort()}`;
      const gateway = await candidate((request, response) => {
        void fetch(`${door}/v1?q=1`, { headers: { 'x-of': 'gateway' } })
          .then((answer) => answer.text())
          .then((text) => {
            response.writeHead(203, { 'Content-Type': 'text/plain', 'x-host': 'kept' });
            response.end(`${request.headers.host ?? ''} ${String(text.length)}`);
          });
      });
      try {
        const argv = ['--before', gateway.url, '--out', out, '--count', '1'];
        const upstream = ['--upstream', `${origin.url}=${door}`];
        const run = await recorded([...argv, ...upstream], async (url) => {
          const response = await fetch(`${url}/any/path`, { method: 'PUT', body: 'text' });
          expect(response.status).to.equal(203);
          expect(await response.text()).to.contain(new URL(gateway.url).host);
        });
        expect(run.code).to.equal(0);
        const [one] = (await suiteIn(out)).cases;
        expect(one?.request).to.deep.include({ method: 'PUT', target: '/any/path', body: 'text' });
        expect(one?.expect.response?.status).to.equal(203);
        expect(one?.expect.calls?.[0]).to.deep.include({ url: `${origin.url}/v1?q=1` });
        expect(one?.expect.calls?.[0]?.headers).to.deep.include({ 'x-of': 'gateway' });
        expect(await readFile(out, 'utf8')).to.not.contain(canary);
      } finally {
        await gateway.close();
      }
    }));

  it('writes the suite when a signal comes', () =>
    whileServed(async ({ folder, out, bundle, service: { url } }) => {
      const upstream = `https://tokens.example=${url}`;
      const argv = [bundle, '--out', out, '--upstream', upstream];
      expect(await recordedUntil('SIGTERM', argv, ask)).to.equal(0);
      expect((await suiteIn(out)).cases).to.have.length(1);
      expect((await readdir(folder)).sort()).to.deep.equal(['bundle', 'suite.yaml']);
    }));

  it('leaves what was recorded when it is cut off, and does not write over it', () =>
    whileServed(async ({ folder, out, bundle, service: { url } }) => {
      const upstream = `https://tokens.example=${url}`;
      const argv = [bundle, '--out', out, '--upstream', upstream, '--mask', 'x-tenant'];
      await recordedUntil('SIGKILL', argv, async (gateway) => {
        await ask(gateway);
        await ask(gateway);
      });
      expect((await readdir(folder)).sort()).to.deep.equal(['bundle', 'suite.yaml.unfinished']);
      const left = await readFile(`${out}.unfinished`, 'utf8');
      expect(left).to.not.contain(canary);
      expect((parse(left) as Suite).cases).to.have.length(2);

      const again = await recorded(argv, () => Promise.resolve());
      expect(again.code).to.equal(2);
      expect(again.stderr).to.contain(`${out}.unfinished holds what a recording left`);
      expect(await readFile(`${out}.unfinished`, 'utf8')).to.equal(left);
    }));

  describe('ends with 2, and writes nothing,', () => {
    const refused: Readonly<Record<string, (folder: string) => Promise<readonly string[]>>> = {
      'when there is nothing to run': (folder) =>
        Promise.resolve(['--out', path.join(folder, 'a.yaml')]),
      'when a bundle is not there': (folder) =>
        Promise.resolve([path.join(folder, 'none'), '--out', path.join(folder, 'a.yaml')]),
      'when nobody listens behind it': async (folder) => [
        '--before',
        `http://127.0.0.1:${await freePort()}`,
        '--out',
        path.join(folder, 'a.yaml'),
      ],
      'when the folder of the suite is not there': async (folder) => [
        await writeBundle(folder),
        '--out',
        path.join(folder, 'none/a.yaml'),
      ],
      'for a count that is none': async (folder) => [
        await writeBundle(folder),
        '--out',
        path.join(folder, 'a.yaml'),
        '--count',
        '0',
      ],
    };
    for (const [when, argv] of Object.entries(refused)) {
      it(when, () =>
        inFolder(async (folder) => {
          const run = await recorded(await argv(folder), () => Promise.resolve());
          expect(run.code).to.equal(2);
          expect(run.stderr).to.not.equal('');
          expect((await readdir(folder)).filter((file) => file !== 'bundle')).to.deep.equal([]);
        }),
      );
    }

    it('when the port is taken', () =>
      inFolder(async (folder) => {
        const taken = createServer();
        await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
        const { port } = taken.address() as AddressInfo;
        try {
          const bundle = await writeBundle(folder);
          const out = path.join(folder, 'a.yaml');
          const argv = ['record', bundle, '--out', out, '--port', String(port)];
          const { code, stderr } = await apx(argv);
          expect(code).to.equal(2);
          expect(stderr).to.contain('somebody listens there already');
          expect(await readdir(folder)).to.deep.equal(['bundle']);
        } finally {
          taken.close();
        }
      }));
  });
});
