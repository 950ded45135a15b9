import { join } from 'node:path';
import { expect } from 'chai';
import { checkBundle } from '../../lib/bundle/check-bundle.ts';
import { checkDeployment } from '../../lib/bundle/check-deployment.ts';
import { loadWorkspace, type Workspace } from '../../lib/bundle/load-workspace.ts';
import { DeploymentError } from '../../lib/diagnostic/deployment-error.ts';
import {
  below,
  findings,
  proxyEndpoint,
  proxyFiles,
  sharedFlowFiles,
  type Documents,
} from './bundle-files.ts';
import { inFolder } from './folder.ts';

const root = 'src/main/apigee';
const environment = `${root}/environments/test`;

function workspace(deployments: unknown, more: Documents = {}): Documents {
  const file: Documents =
    deployments === undefined
      ? {}
      : { [`${environment}/deployments.json`]: JSON.stringify(deployments) };
  return {
    ...below(`${root}/apiproxies/a`, proxyFiles()),
    ...below(
      `${root}/apiproxies/b`,
      proxyFiles({ 'proxies/default.xml': proxyEndpoint('', '/b') }),
    ),
    ...below(`${root}/sharedflows/s`, sharedFlowFiles('s')),
    [`${environment}/targetservers.json`]: '[{"name":"t1","host":"t.example","port":"80"}]',
    ...file,
    ...more,
  };
}

async function load(files: Documents, path = '', name?: string): Promise<Workspace> {
  return inFolder(files, (folder) => loadWorkspace(join(folder, path), { environment: name }));
}

async function failure(files: Documents, path?: string, name?: string): Promise<readonly string[]> {
  const error: unknown = await load(files, path, name).catch((caught: unknown) => caught);
  if (!(error instanceof DeploymentError)) throw new Error('It was not refused', { cause: error });
  return error.diagnostics.map(({ code }) => code);
}

function folders({ bundles }: Workspace): readonly string[] {
  return bundles.map(({ path }) => path.split('/').slice(-3, -1).join('/'));
}

describe('loadWorkspace', () => {
  const deployments: readonly [title: string, value: unknown, expected: readonly string[]][] = [
    [
      'objects with names',
      { proxies: [{ name: 'b' }], sharedflows: [{ name: 's' }] },
      ['sharedflows/s', 'apiproxies/b'],
    ],
    [
      'plain names',
      { proxies: ['b', 'a'], sharedFlows: ['s'] },
      ['sharedflows/s', 'apiproxies/b', 'apiproxies/a'],
    ],
    ['a name twice', { proxies: ['a', { name: 'a' }] }, ['apiproxies/a']],
    ['nothing', {}, []],
    ['no file at all', undefined, ['sharedflows/s', 'apiproxies/a', 'apiproxies/b']],
  ];
  for (const [title, value, expected] of deployments) {
    it(`deploys what deployments.json names: ${title}`, async () => {
      const loaded = await load(workspace(value));
      expect(folders(loaded)).to.deep.equal(expected);
      expect(loaded.diagnostics.filter(({ severity }) => severity !== 'info')).to.deep.equal([]);
    });
  }

  it('gives the environment with servers, hooks, resources and property sets', async () => {
    const loaded = await load(
      workspace(
        { proxies: ['a'] },
        {
          [`${environment}/flowhooks.json`]:
            '{"PreProxyFlowHook":{"sharedFlow":"s","continueOnError":false},"PostProxyFlowHook":{"sharedFlow":"s"},"PreTargetFlowHook":{}}',
          [`${environment}/resources/jsc/lib/a.js`]: 'var a;',
          [`${environment}/resources/properties/limits.properties`]: 'max=5',
        },
      ),
    );
    expect(loaded.environment.name).to.equal('test');
    expect([...loaded.environment.targetServers.keys()]).to.deep.equal(['t1']);
    expect([...(loaded.environment.flowHooks ?? [])]).to.deep.equal([
      ['PreProxyFlowHook', { sharedFlow: 's', continueOnError: false }],
      ['PostProxyFlowHook', { sharedFlow: 's', continueOnError: true }],
    ]);
    expect([...(loaded.environment.resources?.keys() ?? [])]).to.deep.equal([
      'jsc://lib/a.js',
      'properties://limits.properties',
    ]);
    expect(loaded.environment.propertySets?.get('limits')?.get('max')).to.equal('5');
    expect(findings(checkDeployment(loaded.bundles, loaded.environment))).to.deep.equal([
      'warning SharedFlowNotFound',
      'warning SharedFlowNotFound',
    ]);
    expect(loaded.bundles.flatMap((bundle) => checkBundle(bundle, loaded))).to.deep.equal([]);
  });

  it('takes the environment that is asked for, and asks where there are several', async () => {
    const files = workspace(
      { proxies: ['a'] },
      {
        [`${root}/environments/prod/deployments.json`]: '{"proxies":["b"]}',
      },
    );
    expect(folders(await load(files, '', 'prod'))).to.deep.equal(['apiproxies/b']);
    expect(await failure(files)).to.deep.equal(['environment-not-found']);
    expect(await failure(files, '', 'gone')).to.deep.equal(['environment-not-found']);
  });

  for (const inner of ['', 'src', 'src/main/apigee']) {
    it(`finds the workspace from ${inner === '' ? 'its root' : inner}`, async () => {
      expect(folders(await load(workspace({ proxies: ['a'] }), inner))).to.deep.equal([
        'apiproxies/a',
      ]);
    });
  }

  it('deploys everything where there is no environment', async () => {
    const loaded = await load({ ...below(`${root}/apiproxies/a`, proxyFiles()) });
    expect(folders(loaded)).to.deep.equal(['apiproxies/a']);
    expect(loaded.environment.targetServers.size).to.equal(0);
  });

  it('lists test data without reading it', async () => {
    const loaded = await load(
      workspace({}, { 'src/tests/smoke/maps.json': '{', 'src/tests/smoke/notes.md': 'x' }),
    );
    expect(loaded.testData.map(({ path }) => path)).to.deep.equal(['smoke/maps.json']);
  });

  const malformed: readonly [title: string, value: unknown, expected: readonly string[]][] = [
    ['a missing folder', { proxies: ['gone'] }, ['error bundle-not-found']],
    [
      'a path for a name',
      { proxies: ['../apiproxies/a', '..', 'a/b'] },
      ['error invalid-value', 'error invalid-value', 'error invalid-value'],
    ],
    [
      'something else than names',
      { proxies: [{}, 7, [1]] },
      ['error invalid-value', 'error bundle-not-found', 'error invalid-value'],
    ],
    ['a list', [], ['error invalid-value']],
  ];
  for (const [title, value, expected] of malformed) {
    it(`says what is wrong with deployments.json: ${title}`, async () => {
      const loaded = await load(workspace(value));
      expect(loaded.bundles).to.deep.equal([]);
      expect(findings(loaded.diagnostics)).to.have.members(expected);
    });
  }

  it('refuses what is no workspace', async () => {
    expect(await failure({ 'a.txt': 'x' })).to.deep.equal(['workspace-not-found']);
    expect(await failure({ 'a.txt': 'x' }, 'gone')).to.deep.equal(['workspace-not-found']);
  });

  it('takes the folder of a shared flow for no workspace', async () => {
    const files = sharedFlowFiles('s');
    expect(await failure(files, 'sharedflowbundle')).to.deep.equal(['workspace-not-found']);
  });
});
