import { expect } from 'chai';
import type { Bundle } from '../../lib/bundle/bundle.ts';
import { checkDeployment } from '../../lib/bundle/check-deployment.ts';
import { loadBundles } from '../../lib/bundle/load-bundle.ts';
import { readBundle } from '../../lib/bundle/read-bundle.ts';
import { emptyEnvironment } from '../../lib/host/environment.ts';
import {
  below,
  findings,
  proxyEndpoint,
  proxyFiles,
  sharedFlowFiles,
  type Documents,
} from './bundle-files.ts';
import { inFolder } from './folder.ts';

async function load(files: Documents): Promise<readonly Bundle[]> {
  return inFolder(files, (folder) => loadBundles(folder));
}

function proxy(name: string, basePath: string): Documents {
  return below(
    name,
    proxyFiles({
      'p.xml': `<APIProxy name="${name}" revision="5"/>`,
      'proxies/default.xml': proxyEndpoint('', basePath),
    }),
  );
}

function caller(...names: readonly string[]): Documents {
  return Object.fromEntries(names.map((name) => [`policies/FC-${name}.xml`, call(name)]));
}

function call(name: string): string {
  return `<FlowCallout name="FC-${name}"><SharedFlowBundle>${name}</SharedFlowBundle></FlowCallout>`;
}

/** A shared flow bundle that calls others, without a file. */
function sharedFlow(name: string, calls: readonly string[]): Promise<Bundle> {
  const documents = Object.entries(sharedFlowFiles(name, caller(...calls)));
  const files = documents.map(([path, content]) => ({
    path: path.slice('sharedflowbundle/'.length),
    file: { path, name: path, bytes: () => Promise.resolve(Buffer.from(content)) },
  }));
  return readBundle('sharedflowbundle', name, files);
}

describe('checkDeployment', () => {
  it('finds nothing wrong with bundles that get along', async () => {
    const bundles = await load({
      ...proxy('a', '/a'),
      ...proxy('b', '/a/logs'),
      ...below('s', sharedFlowFiles('s', caller('t'))),
      ...below('t', sharedFlowFiles('t')),
    });
    expect(checkDeployment(bundles, emptyEnvironment)).to.deep.equal([]);
  });

  it('refuses two proxies with one base path and names the one that has it (runtime 43)', async () => {
    const bundles = await load({ ...proxy('a', '/x'), ...proxy('b', '/x/') });
    const [conflict, ...others] = checkDeployment(bundles, emptyEnvironment);
    expect(others).to.deep.equal([]);
    expect(conflict).to.include({
      severity: 'error',
      code: 'CONFLICTING_DEPLOYMENT',
      message:
        'Existing deployment of "organizations/local/apis/a/revisions/5" contains conflicting base paths: [/x].',
    });
    expect(conflict?.file).to.match(/b\/apiproxy\/proxies\/default\.xml$/);
  });

  it('refuses two bundles of one kind and name', async () => {
    const bundles = await load({
      ...below('one', proxyFiles()),
      ...below('two', proxyFiles({ 'proxies/default.xml': proxyEndpoint('', '/two') })),
      ...below('three', sharedFlowFiles('p')),
    });
    const diagnostics = checkDeployment(bundles, emptyEnvironment);
    expect(diagnostics.map(({ code, message }) => [code, message])).to.deep.equal([
      ['duplicate-name', 'Duplicate p'],
    ]);
  });

  it('warns of shared flows that are called or hooked and not deployed', async () => {
    const bundles = await load(below('a', proxyFiles(caller('gone'))));
    const diagnostics = checkDeployment(bundles, {
      ...emptyEnvironment,
      flowHooks: new Map([['PreProxyFlowHook', { sharedFlow: 'lost', continueOnError: true }]]),
    });
    expect(findings(diagnostics)).to.deep.equal([
      'warning SharedFlowNotFound',
      'warning SharedFlowNotFound',
    ]);
    expect(diagnostics[0]?.message).to.equal('Shared Flow gone Not Found');
  });

  it('warns once of each circle of shared flows, and names its members', async () => {
    const bundles = await Promise.all([
      sharedFlow('a', ['b', 'x']),
      sharedFlow('b', ['c']),
      sharedFlow('c', ['a']),
      sharedFlow('self', ['self']),
      sharedFlow('x', []),
    ]);
    const messages = checkDeployment(bundles, emptyEnvironment).map(({ message }) => message);
    expect(messages).to.deep.equal([
      'Shared flows call each other in a circle: a -> b -> c -> a.',
      'Shared flows call each other in a circle: self -> self.',
    ]);
  });

  it('follows a chain of thousands of shared flows', async () => {
    const length = 3000;
    const bundles = await Promise.all(
      Array.from({ length }, (_, index) => sharedFlow(`s${index}`, [`s${(index + 1) % length}`])),
    );
    const diagnostics = checkDeployment(bundles, emptyEnvironment);
    expect(findings(diagnostics)).to.deep.equal(['warning shared-flow-circle']);
    expect(diagnostics[0]?.message.length).to.be.below(200);
  });

  it('is done at once with shared flows that all call each other', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `s${index}`);
    const bundles = await Promise.all(
      names.map((name, index) => sharedFlow(name, names.slice(index + 1))),
    );
    expect(checkDeployment(bundles, emptyEnvironment)).to.deep.equal([]);
  });
});
