import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect } from 'chai';
import { buildZip } from '../bundle/build-zip.ts';
import { inFolder, type Files } from '../bundle/folder.ts';
import { bundles, Serving, whileServing } from './serving.ts';

/** A proxy at /NAME that answers with what its property set, or its environment, says. */
const proxy = (name: string, template: string): Files => ({
  [`${name}/apiproxy/${name}.xml`]: `<APIProxy name="${name}"/>`,
  [`${name}/apiproxy/proxies/default.xml`]: `<ProxyEndpoint name="default"><PreFlow><Request><Step><Name>AM</Name></Step></Request></PreFlow><HTTPProxyConnection><BasePath>/${name}</BasePath></HTTPProxyConnection><RouteRule name="none"/></ProxyEndpoint>`,
  [`${name}/apiproxy/policies/AM.xml`]: `<AssignMessage name="AM"><AssignTo createNew="true" type="response">response</AssignTo><Set><Payload contentType="text/plain">${template}</Payload></Set></AssignMessage>`,
});

const below = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text]));

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** Runs `use` while somebody else has a port. */
async function whileTaken(use: (port: number) => Promise<void>): Promise<void> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

/** What a start that cannot succeed says. */
async function refusal(...args: readonly string[]) {
  const serving = new Serving(...args);
  const started = serving.url().then(
    () => true,
    () => false,
  );
  if (await started) serving.signal('SIGKILL');
  return { code: await serving.exit, stdout: serving.stdout, stderr: serving.stderr };
}

