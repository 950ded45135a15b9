import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Bundle } from '../../lib/bundle/bundle.ts';
import { checkBundle } from '../../lib/bundle/check-bundle.ts';
import { loadBundle, loadBundles } from '../../lib/bundle/load-bundle.ts';
import { readSource } from '../../lib/bundle/read-source.ts';
import { DeploymentError } from '../../lib/diagnostic/deployment-error.ts';
import { buildZip } from './build-zip.ts';
import { below, findings, proxyEndpoint, proxyFiles, sharedFlowFiles } from './bundle-files.ts';
import { inFolder, type Files } from './folder.ts';

const fixtures = 'fixtures/bundles';

async function zipOf(folder: string, at = ''): Promise<Buffer> {
  const { files } = await readSource(folder);
  const entries = files.map(async (file) => ({
    name: at + file.path,
    content: await file.bytes(),
  }));
  return buildZip(await Promise.all(entries));
}

/** What a bundle holds, without where it was found. */
function content(bundle: Bundle): string {
  const { path, ...rest } = bundle;
  return JSON.stringify(
    rest,
    (_key, value: unknown) => {
      if (value instanceof Map || value instanceof Set) return Array.from<unknown>(value);
      return value;
    },
    1,
  ).replaceAll(path, 'BUNDLE');
}

async function load(files: Files, path = ''): Promise<Bundle> {
  return inFolder(files, (folder) => loadBundle(join(folder, path)));
}

