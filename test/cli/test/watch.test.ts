import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watchFor } from '../../../lib/cli/test/watch.ts';

const changes: readonly (readonly [what: string, change: (folder: string) => Promise<void>])[] = [
  ['a file that is written', (folder) => writeFile(path.join(folder, 'a.yaml'), 'b')],
  [
    'a file that another takes the place of',
    async (folder) => {
      await writeFile(path.join(folder, 'b.yaml'), 'b');
      await rename(path.join(folder, 'b.yaml'), path.join(folder, 'a.yaml'));
    },
  ],
  [
    'a file deep in a folder',
    (folder) => writeFile(path.join(folder, 'bundle/apiproxy/p.xml'), ''),
  ],
];

describe('watching the files of apx test', () => {
  for (const [what, change] of changes) {
    it(`notices ${what}`, async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'apx-watch-'));
      await mkdir(path.join(folder, 'bundle/apiproxy'), { recursive: true });
      await writeFile(path.join(folder, 'a.yaml'), 'a');
      const watching = watchFor([path.join(folder, 'a.yaml'), path.join(folder, 'bundle')]);
      try {
        await change(folder);
        await watching.changed;
      } finally {
        watching.close();
        await rm(folder, { recursive: true });
      }
    });
  }

  it('waits for nothing where there is nothing', () => {
    watchFor(['/nowhere/at/all.yaml']).close();
  });
});
