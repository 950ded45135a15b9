import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { startGeocodingService } from '../examples/geocoding/geocoding-service.ts';

const root = path.resolve(import.meta.dirname, '..');
const run = promisify(execFile);

describe('the README', () => {
  it('shows the first import as the example that runs', async () => {
    const readme = await readFile(path.join(root, 'README.md'), 'utf8');
    const example = await readFile(path.join(root, 'examples/first-import.ts'), 'utf8');
    expect(readme).to.contain(`\`\`\`ts\n${example}\`\`\``);
  });

  it('has a first import that works against the built package', async function () {
    this.timeout(30_000);
    const service = await startGeocodingService();
    try {
      const { stdout } = await run(
        process.execPath,
        ['--import', 'tsx', 'examples/first-import.ts', service.url],
        { cwd: root },
      );
      expect(stdout).to.contain('Mountain View');
    } finally {
      service.stop();
    }
  });

  it('has a dry run that prints what it promises', async function () {
    this.timeout(30_000);
    const { stdout } = await run(
      process.execPath,
      [
        'dist/cli/apx.js',
        'callout',
        'fixtures/policies/SC-Geocode.xml',
        '--var',
        'request.queryparam.postalcode=94043',
        '--dry-run',
      ],
      { cwd: root },
    );
    expect(stdout).to.contain('address=94043&region=US&sensor=false  (dry run: not sent)');
  });

  it('links only to files that exist', async () => {
    const readme = await readFile(path.join(root, 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(
      ([, target]) => target ?? '',
    );
    expect(links).to.not.be.empty;
    for (const link of links) await stat(path.join(root, link));
  });
});