describe('loadBundle', () => {
  describe('a proxy', () => {
    let orders: Bundle;
    before(async () => {
      orders = await loadBundle(join(fixtures, 'orders'));
    });

    it('has the name and revision of its descriptor, and nothing wrong with it', () => {
      expect(orders).to.include({
        kind: 'apiproxy',
        name: 'orders',
        revision: '3',
        path: 'fixtures/bundles/orders/apiproxy',
      });
      expect(findings(checkBundle(orders))).to.deep.equal([]);
    });

    it('has its policies by name, with what they need', () => {
      expect([...orders.policies.keys()]).to.have.members([
        'AM-Label',
        'FC-Correlate',
        'JS-Trim',
        'RF-NotFound',
        'SC-Weather',
      ]);
      const callout = orders.policies.get('SC-Weather');
      expect(callout?.kind === 'supported' && callout.policy.type).to.equal('ServiceCallout');
      const file = `${orders.path}/policies`;
      expect(orders.policies.get('JS-Trim')?.references).to.deep.equal([
        {
          kind: 'resource',
          url: 'jsc://lib/text.js',
          location: { file: `${file}/JS-Trim.xml`, line: 3, column: 3 },
        },
        {
          kind: 'resource',
          url: 'jsc://trim.js',
          location: { file: `${file}/JS-Trim.xml`, line: 4, column: 3 },
        },
      ]);
      expect(orders.policies.get('FC-Correlate')?.references).to.deep.equal([
        {
          kind: 'shared-flow',
          name: 'correlate',
          location: { file: `${file}/FC-Correlate.xml`, line: 3, column: 3 },
        },
      ]);
    });

    it('has flows, fault rules and routes in the order of the file', () => {
      const endpoint = orders.proxyEndpoints.get('default');
      expect(endpoint?.flows?.flow.map(({ name }) => name)).to.deep.equal([
        'read-order',
        'unknown',
      ]);
      const [flow] = endpoint?.flows?.flow ?? [];
      expect(flow?.request?.step.map(({ name }) => name?.value)).to.deep.equal(['SC-Weather']);
      expect(endpoint?.faultRules?.faultRule.map(({ name }) => name)).to.deep.equal(['not-found']);
      expect(endpoint?.defaultFaultRule?.alwaysEnforce?.value).to.equal(true);
      expect(
        endpoint?.routeRule.map(({ name, targetEndpoint }) => [name, targetEndpoint?.value]),
      ).to.deep.equal([
        ['dry-run', undefined],
        ['default', 'warehouse'],
      ]);
      const [connection] = orders.targetEndpoints.get('warehouse')?.connections ?? [];
      expect(connection?.type === 'HTTPTargetConnection' && connection.url?.value).to.equal(
        'https://warehouse.example/{propertyset.warehouse.path}',
      );
    });

    it('knows where the text of a condition starts', () => {
      const [flow] = orders.proxyEndpoints.get('default')?.flows?.flow ?? [];
      expect(flow?.condition?.textLocation).to.deep.equal({
        file: `${orders.path}/proxies/default.xml`,
        line: 19,
        column: 18,
      });
    });

    it('has its resources by URL, and its property sets by name', async () => {
      expect([...orders.resources.keys()]).to.have.members([
        'jsc://lib/text.js',
        'jsc://trim.js',
        'properties://warehouse.properties',
      ]);
      const script = await readFile(
        join(fixtures, 'orders/apiproxy/resources/jsc/trim.js'),
        'utf8',
      );
      expect(String(Buffer.from(orders.resources.get('jsc://trim.js')?.bytes ?? []))).to.equal(
        script,
      );
      expect([...(orders.propertySets.get('warehouse') ?? [])]).to.deep.equal([
        ['path', 'api/orders'],
        ['greeting', 'Hello, w\u00f6rld'],
        ['key with spaces', 'kept'],
        ['empty', ''],
      ]);
    });
  });

  it('reads a shared flow bundle', async () => {
    const bundle = await loadBundle(join(fixtures, 'correlate'));
    expect(bundle).to.include({ kind: 'sharedflowbundle', name: 'correlate' });
    const [step] = bundle.sharedFlows.get('default')?.step ?? [];
    expect(step?.name?.value).to.equal('AM-CorrelationId');
    expect(findings(checkBundle(bundle))).to.deep.equal([]);
  });

  for (const name of ['orders', 'correlate', 'untidy', 'refused']) {
    it(`finds the same in ${name}, zipped or not, and in the bundle's own folder`, async () => {
      const folder = join(fixtures, name);
      const expected = await loadBundle(folder);
      await inFolder({ 'b.zip': await zipOf(folder) }, async (at) => {
        expect(content(await loadBundle(join(at, 'b.zip')))).to.equal(content(expected));
      });
      const inner = await loadBundle(join(folder, expected.kind));
      expect(content(inner)).to.equal(content(expected));
    });
  }

  it('tolerates a folder above apiproxy, and what archivers of macOS add (runtime 204)', async () => {
    const debris: Files = {
      'download/.DS_Store': 'x',
      '__MACOSX/download/apiproxy/._p.xml': 'x',
      'download/apiproxy/policies/._AM.xml': 'x',
      'download/apiproxy/policies/old.xml~': 'x',
    };
    const bundle = await load({ ...below('download', proxyFiles()), ...debris });
    expect(bundle.name).to.equal('p');
    expect(checkBundle(bundle)).to.deep.equal([]);
  });

  it('loads what is in the folders, whatever the descriptor lists (runtime 199)', async () => {
    const descriptor =
      '<APIProxy name="p"><Policies><Policy>gone</Policy></Policies><TargetEndpoints><TargetEndpoint>gone</TargetEndpoint></TargetEndpoints></APIProxy>';
    const bundle = await load(proxyFiles({ 'p.xml': descriptor }));
    expect(checkBundle(bundle)).to.deep.equal([]);
    expect(bundle.policies.size).to.equal(0);
    expect(bundle.revision).to.equal('1');
  });

  describe('an untidy bundle', () => {
    let untidy: Bundle;
    before(async () => {
      untidy = await loadBundle(join(fixtures, 'untidy'));
    });

    it('is read for what it means', () => {
      const endpoint = untidy.proxyEndpoints.get('default');
      const [flow] = endpoint?.flows?.flow ?? [];
      expect(flow?.condition?.value).to.equal('request.verb = "GET"');
      expect(flow?.response?.step.map(({ name }) => name?.value)).to.deep.equal(['Set Header']);
      expect(endpoint?.preFlow?.request?.step.map(({ name }) => name?.value)).to.deep.equal([
        'SC-Far',
      ]);
      expect(endpoint?.routeRule[0]?.targetEndpoint?.value).to.equal('back end');
      expect(endpoint?.httpProxyConnection?.basePath?.value).to.equal('/untidy/');
      const [connection] = untidy.targetEndpoints.get('back end')?.connections ?? [];
      expect(connection?.type === 'HTTPTargetConnection' && connection.url?.value).to.equal(
        'http://back.example/api',
      );
      expect([...untidy.policies.keys()]).to.have.members(['Set Header', 'SC-Far', 'Unattached']);
    });

    it('can be deployed, with a warning for each thing that counts for nothing', () => {
      const diagnostics = checkBundle(untidy).filter(({ severity }) => severity !== 'info');
      const places = diagnostics
        .filter(
          ({ code }) => !['unsupported-policy', 'unattached', 'unknown-attribute'].includes(code),
        )
        .map(({ file, line, code }) => `${file.slice(untidy.path.length + 1)}:${line} ${code}`);
      expect(diagnostics.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
      expect(places).to.include.members([
        'policies/AM-1.xml:1 name-differs-from-file',
        'policies/SC-Far.xml:2 name-from-file',
        'policies/SC-Far.xml:4 duplicate-element',
        'policies/Unattached.xml:1 policy-not-attached',
        'policies/notes.docx:1 unexpected-file',
        'proxies/default.xml:7 extra-element',
        'proxies/default.xml:9 misplaced-element',
        'proxies/default.xml:11 extra-element',
        'proxies/default.xml:13 misplaced-element',
        'proxies/default.xml:23 base-path-ends-in-slash',
        'proxies/default.xml:24 virtual-host',
        'untidy.xml:2 xml-declaration-not-first',
      ]);
      expect(diagnostics.map(({ message }) => message)).to.include.members([
        'Extra Response element',
        'Extra Flows element',
        "Misplaced 'PostFlow' element child of Flows",
        "Misplaced 'DefaultFaultRule' element child of FaultRules",
      ]);
      const misspelt = diagnostics.find(({ message }) => message.includes('nmae'));
      expect(misspelt).to.include({ code: 'unknown-attribute', line: 15, column: 12 });
    });
  });

  describe("SAP's layout", () => {
    const files: Files = below('APIProxy', {
      's.xml':
        '<APIProxy><name>s</name><title>S</title><service_code>REST</service_code></APIProxy>',
      'APIProxyEndPoint/default.xml': `<ProxyEndPoint default="true"><name>default</name><base_path>/s</base_path><properties/>
        <routeRules><routeRule><name>rest</name><targetEndPointName>default</targetEndPointName><sequence>2</sequence></routeRule>
        <routeRule><name>options</name><conditions>request.verb = "OPTIONS"</conditions><sequence>1</sequence></routeRule></routeRules>
        <preFlow><name>PreFlow</name><request><isRequest>true</isRequest><steps>
          <step><policy_name>second</policy_name><condition> </condition><sequence>2</sequence></step>
          <step><policy_name>first</policy_name><sequence>1</sequence></step></steps></request></preFlow>
        <conditionalFlows><conditionalFlow><name>f</name><conditions>request.verb = "GET"</conditions><sequence>1</sequence></conditionalFlow></conditionalFlows></ProxyEndPoint>`,
      'APITargetEndPoint/default.xml':
        '<TargetEndPoint><name>default</name><provider_id>Northwind</provider_id><relativePath>/V2</relativePath></TargetEndPoint>',
      'Policy/first.xml':
        '<Javascript xmlns="http://www.sap.com/apimgmt"><ResourceURL>jsc://a.js</ResourceURL></Javascript>',
      'Policy/second.xml': '<AssignMessage xmlns="http://www.sap.com/apimgmt"/>',
      'FileResource/a.js': 'var a;',
      'APIResource/x.xml': '<APIResource/>',
      'Documentation/x.html': '<p>',
    });

    it("is read into the same bundle as Apigee's", async () => {
      const bundle = await load(files);
      const endpoint = bundle.proxyEndpoints.get('default');
      expect(endpoint?.preFlow?.request?.step.map(({ name }) => name?.value)).to.deep.equal([
        'first',
        'second',
      ]);
      expect(endpoint?.routeRule.map(({ name }) => name)).to.deep.equal(['options', 'rest']);
      expect(endpoint?.flows?.flow[0]?.condition?.value).to.equal('request.verb = "GET"');
      const [connection] = bundle.targetEndpoints.get('default')?.connections ?? [];
      const http = connection?.type === 'HTTPTargetConnection' ? connection : undefined;
      expect(http?.loadBalancer?.server.map(({ name }) => name)).to.deep.equal(['Northwind']);
      expect(http?.path?.value).to.equal('/V2');
      expect([...bundle.resources.keys()]).to.deep.equal(['jsc://a.js']);
      expect(bundle.name).to.equal('s');
    });

    it('gives policies the names of their files, and nothing worse', async () => {
      const bundle = await load(files);
      const codes = new Set(findings(checkBundle(bundle)));
      codes.delete('warning unsupported-policy');
      expect([...codes]).to.deep.equal(['warning name-from-file']);
    });
  });

  const shapes: readonly [title: string, files: Files, expected: readonly string[]][] = [
    [
      'a path without a bundle',
      { 'readme.md': 'x' },
      ['error descriptor-missing', 'error proxies-missing'],
    ],
    [
      'a bundle without a descriptor',
      { 'apiproxy/proxies/default.xml': proxyEndpoint('') },
      ['error descriptor-missing'],
    ],
    [
      'a descriptor without an endpoint',
      { 'apiproxy/p.xml': '<APIProxy name="p"/>' },
      ['error proxies-missing'],
    ],
    [
      'a broken descriptor',
      proxyFiles({ 'p.xml': '<APIProxy name="p">' }),
      ['error xml-unclosed-element'],
    ],
    [
      'two descriptors',
      proxyFiles({ 'q.xml': '<APIProxy name="q"/>' }),
      ['warning second-descriptor'],
    ],
    [
      'a descriptor of another kind',
      proxyFiles({ 'p.xml': '<SharedFlowBundle name="p"/>' }),
      ['error unexpected-root'],
    ],
    [
      'an unknown version',
      proxyFiles({
        'p.xml': '<APIProxy name="p"><ConfigurationVersion majorVersion="3"/></APIProxy>',
      }),
      ['warning unknown-version'],
    ],
    [
      'a shared flow bundle without a flow',
      { 'sharedflowbundle/s.xml': '<SharedFlowBundle name="s"/>' },
      ['error shared-flows-missing'],
    ],
    [
      'a proxy endpoint among shared flows',
      sharedFlowFiles('s', { 'proxies/default.xml': proxyEndpoint('') }),
      ['warning foreign-file'],
    ],
    [
      'several shared flows, none named default',
      sharedFlowFiles('s', {
        'sharedflows/default.xml': '<SharedFlow name="a"/>',
        'sharedflows/b.xml': '<SharedFlow name="b"/>',
      }),
      ['warning no-default-shared-flow'],
    ],
    [
      'a resource without a type',
      proxyFiles({ 'resources/a.js': '' }),
      ['warning unexpected-file'],
    ],
    [
      'a policy in a folder of its own',
      proxyFiles({ 'policies/old/a.xml': '<A/>' }),
      ['warning unexpected-file'],
    ],
    [
      'a malformed property set',
      proxyFiles({ 'resources/properties/a.properties': 'a=\\u12' }),
      ['error malformed-escape'],
    ],
  ];
  for (const [title, files, expected] of shapes) {
    it(`says what is wrong with ${title}`, async () => {
      expect(findings(checkBundle(await load(files)))).to.deep.equal(expected);
    });
  }

  it('refuses a path that holds several bundles, and loadBundles loads them all', async () => {
    const files = { ...below('a', proxyFiles()), ...below('b', sharedFlowFiles('s')) };
    await inFolder(files, async (folder) => {
      const bundle = await loadBundle(folder);
      expect(findings(bundle.diagnostics)).to.deep.equal(['error several-bundles']);
      const all = await loadBundles(folder);
      expect(all.map(({ kind, name }) => [kind, name])).to.deep.equal([
        ['apiproxy', 'p'],
        ['sharedflowbundle', 's'],
      ]);
    });
  });

  it('throws only for a path that is not there', async () => {
    const error: unknown = await loadBundle('no/such/bundle').catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(DeploymentError);
  });

  it('reads everything else when one of many files is broken', async () => {
    const policies = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `policies/AM-${index}.xml`,
        index === 57 ? '<AssignMessage name="AM-57"' : `<AssignMessage name="AM-${index}"/>`,
      ]),
    );
    const steps = '<PreFlow><Request><Step><Name>AM-57</Name></Step></Request></PreFlow>';
    const bundle = await load(
      proxyFiles({ ...policies, 'proxies/default.xml': proxyEndpoint(steps) }),
    );
    expect(bundle.policies.size).to.equal(199);
    const errors = checkBundle(bundle).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ file, code }) => [file.slice(-9), code])).to.deep.equal([
      ['AM-57.xml', 'xml-unclosed-tag'],
    ]);
  });

  it('reads an archive of ten thousand files', async () => {
    const files = proxyFiles(
      Object.fromEntries(
        Array.from({ length: 9_998 }, (_, index) => [`resources/jsc/f${index}.js`, '']),
      ),
    );
    const entries = Object.keys(files).map((name) => ({ name, content: files[name] ?? '' }));
    const bundle = await load({ 'b.zip': buildZip(entries) }, 'b.zip');
    expect(bundle.resources.size).to.equal(9_998);
    expect(new Set(findings(checkBundle(bundle)))).to.deep.equal(
      new Set(['warning resource-not-used']),
    );
  });
});
