import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { apx } from './streams.ts';

describe('apx', () => {
  it('prints the version of the package with --version', async () => {
    const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(text) as { readonly version: string };
    expect(await apx(['--version'])).to.deep.equal({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  it('takes --debug as the value of an option that wants one', async () => {
    const { code, stderr } = await apx(['callout', 'none.xml', '--var', '--debug']);
    expect(code).to.equal(2);
    expect(stderr).to.equal('error: --var --debug: write it as NAME=VALUE\n');
  });

  it('takes --debug before a command and behind it', async () => {
    for (const argv of [
      ['--debug', 'check', '/nowhere'],
      ['check', '/nowhere', '--debug'],
    ]) {
      const { stderr } = await apx(argv);
      expect(stderr).to.not.match(/unknown option/);
    }
  });
});
