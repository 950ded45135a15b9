import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { calloutPolicy, trial } from './callout-trial.ts';
import type { Run } from './streams.ts';

const program = fileURLToPath(new URL('../../lib/cli/apx.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

/** Runs `apx` as a user does: as a process of its own, its output going to a pipe. */
async function spawned(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  reading: 'all' | 'first chunk' = 'all',
): Promise<Run & { readonly signal: string | null }> {
  const child = spawn(process.execPath, ['--import', loader, program, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (reading === 'first chunk') child.stdout.destroy();
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number, string | null];
  return { code, signal, stdout, stderr };
}

const escape = '\x1b';

describe('apx as a process', function () {
  this.timeout(30_000);

  it('exits with 0, 1 and 2, with nothing but its report on stdout', () =>
    trial(
      async ({ file, url }) => {
        const policy = await file('SC.xml', calloutPolicy({}));
        const flags = ['--upstream', `http://up.test=${url}`];
        const [done, failed, unusable] = [
          await spawned(['callout', policy, ...flags, '--json']),
          await spawned(['callout', policy, ...flags]),
          await spawned(['callout', `${policy}x`]),
        ];
        expect(done).to.include({ code: 0, stderr: '' });
        expect(JSON.parse(done.stdout)).to.include({ policy: 'SC', fault: null });
        expect(failed).to.include({ code: 1, stderr: '' });
        expect(failed.stdout).to.include('ResponseCode 500').and.not.include(escape);
        expect(unusable).to.include({ code: 2, stdout: '' });
        expect(unusable.stderr).to.equal(`error: ${policy}x: there is no such file\n`);
      },
      [{}, { status: 500 }],
    ));

  it('ends a call that no flow waits for before it exits', () =>
    trial(
      async ({ file, url, calls }) => {
        const policy = await file('SC.xml', calloutPolicy({ response: '' }));
        const run = await spawned([
          'callout',
          policy,
          '--upstream',
          `http://up.test=${url}`,
          '--json',
        ]);
        expect(run).to.include({ code: 0, signal: null, stderr: '' });
        expect(calls).to.have.length(1);
        expect(JSON.parse(run.stdout)).to.have.nested.property('response.status', 202);
      },
      [{ status: 202, delay: 300 }],
    ));

  it('writes no colours to a pipe, nor with NO_COLOR', () =>
    trial(async ({ file, url }) => {
      const policy = await file('SC.xml', calloutPolicy({}));
      const argv = ['callout', policy, '--upstream', `http://up.test=${url}`];
      const environments = [{}, { NO_COLOR: '1' }, { NO_COLOR: '', TERM: 'xterm-256color' }];
      for (const run of await Promise.all(environments.map((env) => spawned(argv, env)))) {
        expect(run.code).to.equal(0);
        expect(run.stdout + run.stderr).not.to.include(escape);
      }
    }));

  it('says nothing when whoever reads its output stops early', () =>
    trial(
      async ({ file, url }) => {
        const policy = await file('SC.xml', calloutPolicy({}));
        const argv = ['callout', policy, '--upstream', `http://up.test=${url}`, '--json'];
        const run = await spawned(argv, {}, 'first chunk');
        expect(run).to.include({ signal: null, stderr: '' });
      },
      [{ body: 'x'.repeat(4_000_000) }],
    ));

  it('shows the stack of a mistake of its own only with --debug', async () => {
    const { code, stderr } = await spawned(['callout', 'none.xml', '--debug']);
    expect(code).to.equal(2);
    expect(stderr).to.match(/there is no such file\n +at /);
  });
});
