import { expect } from 'chai';
import { join, relative } from 'node:path';
import { defaultSourceLimits, type SourceLimits } from '../../lib/bundle/limits.ts';
import { readSource } from '../../lib/bundle/read-source.ts';
import type { BundleSource } from '../../lib/bundle/source.ts';
import { DeploymentError } from '../../lib/diagnostic/deployment-error.ts';
import { inFolder, type Files } from './folder.ts';

const paths = ({ files }: BundleSource) => files.map(({ path }) => path);

const read = (folder: string, limits: Partial<SourceLimits> = {}) =>
  readSource(folder, { ...defaultSourceLimits, ...limits });

/** What is reported about a folder with these files, as `path code`. */
function findings(files: Files, limits?: Partial<SourceLimits>, below = ''): Promise<string[]> {
  return inFolder(files, async (folder) => {
    const source = join(folder, below);
    const { diagnostics } = await read(source, limits);
    return diagnostics.map(({ file, code }) => `${relative(source, file)} ${code}`);
  });
}

function codeOf(error: unknown): string {
  if (error instanceof DeploymentError) return error.diagnostics.map(({ code }) => code).join();
  throw error;
}

describe('a folder as a source', () => {
  it('lists every file by path, at any depth', async () => {
    const files = { 'b.xml': 'b', 'a/c.xml': 'c', 'a/b/d.txt': 'd', 'a.xml': 'a' };
    await inFolder(files, async (folder) => {
      const source = await read(folder);
      expect(source.kind).to.equal('folder');
      expect(source.diagnostics).to.deep.equal([]);
      expect(paths(source)).to.deep.equal(['a.xml', 'a/b/d.txt', 'a/c.xml', 'b.xml']);
      const bytes = await Promise.all(source.files.map((file) => file.bytes()));
      expect(bytes.map((each) => Buffer.from(each).toString())).to.deep.equal(['a', 'd', 'c', 'b']);
    });
  });

  const names: readonly (readonly [given: (folder: string) => string, named: string])[] = [
    [(folder) => folder, 'FOLDER/a/b.xml'],
    [(folder) => `${folder}/`, 'FOLDER/a/b.xml'],
    [(folder) => `${folder}//a/..`, 'FOLDER/a/b.xml'],
    [(folder) => `${folder}/a`, 'FOLDER/a/b.xml'],
  ];
  for (const [given, named] of names) {
    it(`names files below ${given('FOLDER')} as an editor opens them`, async () => {
      await inFolder({ 'a/b.xml': '' }, async (folder) => {
        const [file] = (await read(given(folder))).files;
        expect(file?.name).to.equal(named.replace('FOLDER', folder));
      });
    });
  }

  it('names files without a folder when the source is the working directory', async () => {
    const { files } = await readSource('./lib/..');
    expect(files.map(({ name }) => name)).to.include('package.json');
    expect(files.map(({ name }) => name)).to.include('lib/bundle/limits.ts');
  });

  it('passes over debris and over the folders of tools', async () => {
    const files = {
      '.DS_Store': '',
      '.git/config': '',
      'a/node_modules/b/c.xml': '',
      'a/._d.xml': '',
      '__MACOSX/e.xml': '',
      '__proto__/f.xml': '',
    };
    await inFolder(files, async (folder) => {
      expect(paths(await read(folder))).to.deep.equal(['__proto__/f.xml']);
    });
  });

  it('follows links that stay inside, to files and to folders', async () => {
    const files = { 'a/x.xml': 'x', 'b.xml': { to: 'a/x.xml' }, 'c/d': { to: '../a' } };
    await inFolder(files, async (folder) => {
      const source = await read(folder);
      expect(source.diagnostics).to.deep.equal([]);
      expect(paths(source)).to.deep.equal(['a/x.xml', 'b.xml', 'c/d/x.xml']);
      expect(Buffer.from((await source.files[1]?.bytes()) ?? []).toString()).to.equal('x');
    });
  });

  it('follows a link that is given as the source itself', async () => {
    await inFolder({ 'a/x.xml': 'x', link: { to: 'a' } }, async (folder) => {
      const source = await read(join(folder, 'link'));
      expect(paths(source)).to.deep.equal(['x.xml']);
      expect(source.diagnostics).to.deep.equal([]);
    });
  });

  const links: readonly (readonly [title: string, files: Files, found: readonly string[]])[] = [
    [
      'a link to a file outside',
      { 'in/l.xml': { to: '../o.xml' }, 'o.xml': '' },
      ['l.xml link-outside'],
    ],
    ['a link to a folder outside', { 'in/l': { to: '/' } }, ['l link-outside']],
    [
      'a link to a neighbour whose name starts alike',
      { 'in/l': { to: '../inner' }, 'inner/x': '' },
      ['l link-outside'],
    ],
    ['a link to nowhere', { 'in/l': { to: 'nowhere' } }, ['l broken-link']],
    ['a link to itself', { 'in/l': { to: 'l' } }, ['l broken-link']],
    ['a link to its own folder', { 'in/l': { to: '.' } }, ['l link-loop']],
    ['a link to a folder above', { 'in/a/b/l': { to: '../..' } }, ['a/b/l link-loop']],
    [
      'links that lead to each other',
      { 'in/a/l': { to: '../b' }, 'in/b/l': { to: '../a' } },
      ['a/l/l link-loop', 'b/l/l link-loop'],
    ],
  ];
  for (const [title, files, found] of links) {
    it(`reports ${title} and does not follow it`, async () => {
      expect(await findings({ 'in/x.xml': '', ...files }, {}, 'in')).to.have.members(found);
    });
  }

  it('stops at the most entries that are read', async () => {
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`a/${index}`, '']));
    expect(await findings(files, { folderEntries: 5 })).to.deep.equal([' folder-too-large']);
    expect(await findings(files, { folderEntries: 10 })).to.deep.equal([]);
  });

  it('stops at the deepest folder that is read', async () => {
    const files = { 'a/b/c/x': '' };
    expect(await findings(files, { folderDepth: 2 })).to.deep.equal(['a/b/c folder-too-deep']);
    expect(await findings(files, { folderDepth: 3 })).to.deep.equal([]);
  });

  it('reads no file that is too large', async () => {
    await inFolder({ 'a.xml': 'abcd', 'b.xml': 'abc' }, async (folder) => {
      const [a, b] = (await read(folder, { fileSize: 3 })).files;
      expect(await a?.bytes().catch(codeOf)).to.equal('file-too-large');
      expect((await b?.bytes())?.length).to.equal(3);
    });
  });
});

