import { expect } from 'chai';
import { layOut } from '../../lib/bundle/layout.ts';
import type { BundleSource } from '../../lib/bundle/source.ts';

const source = (
  paths: readonly string[],
  name = 'some',
  kind: BundleSource['kind'] = 'folder',
): BundleSource => ({
  kind,
  name,
  files: paths.map((path) => ({ path, name: path, bytes: () => Promise.resolve(Buffer.alloc(0)) })),
  diagnostics: [],
});

/** Roles as `role path`, and bundles as `kind path`. */
function laidOut(from: BundleSource): { readonly bundles: string[]; readonly roles: string[] } {
  const { bundles, files } = layOut(from);
  return {
    bundles: bundles.map(({ kind, path }) => `${kind} ${path}`),
    roles: files.map(({ role }) => role),
  };
}

describe('the layout of a source', () => {
  const placed: readonly (readonly [path: string, bundle: string, role: string])[] = [
    ['apiproxy/policies/a.xml', 'proxy apiproxy', 'policy'],
    ['apiproxy/policies/A.XML', 'proxy apiproxy', 'policy'],
    ['apiproxy/policies/readme.md', 'proxy apiproxy', 'resource'],
    ['apiproxy/policies/old/a.xml', 'proxy apiproxy', 'configuration'],
    ['apiproxy/a.xml', 'proxy apiproxy', 'configuration'],
    ['apiproxy/proxies/a.xml', 'proxy apiproxy', 'configuration'],
    ['apiproxy/targets/a.xml', 'proxy apiproxy', 'configuration'],
    ['apiproxy/manifests/manifest.xml', 'proxy apiproxy', 'configuration'],
    ['apiproxy/resources/xsl/a.xml', 'proxy apiproxy', 'resource'],
    ['apiproxy/resources/node/apiproxy/policies/a.xml', 'proxy apiproxy', 'resource'],
    ['sharedflowbundle/policies/a.xml', 'shared-flow sharedflowbundle', 'policy'],
    ['sharedflowbundle/sharedflows/a.xml', 'shared-flow sharedflowbundle', 'configuration'],
    ['APIProxy/Policy/a.xml', 'proxy APIProxy', 'policy'],
    ['APIProxy/APIProxyEndPoint/a.xml', 'proxy APIProxy', 'configuration'],
    ['APIProxy/FileResource/a.xml', 'proxy APIProxy', 'resource'],
    ['deep/er/apiproxy/policies/a.xml', 'proxy deep/er/apiproxy', 'policy'],
    ['apiproxy/orders/apiproxy/policies/a.xml', 'proxy apiproxy/orders/apiproxy', 'policy'],
    [
      'src/main/apigee/sharedflows/b/sharedflowbundle/policies/a.xml',
      'shared-flow src/main/apigee/sharedflows/b/sharedflowbundle',
      'policy',
    ],
  ];
  for (const [path, bundle, role] of placed) {
    it(`takes ${path} for a ${role}`, () => {
      expect(laidOut(source([path]))).to.deep.equal({ bundles: [bundle], roles: [role] });
      expect(laidOut(source([path], 'b.zip', 'zip')).roles).to.deep.equal([role]);
    });
  }

  it('takes a folder named apiproxy for the bundle itself', () => {
    for (const name of ['apiproxy', 'some/apiproxy']) {
      expect(laidOut(source(['a.xml', 'policies/b.xml'], name))).to.deep.equal({
        bundles: ['proxy '],
        roles: ['configuration', 'policy'],
      });
    }
  });

  it('lists bundles by path, each once', () => {
    const paths = ['b/apiproxy/a.xml', 'a/apiproxy/policies/a.xml', 'a/apiproxy/policies/b.xml'];
    expect(laidOut(source(paths)).bundles).to.deep.equal(['proxy a/apiproxy', 'proxy b/apiproxy']);
  });

  it('takes XML in a source without bundles for loose policies', () => {
    const paths = ['a.xml', 'policies/b.xml', 'c.txt', 'apiproxy/notes.txt'];
    expect(laidOut(source(paths))).to.deep.equal({
      bundles: [],
      roles: ['loose', 'loose', 'resource', 'resource'],
    });
  });

  it('takes XML beside bundles for stray', () => {
    const paths = ['apiproxy/a.xml', 'pom.xml', 'policies/b.xml', 'c.txt'];
    expect(laidOut(source(paths)).roles).to.deep.equal([
      'configuration',
      'stray',
      'stray',
      'resource',
    ]);
  });

  it('takes a single file for a loose policy, whatever its extension', () => {
    expect(laidOut(source(['a.policy'], 'a.policy', 'file')).roles).to.deep.equal(['loose']);
  });

  it('knows no object property as a folder of bundles', () => {
    expect(
      laidOut(source(['__proto__/policies/a.xml', 'apiproxy/constructor/a.xml'])),
    ).to.deep.equal({ bundles: [], roles: ['loose', 'loose'] });
  });
});
