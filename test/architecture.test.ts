import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';

const lib = path.resolve(import.meta.dirname, '../lib');

/** Folders of lib, from the bottom up. A file imports from its own layer's folder or from layers below. */
const layers: readonly (readonly string[])[] = [
  ['diagnostic'],
  ['fault', 'host', 'json-schema', 'xml'],
  ['java', 'environment', 'message'],
  ['json-path', 'script', 'state', 'xml-path', 'variables'],
  ['template'],
  ['condition', 'connection'],
  ['analytics', 'entities', 'message-log', 'publisher'],
  ['policies'],
  ['bundle'],
  ['trace'],
  ['flow'],
  ['runtime'],
  ['gateway'],
  ['kong', 'verification'],
  ['cli', 'index.ts'],
];

const layerOf = new Map(
  layers.flatMap((folders, layer) => folders.map((folder) => [folder, layer] as const)),
);

interface Import {
  readonly from: string;
  readonly to: string;
}

async function importsOfLib(): Promise<readonly Import[]> {
  const files = (await readdir(lib, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const imports = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(path.join(lib, file), 'utf8');
      const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)];
      return specifiers.map(([, specifier = '']) => ({
        from: file,
        to: path.join(path.dirname(file), specifier),
      }));
    }),
  );
  return imports.flat();
}

const folderOf = (file: string): string => file.split(path.sep)[0] ?? '';

describe('the architecture', () => {
  it('gives every folder of lib a layer', async () => {
    const folders = new Set((await readdir(lib)).map(folderOf));
    expect([...folders].filter((folder) => !layerOf.has(folder))).to.deep.equal([]);
  });

  it('is mapped for contributors, the lower layers first', async () => {
    const guide = await readFile(path.join(lib, '../CONTRIBUTING.md'), 'utf8');
    const rows = guide.split('\n').filter((line) => line.startsWith('| `lib/'));
    const mapped = rows.map((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`lib\/([a-z-]+)`/g)].map(([, folder = '']) => folder),
    );
    const folders = (await readdir(lib)).filter((name) => !name.endsWith('.ts'));
    expect(mapped.flat().sort()).to.deep.equal(folders.sort());
    const heights = mapped.map((row) => Math.max(...row.map((name) => layerOf.get(name) ?? -1)));
    expect(heights).to.deep.equal(heights.toSorted((one, other) => one - other));
  });

  it('imports one way: from a folder of a layer below, or from the same folder', async () => {
    const imports = await importsOfLib();
    expect(imports).to.have.length.above(200);
    const wrong = imports.filter(({ from, to }) => {
      const [source, target] = [folderOf(from), folderOf(to)];
      if (source === target) return false;
      return (layerOf.get(target) ?? Infinity) >= (layerOf.get(source) ?? -Infinity);
    });
    expect(wrong).to.deep.equal([]);
  });

  it('has no file of more than 400 lines but those listed', async () => {
    const listed = new Set(['java/regex/match.ts', 'java/regex/parse.ts']);
    const files = (await readdir(lib, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const long: string[] = [];
    for (const file of files) {
      const lines = (await readFile(path.join(lib, file), 'utf8')).split('\n').length;
      if (lines > 400 && !listed.has(file)) long.push(`${file}: ${lines}`);
    }
    expect(long).to.deep.equal([]);
  });
});
