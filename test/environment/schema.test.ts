import { Ajv } from 'ajv';
import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadEnvironment } from '../../lib/environment/index.ts';
import { authority, clientCertificate, clientKey } from './certificates.ts';
import { inFolder } from './folder.ts';

const files = { 'ca.pem': authority, 'client.pem': clientCertificate, 'client.key': clientKey };

const examples: Readonly<Record<string, string>> = {
  'nothing at all': '{}',
  'a whole environment': `
name: test
organization: acme
serviceAccount: proxy@acme.iam.gserviceaccount.com
enforceTls: true
forwardProxy: proxy.test:3128
targetServers:
  orders:
    host: orders.test
    port: 8443
    isEnabled: true
    tls:
      enabled: true
      clientAuthEnabled: true
      keyStore: ref://client
      keyAlias: main
      trustStore: authorities
      protocols: [TLSv1.2, TLSv1.3]
      commonName: { value: '*.test', wildcardMatch: true }
keyStores:
  client-2026:
    main: { certificate: client.pem, key: client.key }
trustStores:
  authorities: [ca.pem]
references:
  client: client-2026
`,
  'entities as lists, as Apigee exports them': `
targetServers:
  - { name: a, host: a.test, port: "80", isEnabled: "true", sSLInfo: { enabled: "false" } }
keyStores:
  - name: ks
    aliases: [{ alias: main, certificate: client.pem, key: client.key }]
    certificates: ca.pem
references:
  - { name: r, refers: ks, resourceType: KeyStore }
`,
  'a trust store of one certificate': 'trustStores: { ts: ca.pem }',
  'aliases inside of a store keyed by name':
    'keyStores: { ks: { aliases: { main: { certificate: client.pem } } } }',
};

const counterexamples: Readonly<Record<string, string>> = {
  'a list': '[]',
  'a target server without a host': 'targetServers: { a: { port: 80 } }',
  'a target server of a list without a name': 'targetServers: [{ host: a }]',
  'a host with a scheme': 'targetServers: { a: { host: "http://a" } }',
  'a port out of range': 'targetServers: { a: { host: a, port: 70000 } }',
  'a flag that is none': 'enforceTls: maybe',
  'a forward proxy without a port': 'forwardProxy: proxy',
  'an alias without a certificate': 'keyStores: { ks: { main: { key: client.key } } }',
  'a reference to nothing': 'references: [{ name: r }]',
};

describe('the schema of environment files', () => {
  let accepts: (document: unknown) => boolean;

  before(async () => {
    const file = join(import.meta.dirname, '../../schemas/environment.schema.json');
    const schema = JSON.parse(await readFile(file, 'utf8')) as object;
    const validate = new Ajv({ strictTypes: true, allowUnionTypes: true }).compile(schema);
    accepts = (document) => validate(document);
  });

  for (const [title, text] of Object.entries(examples)) {
    it(`accepts ${title}, and so does the reader without a warning`, async () => {
      expect(accepts(parse(text))).to.equal(true);
      const { diagnostics } = await inFolder({ ...files, 'e.yaml': text }, (folder) =>
        loadEnvironment(join(folder, 'e.yaml')),
      );
      expect(diagnostics).to.deep.equal([]);
    });
  }

  for (const [title, text] of Object.entries(counterexamples)) {
    it(`refuses ${title}, and so does the reader`, async () => {
      expect(accepts(parse(text))).to.equal(false);
      await inFolder({ ...files, 'e.yaml': text }, async (folder) => {
        const loaded = await loadEnvironment(join(folder, 'e.yaml')).catch(() => 'refused');
        expect(loaded).to.equal('refused');
      });
    });
  }

  it('refuses a field that the reader warns of', () => {
    expect(accepts({ targetServer: {} })).to.equal(false);
  });
});