describe('apx serve, given', function () {
  this.timeout(60_000);

  it('a workspace and --env NAME, serves what that environment deploys', async () => {
    const workspace = {
      ...below('src/main/apigee/apiproxies', proxy('here', '{environment.name}')),
      ...below('src/main/apigee/apiproxies', proxy('elsewhere', 'x')),
      'src/main/apigee/environments/test/deployments.json': '{"proxies":[{"name":"here"}]}',
      'src/main/apigee/environments/prod/deployments.json': '{"proxies":[{"name":"elsewhere"}]}',
    };
    await inFolder(workspace, async (folder) => {
      await whileServing([folder, '--env', 'test', '--quiet'], async (_serving, url) => {
        expect(await textOf(`${url}/here`)).to.equal('test');
        expect((await fetch(`${url}/elsewhere`)).status).to.equal(404);
      });
    });
  });

  it('zips, serves what they hold', async () => {
    const zipOf = (name: string): Buffer =>
      buildZip(
        Object.entries(proxy(name, name)).map(([file, content]) => ({
          name: file.slice(name.length + 1),
          content: typeof content === 'string' ? content : '',
        })),
      );
    await inFolder({ 'a.zip': zipOf('a'), 'b.zip': zipOf('b') }, async (folder) => {
      const zips = ['a.zip', 'b.zip'].map((name) => path.join(folder, name));
      await whileServing([...zips, '--quiet'], async (_serving, url) => {
        expect(await textOf(`${url}/a`)).to.equal('a');
        expect(await textOf(`${url}/b`)).to.equal('b');
      });
    });
  });

  const words = 'src/main/apigee/environments/test/resources/properties/words.properties';
  it('--watch, takes the environment of a workspace anew when one of its files changes', async () => {
    const workspace = {
      ...below('src/main/apigee/apiproxies', proxy('p', '{propertyset.words.greeting}')),
      [words]: 'greeting=hello',
    };
    await inFolder(workspace, async (folder) => {
      const args = [folder, '--env', 'test', '--watch', '--quiet'];
      await whileServing(args, async (serving, url) => {
        expect(await textOf(`${url}/p`)).to.equal('hello');
        await writeFile(path.join(folder, words), 'greeting=good evening');
        await serving.said(/^reloaded p\n/m);
        expect(await textOf(`${url}/p`)).to.equal('good evening');
      });
    });
  });

  it('--watch and an environment elsewhere, takes that anew, too', async () => {
    const servers = (isEnabled: boolean) =>
      JSON.stringify([{ name: 't', host: '127.0.0.1', port: 1, isEnabled }]);
    const files = {
      ...proxy('p', 'x'),
      'p/apiproxy/proxies/default.xml': `<ProxyEndpoint name="default"><HTTPProxyConnection><BasePath>/p</BasePath></HTTPProxyConnection><RouteRule name="r"><TargetEndpoint>t</TargetEndpoint></RouteRule></ProxyEndpoint>`,
      'p/apiproxy/targets/t.xml': `<TargetEndpoint name="t"><HTTPTargetConnection><LoadBalancer><Server name="t"/></LoadBalancer></HTTPTargetConnection></TargetEndpoint>`,
      'env/targetservers.json': servers(false),
    };
    await inFolder(files, async (folder) => {
      const args = [
        path.join(folder, 'p'),
        '--env',
        path.join(folder, 'env'),
        '--watch',
        '--quiet',
      ];
      await whileServing(args, async (serving, url) => {
        expect(await textOf(`${url}/p`)).to.contain('NoActiveTargets');
        await writeFile(path.join(folder, 'env/targetservers.json'), servers(true));
        await serving.said(/^reloaded p\n/m);
        expect(await textOf(`${url}/p`)).to.contain('TARGET_CONNECT_REFUSED');
      });
    });
  });

  for (const workers of ['1', '2']) {
    it(`a port that is taken and ${workers} of --workers, says so once and exits 2`, async () => {
      await whileTaken(async (port) => {
        const serving = new Serving(
          path.join(bundles, 'greeting'),
          ...['--port', String(port), '--workers', workers],
        );
        expect(await serving.exit).to.equal(2);
        expect(serving.stderr.match(/^error:.*$/gm)).to.deep.equal([
          `error: --port ${port}: cannot listen on 127.0.0.1:${port}: somebody listens there already`,
        ]);
      });
    });
  }

  it('a --health-port that is taken, says so and exits 2', async () => {
    await whileTaken(async (port) => {
      const { code, stderr } = await refusal(
        path.join(bundles, 'greeting'),
        ...['--health-port', String(port)],
      );
      expect(code).to.equal(2);
      expect(stderr).to.equal(
        `error: --health-port ${port}: cannot listen on 127.0.0.1:${port}: somebody listens there already\n`,
      );
    });
  });

  it('a host that is an IPv6 address, shows it in brackets', async () => {
    const args = [path.join(bundles, 'greeting'), '--host', '::1', '--health-port', '0', '--quiet'];
    await whileServing(args, async (serving, url) => {
      expect(url).to.match(/^http:\/\/\[::1\]:\d+$/);
      const health = await serving.said(/^health on (http:\/\/\S+)\n/m);
      expect((await fetch(`${health}/readyz`)).status).to.equal(200);
    });
  });

  for (const workers of ['1', '2']) {
    it(`a workspace with an environment file that has errors and ${workers} of --workers, tells each once and exits 1`, async () => {
      const workspace = {
        ...below('src/main/apigee/apiproxies', proxy('p', 'x')),
        'src/main/apigee/environments/test/targetservers.json': '[{"name":"t","host":"a/b"}]',
      };
      await inFolder(workspace, async (folder) => {
        const { code, stderr, stdout } = await refusal(folder, '--port', '0', '--workers', workers);
        expect(stdout).to.equal('');
        expect(stderr.match(/targetservers\.json:\d+:\d+ error /g)).to.have.length(1);
        expect(code).to.equal(1);
      });
    });
  }

  it('a folder without any bundle, exits 2', async () => {
    await inFolder({}, async (folder) => {
      await mkdir(path.join(folder, 'src'));
      const { code, stderr } = await refusal(folder);
      expect(stderr).to.match(/error no-bundle /);
      expect(code).to.equal(2);
    });
  });

  it('an environment folder that cannot be read, exits 2', async () => {
    await inFolder({ 'env.json': 'no json' }, async (folder) => {
      const { code } = await refusal(
        path.join(bundles, 'greeting'),
        ...['--env', path.join(folder, 'env.json')],
      );
      expect(code).to.not.equal(0);
    });
  });
});
