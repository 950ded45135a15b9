import { Ajv } from 'ajv';
import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DeploymentError } from '../../lib/diagnostic/deployment-error.ts';
import { loadEnvironment } from '../../lib/environment/index.ts';
import { inFolder, type Files } from './folder.ts';

type Maps = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Entries by map, which is named `SCOPE[ PROXY] NAME`. */
async function mapsOf(files: Files, path = '', name?: string): Promise<Maps> {
  const { environment } = await inFolder(files, (folder) =>
    loadEnvironment(join(folder, path), name === undefined ? {} : { name }),
  );
  return Object.fromEntries(
    (environment.keyValueMaps ?? []).map(({ scope, proxy, name: map, entries }) => [
      [scope, ...(proxy === undefined ? [] : [proxy]), map].join(' '),
      Object.fromEntries(entries),
    ]),
  );
}

const kvm = (name: string, key: string, value: string) => ({
  name,
  encrypted: true,
  entry: [{ name: key, value }],
});

describe('key-value maps of an environment are found in', () => {
  it('an environment file, by name', async () => {
    const file =
      'keyValueMaps: { settings: { url: "http://a", port: 8080, on: true, list: [a, 1], none: null } }';
    expect(await mapsOf({ 'e.yaml': file }, 'e.yaml')).to.deep.equal({
      'environment settings': {
        url: ['http://a'],
        port: ['8080'],
        on: ['true'],
        list: ['a', '1'],
        none: [''],
      },
    });
  });

  it('an environment file, as a list with scopes', async () => {
    const file = `
keyValueMaps:
  - { name: m, entries: { k: e } }
  - { name: m, scope: organization, entries: { k: o } }
  - { name: m, scope: apiproxy, proxy: p, entries: { k: p } }
`;
    expect(await mapsOf({ 'e.yaml': file }, 'e.yaml')).to.deep.equal({
      'environment m': { k: ['e'] },
      'organization m': { k: ['o'] },
      'apiproxy p m': { k: ['p'] },
    });
  });

  it('kvms.json of an environment folder, with suffixed files on top', async () => {
    const files = {
      'kvms.json': [kvm('m', 'k', '1'), kvm('n', 'k', '1')],
      'kvms-more.json': [kvm('m', 'k', '2'), kvm('m', 'l', '3')],
    };
    expect(await mapsOf(files)).to.deep.equal({
      'environment m': { k: ['2'], l: ['3'] },
      'environment n': { k: ['1'] },
    });
  });

  it("the emulator's maps.json, whose other scopes are the organization's", async () => {
    const files = {
      'src/main/apigee/environments/test/targetservers.json': [],
      'src/main/apigee/environments/test/maps.json': [
        { name: 'm', scope: 'environment', environment: 'test', entries: { k: 'of test' } },
        { name: 'm', scope: 'environment', environment: 'prod', entries: { k: 'of prod' } },
        { name: 'm', scope: 'organization', entries: { k: 'of all' } },
        { name: 'n', scope: 'other', entries: { k: 'of all' } },
      ],
    };
    expect(await mapsOf(files)).to.deep.equal({
      'environment m': { k: ['of test'] },
      'organization m': { k: ['of all'] },
      'organization n': { k: ['of all'] },
    });
  });

  it('edge.json', async () => {
    const edge = {
      version: '1.0',
      envConfig: { test: { kvms: [kvm('m', 'k', 'e')] }, prod: { kvms: [kvm('m', 'k', 'x')] } },
      orgConfig: { kvms: [kvm('m', 'k', 'o')] },
      apiConfig: { p: { kvms: [kvm('m', 'k', 'p')] }, q: {} },
    };
    expect(await mapsOf({ 'edge.json': edge }, 'edge.json', 'test')).to.deep.equal({
      'organization m': { k: ['o'] },
      'apiproxy p m': { k: ['p'] },
      'environment m': { k: ['e'] },
    });
  });

  it("the Maven plugin's folders", async () => {
    const files = {
      'env/test/kvms.json': [kvm('m', 'k', 'e')],
      'env/prod/kvms.json': [kvm('m', 'k', 'x')],
      'org/kvms.json': [kvm('m', 'k', 'o')],
      'api/p/kvms.json': [kvm('m', 'k', 'p')],
      'api/readme.txt': 'no folder',
    };
    expect(await mapsOf(files, '', 'test')).to.deep.equal({
      'organization m': { k: ['o'] },
      'apiproxy p m': { k: ['p'] },
      'environment m': { k: ['e'] },
    });
  });
});

describe('key-value maps of an environment', () => {
  const malformed: Readonly<Record<string, unknown>> = {
    'a map without a name': [{ entry: [] }],
    'a map that is a text': ['m'],
    'an entry without a name': [{ name: 'm', entry: [{ value: 'v' }] }],
    'an entry without a value': [{ name: 'm', entry: [{ name: 'k' }] }],
    'a value that is an object': [{ name: 'm', entries: { k: { a: 1 } } }],
    'maps that are a text': 'm',
  };
  for (const [title, value] of Object.entries(malformed)) {
    it(`refuse ${title}`, async () => {
      let error: unknown;
      try {
        await mapsOf({ 'kvms.json': JSON.stringify(value) });
      } catch (thrown) {
        error = thrown;
      }
      if (!(error instanceof DeploymentError)) throw new Error('It was loaded');
      expect(error.diagnostics.map(({ code }) => code)).to.have.lengthOf(1);
    });
  }

  it('take names such as __proto__ as names', async () => {
    const file = '{"keyValueMaps": {"__proto__": {"__proto__": "v"}}}';
    const { environment } = await inFolder({ 'e.json': file }, (folder) =>
      loadEnvironment(join(folder, 'e.json')),
    );
    const [map] = environment.keyValueMaps ?? [];
    expect([map?.name, [...(map?.entries ?? [])]]).to.deep.equal([
      '__proto__',
      [['__proto__', ['v']]],
    ]);
  });

  it('are known to the schema of environment files', async () => {
    const schema = JSON.parse(
      await readFile(new URL('../../schemas/environment.schema.json', import.meta.url), 'utf8'),
    ) as object;
    const isValid = new Ajv({ allowUnionTypes: true }).compile(schema);
    const valid = (text: string): boolean => isValid(parse(text));
    expect(valid('keyValueMaps: { m: { k: v, l: [a, 1], n: null } }')).to.equal(true);
    expect(
      valid('keyValueMaps: [{ name: m, scope: apiproxy, proxy: p, entries: { k: v } }]'),
    ).to.equal(true);
    expect(valid('keyValueMaps: { m: { k: { a: 1 } } }')).to.equal(false);
    expect(valid('keyValueMaps: [{ scope: environment }]')).to.equal(false);
  });
});