describe('readSource', () => {
  it('takes a single file as a source of its own', async () => {
    const source = await readSource('fixtures/policies/SC-Geocode.xml');
    expect(source).to.deep.include({ kind: 'file', name: 'fixtures/policies/SC-Geocode.xml' });
    expect(source.files).to.have.length(1);
    expect(source.files[0]).to.include({ path: 'SC-Geocode.xml', name: source.name });
  });

  const kinds: readonly (readonly [file: string, content: string, kind: BundleSource['kind']])[] = [
    ['a.zip', 'not a zip', 'zip'],
    ['A.ZIP', '', 'zip'],
    ['zip-without-extension', 'PK\x05\x06', 'zip'],
    ['a.xml', '<PK/>', 'file'],
    ['empty.xml', '', 'file'],
    ['PK', 'PK', 'file'],
  ];
  for (const [file, content, kind] of kinds) {
    it(`takes ${file} with ${JSON.stringify(content)} for a ${kind}`, async () => {
      await inFolder({ [file]: content }, async (folder) => {
        expect((await readSource(join(folder, file))).kind).to.equal(kind);
      });
    });
  }

  const unusable: readonly (readonly [title: string, path: string, code: string])[] = [
    ['a missing path', 'no/such/path', 'source-not-found'],
    ['a path below a file', 'package.json/a.xml', 'source-not-found'],
    ['a device', '/dev/null', 'unreadable-source'],
    ['a path with a NUL', 'a\0b', 'unreadable-source'],
  ];
  for (const [title, path, code] of unusable) {
    it(`refuses ${title}`, async () => {
      expect(await readSource(path).catch(codeOf)).to.equal(code);
    });
  }

  it('refuses a zip that is too large', async () => {
    await inFolder({ 'a.zip': 'PK\x03\x04' }, async (folder) => {
      const limits = { ...defaultSourceLimits, archiveSize: 3 };
      const found = await readSource(join(folder, 'a.zip'), limits).catch(codeOf);
      expect(found).to.equal('file-too-large');
    });
  });
});
