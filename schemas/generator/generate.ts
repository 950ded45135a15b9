import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generatedFiles } from './generated-files.ts';
import { withPolicyTable } from './readme-table.ts';

const root = path.resolve(import.meta.dirname, '../..');

for (const [file, text] of generatedFiles()) {
  const target = path.join(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
}

const readme = path.join(root, 'README.md');
await writeFile(readme, withPolicyTable(await readFile(readme, 'utf8')));
