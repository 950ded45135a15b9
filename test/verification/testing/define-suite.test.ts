import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import {
  CaseFailure,
  defineSuite,
  double,
  type DefineSuiteOptions,
  type TestRunner,
} from '../../../lib/index.ts';

defineSuite('fixtures/cases/*.yaml');

const callout = `<ServiceCallout name="SC-Customer"><Response>r</Response>
  <HTTPTargetConnection><URL>http://crm.test/customers</URL></HTTPTargetConnection></ServiceCallout>`;

const suite = {
  name: 'customers',
  cases: [
    { name: 'are known', policy: callout, expect: { variables: { 'r.status.code': 200 } } },
    { name: 'come later', skip: 'why not', policy: callout, expect: {} },
  ],
};

/** A runner that keeps what is defined. */
class Tests implements TestRunner {
  readonly titles: string[] = [];
  readonly runs = new Map<string, () => Promise<void>>();
  readonly it = Object.assign(
    (name: string, run: () => Promise<void>) => {
      this.titles.push(`  ${name}`);
      this.runs.set(name, run);
    },
    { skip: (name: string) => this.titles.push(`  (${name})`) },
  );

  describe = (name: string, define: () => void): void => {
    this.titles.push(name);
    define();
  };

  async failureOf(name: string): Promise<unknown> {
    try {
      await this.runs.get(name)?.();
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

async function defined(options: DefineSuiteOptions = {}): Promise<Tests> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apx-define-'));
  try {
    const file = path.join(folder, 's.json');
    await writeFile(file, JSON.stringify(suite));
    const tests = new Tests();
    defineSuite(file, { runner: tests, ...options });
    return tests;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('defineSuite', () => {
  it('defines a test for each case, and none that runs for those to be skipped', async () => {
    expect((await defined()).titles).to.deep.equal(['customers', '  are known', '  (come later)']);
  });

  it('fails with what was expected and what was found, so that a runner can show both', async () => {
    const failure = await (await defined()).failureOf('are known');
    expect(failure).to.be.instanceOf(CaseFailure);
    expect(failure).to.have.property('message').that.includes('http://crm.test/customers');
    expect(failure).to.have.nested.property('actual.variables\\.r\\.status\\.code', '(nothing)');
    expect(failure).to.have.nested.property('expected.variables\\.r\\.status\\.code', 200);
  });

  it('answers the calls of policies that have doubles', async () => {
    const tests = await defined({ doubles: { 'SC-Customer': {} } });
    expect(await tests.failureOf('are known')).to.equal(undefined);
    const down = await defined({ doubles: { 'SC-Customer': { status: 503 } } });
    expect(await down.failureOf('are known'))
      .to.have.property('message')
      .that.includes('steps.servicecallout.ExecutionFailed');
  });

  it('lets a double be asked what it saw', async () => {
    const customer = double('SC-Customer');
    const tests = await defined({ doubles: [customer] });
    await tests.failureOf('are known');
    expect(customer.calls.map(({ method, url }) => `${method} ${url}`)).to.deep.equal([
      'GET http://crm.test/customers',
    ]);
  });

  it('refuses paths without suites', () => {
    expect(() => {
      defineSuite('fixtures/cases/*.none', { runner: new Tests() });
    }).to.throw(TypeError, 'There are no suites');
  });

  it('registers with node:test where no other runner is there', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'apx-node-test-'));
    try {
      const file = path.join(folder, 's.json');
      await writeFile(file, JSON.stringify(suite));
      const index = new URL('../../../lib/index.ts', import.meta.url).href;
      const script = path.join(folder, 'run.mjs');
      const doubled = "{ doubles: { 'SC-Customer': {} } }";
      await writeFile(
        script,
        `import { defineSuite } from ${JSON.stringify(index)};
defineSuite(${JSON.stringify(file)}, process.argv.includes('doubled') ? ${doubled} : {});`,
      );
      const good = await nodeTest(script, 'doubled');
      expect(good.code).to.equal(0);
      expect(good.stdout).to.match(/ok 1 - are known/);
      expect(good.stdout).to.match(/come later # SKIP/);
      const bad = await nodeTest(script);
      expect(bad.code).to.equal(1);
      expect(bad.stdout).to.include('http://crm.test/customers');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
}

async function nodeTest(script: string, ...more: readonly string[]): Promise<Ended> {
  const env = { ...process.env };
  delete env['NODE_TEST_CONTEXT'];
  const flags = [
    '--import',
    pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
    '--test-reporter',
    'tap',
  ];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, ...more], {
      env,
    });
    return { code: 0, stdout };
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'stdout' in error)
      return { code: Number(error.code), stdout: String(error.stdout) };
    throw error;
  }
}
