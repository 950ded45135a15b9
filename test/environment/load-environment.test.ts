import { expect } from 'chai';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DeploymentError } from '../../lib/diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import { loadEnvironment, type EnvironmentOptions } from '../../lib/environment/index.ts';
import type { TargetServer, TargetServerTls } from '../../lib/host/environment.ts';
import {
  authority,
  clientCertificate,
  clientKey,
  encryptedClientKey,
  foreignKey,
} from './certificates.ts';
import { inFolder, type Files } from './folder.ts';

async function load(files: Files, path = '', options: EnvironmentOptions = {}) {
  return inFolder(files, (folder) => loadEnvironment(join(folder, path), options));
}

/** The findings of an environment that cannot be loaded, files relative to its folder. */
async function findings(
  files: Files,
  path = '',
  options: EnvironmentOptions = {},
): Promise<readonly Diagnostic[]> {
  return inFolder(files, async (folder) => {
    try {
      await loadEnvironment(join(folder, path), options);
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw error;
      return error.diagnostics.map((each) => ({
        ...each,
        file: each.file.replace(folder, '').replace(/^\//, ''),
      }));
    }
    throw new Error('the environment was loaded');
  });
}

const plain: TargetServer = {
  name: 'a',
  host: 'a.test',
  port: 80,
  isEnabled: true,
  protocol: 'HTTP',
};

const noTls: TargetServerTls = {
  enabled: false,
  enforce: false,
  clientAuthEnabled: false,
  ignoreValidationErrors: false,
  ciphers: [],
  protocols: [],
  commonNameWildcard: false,
};

describe('loading an environment', () => {
  describe('finds it in', () => {
    const servers = [{ name: 'a', host: 'a.test', port: 80 }];
    const workspace = 'src/main/apigee/environments';
    const layouts: readonly {
      title: string;
      files: Files;
      path?: string;
      options?: EnvironmentOptions;
      name: string;
    }[] = [
      {
        title: 'a folder in the emulator’s layout',
        files: { 'test/targetservers.json': servers, 'test/caches.json': 'not { even JSON' },
        path: 'test',
        name: 'test',
      },
      {
        title: 'a workspace with one environment',
        files: { [`${workspace}/local/targetservers.json`]: servers },
        name: 'local',
      },
      {
        title: 'a workspace with several, by name',
        files: {
          [`${workspace}/local/targetservers.json`]: servers,
          [`${workspace}/other/targetservers.json`]: 'malformed {',
        },
        options: { name: 'local' },
        name: 'local',
      },
      {
        title: 'the src/main/apigee folder itself',
        files: { 'environments/local/targetservers.json': servers },
        name: 'local',
      },
      {
        title: 'an edge.json with one environment',
        files: { 'edge.json': { envConfig: { prod: { targetServers: servers, caches: 7 } } } },
        path: 'edge.json',
        name: 'prod',
      },
      {
        title: 'a folder with an edge.json with several, by name',
        files: {
          'edge.json': {
            version: '1.0',
            envConfig: { prod: { targetServers: servers }, dev: { targetServers: 'broken' } },
          },
        },
        options: { name: 'prod' },
        name: 'prod',
      },
      {
        title: 'the Maven plugin’s folder of files',
        files: { 'org/kvms.json': [], 'env/prod/targetServers.json': servers },
        name: 'prod',
      },
      {
        title: 'one environment of the Maven plugin’s folder',
        files: { 'env/prod/targetServers.json': servers },
        path: 'env/prod',
        name: 'prod',
      },
      {
        title: 'files of the Maven plugin with a suffix',
        files: { 'env/prod/targetServers-backend.json': servers },
        name: 'prod',
      },
      {
        title: 'a file of our own in JSON, named after the file',
        files: { 'prod.json': { targetServers: servers } },
        path: 'prod.json',
        name: 'prod',
      },
      {
        title: 'a file of our own in YAML, servers keyed by name',
        files: { 'x.yaml': 'name: prod\ntargetServers:\n  a:\n    host: a.test\n' },
        path: 'x.yaml',
        name: 'prod',
      },
      {
        title: 'JSON with tabs and a byte order mark',
        files: {
          'x.json': '\uFEFF{\n\t"targetServers": [\n\t\t{"name":"a",\t"host":"a.test"}\n\t]\n}',
        },
        path: 'x.json',
        options: { name: 'prod' },
        name: 'prod',
      },
    ];
    for (const { title, files, path, options, name } of layouts) {
      it(title, async () => {
        const { environment, diagnostics } = await load(files, path, options);
        expect(diagnostics).to.deep.equal([]);
        expect(environment.name).to.equal(name);
        expect(environment.organization).to.equal('local');
        expect([...environment.targetServers]).to.deep.equal([['a', plain]]);
      });
    }

    it('an empty folder, with a warning', async () => {
      const { environment, diagnostics } = await load({ 'test/README.md': '' }, 'test');
      expect(environment.name).to.equal('test');
      expect(diagnostics.map(({ severity, code }) => [severity, code])).to.deep.equal([
        ['warning', 'empty-environment'],
      ]);
    });
  });

  describe('reads target servers', () => {
    const servers: readonly { title: string; given: unknown; expected: TargetServer }[] = [
      {
        title: 'with ports and flags as texts, as Apigee takes them',
        given: { name: 'a', host: 'a.test', port: '8443', isEnabled: 'false' },
        expected: { ...plain, port: 8443, isEnabled: false },
      },
      {
        title: 'with the standard port of their protocol if none is given',
        given: { name: 'a', host: 'a.test', sSLInfo: { enabled: true } },
        expected: { ...plain, port: 443, tls: { ...noTls, enabled: true } },
      },
      {
        title: 'with an address of version 6, in brackets or not',
        given: { name: 'a', host: '[::1]' },
        expected: { ...plain, host: '::1' },
      },
      ...['sSLInfo', 'sslInfo', 'SSLInfo', 'tls', 'tlsInfo'].map((block) => ({
        title: `with a TLS block named ${block}`,
        given: {
          name: 'a',
          host: 'a.test',
          port: 1,
          [block]: { enabled: 'true', ignoreValidationErrors: 'TRUE' },
        },
        expected: {
          ...plain,
          port: 1,
          tls: { ...noTls, enabled: true, ignoreValidationErrors: true },
        },
      })),
      {
        title: 'with everything a TLS block may hold',
        given: {
          name: 'a',
          host: 'a.test',
          protocol: 'grpc',
          sSLInfo: {
            enabled: true,
            enforce: true,
            clientAuthEnabled: 'true',
            keyStore: 'ref://ks',
            keyAlias: 'main',
            trustStore: 'ts',
            ciphers: ['C1', 'C2'],
            protocols: 'TLSv1.3',
            commonName: { value: '*.a.test', wildcardMatch: true },
          },
        },
        expected: {
          ...plain,
          port: 443,
          protocol: 'GRPC',
          tls: {
            ...noTls,
            enabled: true,
            enforce: true,
            clientAuthEnabled: true,
            keyStore: 'ref://ks',
            keyAlias: 'main',
            trustStore: 'ts',
            ciphers: ['C1', 'C2'],
            protocols: ['TLSv1.3'],
            commonName: '*.a.test',
            commonNameWildcard: true,
          },
        },
      },
      {
        title: 'with null as absent',
        given: { name: 'a', host: 'a.test', port: null, isEnabled: null, sSLInfo: null },
        expected: plain,
      },
    ];
    for (const { title, given, expected } of servers) {
      it(title, async () => {
        const { environment } = await load({ 'targetservers.json': [given] });
        expect(environment.targetServers.get('a')).to.deep.equal(expected);
      });
    }

    it('of a suffixed file over those of the base file, with a warning', async () => {
      const { environment, diagnostics } = await load({
        'targetServers-b.json': [{ name: 'a', host: 'b.test' }],
        'targetServers.json': [{ name: 'a', host: 'a.test' }],
      });
      expect(environment.targetServers.get('a')?.host).to.equal('b.test');
      expect(diagnostics.map(({ code }) => code)).to.deep.equal(['duplicate-target-server']);
    });

    it('named like members of Object', async () => {
      const file =
        '{"targetServers":{"__proto__":{"host":"a.test"},"constructor":{"host":"b.test"}}}';
      const { environment } = await load({ 'e.json': file }, 'e.json');
      expect([...environment.targetServers.keys()]).to.deep.equal(['__proto__', 'constructor']);
    });
  });

  describe('reads stores', () => {
    const key = { key: clientKey, certificate: clientCertificate };
    const withKey = { aliases: { main: key }, certificates: [] as string[] };
    const trusting = { aliases: {}, certificates: [authority] };
    const encrypted = {
      key: encryptedClientKey,
      certificate: clientCertificate,
      passphrase: 'secret',
    };
    const pem = { 'client.pem': clientCertificate, 'client.key': clientKey };
    const stores: readonly {
      title: string;
      files: Files;
      path?: string;
      expected: { aliases: object; certificates: string[] };
    }[] = [
      {
        title: 'of a file of our own, keyed by name, PEM in files below it',
        files: {
          'e.yaml':
            'keyStores: { ks: { main: { certificate: c/client.pem, key: ./c/client.key } } }',
          'c/client.pem': clientCertificate,
          'c/client.key': clientKey,
        },
        path: 'e.yaml',
        expected: withKey,
      },
      {
        title: 'of a file of our own, with an encrypted key inline',
        files: { 'e.json': { keyStores: { ks: { main: encrypted } } } },
        path: 'e.json',
        expected: { aliases: { main: encrypted }, certificates: [] },
      },
      {
        title: 'that trust one certificate',
        files: { 'e.json': { trustStores: { ks: authority } } },
        path: 'e.json',
        expected: trusting,
      },
      {
        title: 'that trust the certificates of several files, each by itself',
        files: {
          'e.yaml': 'trustStores:\n  ks:\n    - both.pem\n    - ca.pem\n',
          'both.pem': `a comment\n${authority}${clientCertificate}`,
          'ca.pem': authority.replaceAll('\n', '\r\n'),
        },
        path: 'e.yaml',
        expected: { aliases: {}, certificates: [authority, clientCertificate, authority] },
      },
      {
        title: 'of keystores.json with a list of aliases',
        files: {
          'keystores.json': [
            {
              name: 'ks',
              aliases: [{ alias: 'main', cert: clientCertificate, privateKey: clientKey }],
            },
          ],
        },
        expected: withKey,
      },
      {
        title: 'of keystores.json with aliases keyed by name, in files',
        files: {
          'keystores.json': [
            { name: 'ks', aliases: { main: { certFile: 'client.pem', keyFile: 'client.key' } } },
          ],
          ...pem,
        },
        expected: withKey,
      },
      {
        title: 'of keystores.json with one alias in the store itself',
        files: {
          'keystores.json': [
            { name: 'ks', alias: 'main', certificate: clientCertificate, key: clientKey },
          ],
        },
        expected: withKey,
      },
      {
        title: 'of keystores.json with a certificate alone, which is trusted',
        files: {
          'keystores.json': [{ name: 'ks', aliases: [{ name: 'ca', certificate: authority }] }],
        },
        expected: trusting,
      },
      {
        title: 'of keystores.json keyed by name',
        files: { 'keystores.json': { ks: { certs: [authority, 'name-of-a-certificate'] } } },
        expected: trusting,
      },
      {
        title: 'of the Maven plugin, with its aliases',
        files: {
          'env/test/keystores.json': [{ name: 'ks' }],
          'env/test/aliases.json': [
            {
              alias: 'main',
              keystorename: 'ks',
              format: 'keycertfile',
              certFilePath: 'client.pem',
              keyFilePath: 'client.key',
            },
          ],
          'env/test/client.pem': clientCertificate,
          'env/test/client.key': clientKey,
        },
        expected: withKey,
      },
      {
        title: 'of the Maven plugin, with key and certificate in one PEM file',
        files: {
          'aliases.json': [
            { alias: 'main', keystorename: 'ks', format: 'pem', filePath: 'both.pem' },
          ],
          'both.pem': clientKey + clientCertificate,
        },
        expected: withKey,
      },
      {
        title: 'of the Maven plugin that have only a name',
        files: { 'keystores.json': [{ name: 'ks' }] },
        expected: { aliases: {}, certificates: [] },
      },
    ];
    for (const { title, files, path, expected } of stores) {
      it(title, async () => {
        const { environment, diagnostics } = await load(files, path);
        expect(diagnostics).to.deep.equal([]);
        const store = environment.stores.get('ks');
        expect(store?.name).to.equal('ks');
        expect(Object.fromEntries(store?.aliases ?? [])).to.deep.equal(expected.aliases);
        expect(store?.certificates).to.deep.equal(expected.certificates);
      });
    }

    for (const format of ['pkcs12', 'keycertjar', 'selfsignedcert']) {
      it(`leaves an alias of format ${format} out with a warning`, async () => {
        const { environment, diagnostics } = await load({
          'aliases.json': [{ alias: 'a', keystorename: 'ks', format, filePath: '/nowhere' }],
        });
        expect(environment.stores.get('ks')?.aliases.size).to.equal(0);
        expect(diagnostics.map(({ severity, code }) => [severity, code])).to.deep.equal([
          ['warning', 'unreadable-alias'],
        ]);
      });
    }

    it('and only warns where Apigee’s layouts name a file that is not here', async () => {
      const { diagnostics } = await load({
        'aliases.json': [
          {
            alias: 'a',
            keystorename: 'ks',
            certFilePath: '/tmp/gone.pem',
            keyFilePath: '/tmp/gone',
          },
        ],
      });
      expect(diagnostics.map(({ severity, code }) => [severity, code])).to.deep.equal([
        ['warning', 'unusable-store'],
      ]);
    });

    const unusable: readonly { title: string; alias: object; says: RegExp }[] = [
      { title: 'without a certificate', alias: { key: clientKey }, says: /has no certificate/ },
      { title: 'whose file is missing', alias: { certificate: 'gone.pem' }, says: /ENOENT/ },
      { title: 'whose file is a folder', alias: { certificate: '.' }, says: /not a file/ },
      { title: 'whose file is no PEM', alias: { certificate: 'e.json' }, says: /no PEM block/ },
      {
        title: 'whose certificate is damaged',
        alias: { certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
        says: /cannot be parsed/,
      },
      {
        title: 'whose key belongs to another certificate',
        alias: { certificate: clientCertificate, key: foreignKey },
        says: /does not belong/,
      },
      {
        title: 'whose passphrase is wrong',
        alias: { ...encrypted, passphrase: 'other' },
        says: /cannot be opened/,
      },
      {
        title: 'whose key is no key',
        alias: { certificate: clientCertificate, key: authority },
        says: /No private key/,
      },
    ];
    for (const { title, alias, says } of unusable) {
      it(`refuses an alias of our own file ${title}`, async () => {
        const [finding, ...more] = await findings(
          { 'e.json': { keyStores: { ks: { main: alias } } } },
          'e.json',
        );
        expect(more).to.deep.equal([]);
        expect(finding).to.include({ severity: 'error', code: 'unusable-store', file: 'e.json' });
        expect(finding?.message).to.match(says).and.to.include('"main"');
        expect(finding?.hint).to.be.a('string').and.not.to.equal('');
        expect(JSON.stringify(finding)).not.to.include('PRIVATE KEY-----\\n');
      });
    }
  });

  describe('reads PEM files nowhere else', () => {
    const files = {
      'ca.pem': authority,
      'environments/e.yaml': 'trustStores: { ks: ../ca.pem }',
      'environments/absolute.yaml': 'trustStores: { ks: /etc/hostname }',
      'environments/link.yaml': 'trustStores: { ks: link.pem }',
    };
    for (const name of ['e', 'absolute']) {
      it(`than below its folder (${name})`, async () => {
        const [finding] = await findings(files, `environments/${name}.yaml`);
        expect(finding?.message).to.match(/lies outside/);
      });
    }

    it('not through a link either', async () => {
      await inFolder(files, async (folder) => {
        await symlink(join(folder, 'ca.pem'), join(folder, 'environments/link.pem'));
        const path = join(folder, 'environments/link.yaml');
        const error: unknown = await loadEnvironment(path).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(DeploymentError);
        expect(String(error)).to.match(/lies outside/);
        const { environment } = await loadEnvironment(path, { root: folder });
        expect(environment.stores.get('ks')?.certificates).to.deep.equal([authority]);
      });
    });
  });

  it('reads everything else of a file of our own', async () => {
    const { environment, diagnostics } = await load(
      {
        'e.yaml': [
          'name: prod',
          'organization: acme',
          'serviceAccount: proxy@acme.iam.gserviceaccount.com',
          'enforceTls: "true"',
          'forwardProxy: proxy.test:3128',
          'references: { ks: ks-2026 }',
        ].join('\n'),
      },
      'e.yaml',
    );
    expect(diagnostics).to.deep.equal([]);
    expect(environment).to.deep.equal({
      name: 'prod',
      organization: 'acme',
      serviceAccount: 'proxy@acme.iam.gserviceaccount.com',
      enforceTls: true,
      forwardProxy: 'proxy.test:3128',
      targetServers: new Map(),
      stores: new Map(),
      references: new Map([['ks', 'ks-2026']]),
    });
  });

  it('reads references and the TLS flag of Apigee’s layouts', async () => {
    const { environment } = await load({
      'references.json': [{ name: 'ks', refers: 'ks-2026', resourceType: 'KeyStore' }],
      'featureflags.json': { 'features.SSLInfo.Enforce': 'true' },
    });
    expect(environment.references).to.deep.equal(new Map([['ks', 'ks-2026']]));
    expect(environment.enforceTls).to.equal(true);
  });

  it('takes the one service account that the deployments name', async () => {
    const proxies = [{ name: 'p', serviceAccount: 'a@b' }, { name: 'q' }, 'r'];
    const { environment } = await load({ 'deployments.json': { proxies } });
    expect(environment.serviceAccount).to.equal('a@b');
  });

  it('takes none when the deployments name several, and warns', async () => {
    const proxies = [{ serviceAccount: 'a@b' }, { serviceAccount: 'c@d' }];
    const { environment, diagnostics } = await load({ 'deployments.json': { proxies } });
    expect(environment).not.to.have.property('serviceAccount');
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['several-service-accounts']);
  });

  it('lets options win over what the files say', async () => {
    const { environment } = await load(
      { 'e.yaml': 'name: prod\norganization: acme\nserviceAccount: a@b' },
      'e.yaml',
      { name: 'other', organization: 'umbrella', serviceAccount: 'c@d' },
    );
    expect(environment).to.include({
      name: 'other',
      organization: 'umbrella',
      serviceAccount: 'c@d',
    });
  });

  it('warns of fields of our own file that mean nothing', async () => {
    const { diagnostics } = await load(
      { 'e.yaml': 'targetServer:\n  a: 1\ntargetServers:\n  a: { host: a.test, prot: 80 }\n' },
      'e.yaml',
    );
    expect(
      diagnostics.map(({ severity, code, line, column }) => [severity, code, line, column]),
    ).to.deep.equal([
      ['warning', 'unknown-field', 4, 22],
      ['warning', 'unknown-field', 1, 1],
    ]);
  });

  describe('refuses, with the place,', () => {
    const deep = '['.repeat(100_000);
    const refused: readonly {
      title: string;
      files: Files;
      path?: string;
      options?: EnvironmentOptions;
      finding: Partial<Diagnostic>;
    }[] = [
      {
        title: 'a path that does not exist',
        files: {},
        path: 'nowhere',
        finding: { code: 'environment-not-found', file: 'nowhere', line: 1, column: 1 },
      },
      {
        title: 'a path that is neither file nor folder',
        files: { 'e.yaml': '' },
        path: 'e.yaml/x',
        finding: { code: 'environment-not-found' },
      },
      {
        title: 'JSON that ends too early',
        files: { 'targetservers.json': '[\n  {"name": "a",\n' },
        finding: { code: 'malformed-document', file: 'targetservers.json', line: 3, column: 1 },
      },
      {
        title: 'YAML that is badly indented',
        files: { 'e.yaml': 'name: a\n  b: c\n' },
        path: 'e.yaml',
        finding: { code: 'malformed-document', line: 1 },
      },
      {
        title: 'a name that is given twice',
        files: { 'e.yaml': 'name: a\nname: b\n' },
        path: 'e.yaml',
        finding: { code: 'malformed-document', line: 2, column: 1 },
      },
      {
        title: 'a file with several documents',
        files: { 'e.yaml': 'name: a\n---\nname: b\n' },
        path: 'e.yaml',
        finding: { code: 'malformed-document' },
      },
      {
        title: 'an empty file',
        files: { 'e.yaml': '' },
        path: 'e.yaml',
        finding: { code: 'invalid-value', line: 1, column: 1 },
      },
      {
        title: 'a file that holds a list',
        files: { 'e.yaml': '- a' },
        path: 'e.yaml',
        finding: { code: 'invalid-value' },
      },
      {
        title: 'an alias that stands for nothing',
        files: { 'e.yaml': 'a: *b' },
        path: 'e.yaml',
        finding: { code: 'malformed-document', line: 1 },
      },
      {
        title: 'an anchor around its own alias',
        files: { 'e.yaml': 'a: &x\n  - *x\n' },
        path: 'e.yaml',
        finding: { code: 'malformed-document', line: 2, column: 5 },
      },
      {
        title: 'more than a hundred aliases',
        files: { 'e.yaml': `a: &x 1\nb:\n${'  - *x\n'.repeat(101)}` },
        path: 'e.yaml',
        finding: { code: 'malformed-document', line: 103, column: 5 },
      },
      {
        title: 'nesting beyond reason',
        files: { 'e.yaml': `${'['.repeat(65)}${']'.repeat(65)}` },
        path: 'e.yaml',
        finding: { code: 'malformed-document' },
      },
      {
        title: 'nesting without an end',
        files: { 'e.json': deep },
        path: 'e.json',
        finding: { code: 'malformed-document' },
      },
      {
        title: 'a file of more than a megabyte',
        files: { 'e.yaml': `#${'x'.repeat(1024 * 1024)}` },
        path: 'e.yaml',
        finding: { code: 'malformed-document' },
      },
      {
        title: 'more values than an environment has',
        files: { 'e.json': `[${'1,'.repeat(200_000)}1]` },
        path: 'e.json',
        finding: { code: 'malformed-document' },
      },
      {
        title: 'a great many errors, by the first',
        files: { 'e.json': `{}${']'.repeat(200_000)}` },
        path: 'e.json',
        finding: { code: 'malformed-document', line: 1, column: 3 },
      },
      {
        title: 'a workspace with several environments and no name',
        files: { 'env/a/kvms.json': [], 'env/b/kvms.json': [] },
        finding: { code: 'environment-not-found', file: 'env' },
      },
      {
        title: 'an edge.json without the environment asked for',
        files: { 'edge.json': '{\n "envConfig": { "dev": {} } }' },
        path: 'edge.json',
        options: { name: 'prod' },
        finding: { code: 'environment-not-found', line: 2, column: 2 },
      },
      {
        title: 'a target server without a host',
        files: { 'targetservers.json': '[\n  {"name": "a"}\n]' },
        finding: { code: 'missing-field', line: 2, column: 3 },
      },
      {
        title: 'a target server without a name',
        files: { 'targetservers.json': [{ host: 'a.test' }] },
        finding: { code: 'missing-field' },
      },
      ...['http://a.test', 'a.test/x', 'a.test:80', 'u@a.test', 'a b', 'a?x'].map((host) => ({
        title: `the host "${host}"`,
        files: { 'e.yaml': `targetServers:\n  a:\n    host: "${host}"\n` },
        path: 'e.yaml',
        finding: { code: 'invalid-host', line: 3, column: 11 },
      })),
      ...['0', '65536'].map((port) => ({
        title: `the port ${port}`,
        files: { 'e.yaml': `targetServers:\n  a:\n    host: a\n    port: ${port}\n` },
        path: 'e.yaml',
        finding: { code: 'invalid-port', line: 4, column: 11 },
      })),
      ...['-1', '80a', '1.5', '[]'].map((port) => ({
        title: `the port ${port}`,
        files: { 'e.yaml': `targetServers:\n  a:\n    host: a\n    port: ${port}\n` },
        path: 'e.yaml',
        finding: { code: 'invalid-value', line: 4, column: 11 },
      })),
      {
        title: 'a flag that is neither true nor false',
        files: { 'e.yaml': 'enforceTls: yes please' },
        path: 'e.yaml',
        finding: { code: 'invalid-value', line: 1, column: 13 },
      },
      {
        title: 'a forward proxy without a port',
        files: { 'e.yaml': 'forwardProxy: http://proxy' },
        path: 'e.yaml',
        finding: { code: 'invalid-value', line: 1, column: 15 },
      },
      {
        title: 'target servers that are a text',
        files: { 'targetservers.json': '"x"' },
        finding: { code: 'invalid-value', line: 1, column: 1 },
      },
      {
        title: 'a reference to nothing',
        files: { 'references.json': [{ name: 'a' }] },
        finding: { code: 'missing-field' },
      },
    ];
    for (const { title, files, path, options, finding } of refused) {
      it(title, async () => {
        const errors = (await findings(files, path, options)).filter(
          ({ severity }) => severity === 'error',
        );
        expect(errors).to.have.lengthOf(1);
        expect(errors[0]).to.include(finding);
        expect(errors[0]?.hint).to.be.a('string').and.not.to.equal('');
      });
    }

    it('aliases of aliases without walking what they stand for', async () => {
      const lines = ['a0: &a0 [x, x]'];
      for (let level = 1; level < 30; level += 1) {
        lines.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`);
      }
      lines.push('targetServers: *a29');
      const errors = await findings({ 'e.yaml': lines.join('\n') }, 'e.yaml');
      const codes = new Set(
        errors.filter(({ severity }) => severity === 'error').map(({ code }) => code),
      );
      expect([...codes]).to.deep.equal(['invalid-value']);
    });

    it('every mistake at once', async () => {
      const errors = await findings({
        'targetservers.json': [{ name: 'a' }, { name: 'b', host: 'b', port: 'x' }],
        'references.json': '{',
      });
      expect(errors.map(({ file, code }) => [file, code])).to.have.deep.members([
        ['targetservers.json', 'missing-field'],
        ['targetservers.json', 'invalid-value'],
        ['references.json', 'malformed-document'],
      ]);
    });
  });
});
