import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { expect } from 'chai';
import { apx } from './streams.ts';

const policy = `<AssignMessage name="AM-Set">
  <IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables>
  <AssignVariable><Name>greeting</Name><Template>Hello, {name}</Template></AssignVariable>
</AssignMessage>`;

const hello = {
  name: 'greets <Ada> & "co"',
  policy: 'AM-Set.xml',
  variables: { name: 'Ada' },
  expect: { variables: { greeting: 'Hello, Ada' } },
};
const wrong = {
  ...hello,
  name: 'greets # nobody',
  expect: { variables: { greeting: 'Hello, <b>\u0007' } },
};
const skipped = { ...hello, name: 'greets later', skip: 'not yet' };
const broken = { ...hello, name: 'is no policy', policy: '<Nonsense name="x"/>' };
const gone = { ...hello, name: 'has no file', policy: 'gone.xml' };

describe('apx test', () => {
  it('passes with exit code 0 and a line for each case', () =>
    inFolder(async ({ suite }) => {
      const { code, stdout } = await apx(['test', await suite([hello, skipped])]);
      expect(code).to.equal(0);
      expect(stdout).to.match(/✓ greets <Ada> & "co" \d+ ms\n {2}- greets later: not yet\n/);
      expect(stdout).to.match(/1 passed, 0 failed, 1 skipped in [\d.]+ s\n$/);
    }));

  it('fails with exit code 1 and says what differs', () =>
    inFolder(async ({ suite }) => {
      const { code, stdout } = await apx(['test', await suite([hello, wrong, broken, gone])]);
      expect(code).to.equal(1);
      expect(stdout).to.include(
        '      variables.greeting\n        expected "Hello, <b>\\u0007"\n        found    "Hello, Ada"\n',
      );
      expect(stdout).to.include('The policy cannot be read: ENOENT');
      expect(stdout).to.include('1 passed, 3 failed');
    }));

  it('runs only the cases of a name, and refuses a name that none has', () =>
    inFolder(async ({ suite }) => {
      const file = await suite([hello, wrong]);
      expect((await apx(['test', file, '--filter', '^greets <'])).code).to.equal(0);
      const none = await apx(['test', file, '--filter', 'xyz']);
      expect(none).to.include({ code: 2, stderr: 'error: there are no cases of such a name\n' });
      expect((await apx(['test', file, '--filter', '('])).stderr).to.match(/no regular expression/);
    }));

  it('runs every suite of a folder, and nothing else that is in it', () =>
    inFolder(async ({ folder, suite, file }) => {
      await suite([hello]);
      await file('environment.yaml', 'targetServers: {}');
      await mkdir(path.join(folder, 'more/apiproxy'), { recursive: true });
      await file('more/b.json', JSON.stringify({ cases: [wrong] }));
      await file('more/apiproxy/no.yaml', 'cases: 1');
      const { code, stdout } = await apx(['test', folder, '--json']);
      expect(code).to.equal(1);
      const report = JSON.parse(stdout) as { summary: object; suites: readonly { file: string }[] };
      expect(report.summary).to.include({ passed: 1, failed: 1, skipped: 0 });
      expect(report.suites.map((one) => path.relative(folder, one.file))).to.deep.equal([
        path.join('more', 'b.json'),
        'suite.json',
      ]);
    }));

  for (const [what, content, message] of [
    ['a file that is not there', undefined, /gone\.yaml: there is no such file or folder/],
    ['a broken one', 'cases: [', /gone\.yaml:1:9 error malformed-document/],
    [
      'one of another kind',
      'case: []',
      /gone\.yaml:1:1 error unknown-field .* Did you mean cases\?/,
    ],
  ] as const) {
    it(`refuses ${what} with exit code 2`, () =>
      inFolder(async ({ folder, file }) => {
        if (content !== undefined) await file('gone.yaml', content);
        const { code, stdout, stderr } = await apx(['test', path.join(folder, 'gone.yaml')]);
        expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
        expect(stderr).to.match(message);
      }));
  }

  it('refuses a folder without suites', () =>
    inFolder(async ({ folder }) => {
      const { code, stderr } = await apx(['test', folder]);
      expect(code).to.equal(2);
      expect(stderr).to.match(/there are no suites in it/);
    }));

  it('reports as JUnit what build servers read', () =>
    inFolder(async ({ suite }) => {
      const run = await apx([
        'test',
        await suite([hello, wrong, skipped, broken]),
        '--reporter',
        'junit',
      ]);
      const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
      const { testsuites } = parser.parse(run.stdout) as {
        readonly testsuites: {
          readonly tests: string;
          readonly failures: string;
          readonly testsuite: { readonly testcase: readonly Record<string, unknown>[] };
        };
      };
      expect(testsuites).to.include({ tests: '4', failures: '2' });
      const cases = testsuites.testsuite.testcase;
      expect(cases.map(({ name }) => name)).to.deep.equal(
        [hello, wrong, skipped, broken].map(({ name }) => name),
      );
      expect(cases.map((one) => 'failure' in one)).to.deep.equal([false, true, false, true]);
      expect(run.stdout).to.not.include('\u0007');
    }));

  it('reports as TAP', () =>
    inFolder(async ({ suite }) => {
      const run = await apx(['test', await suite([hello, wrong, skipped]), '--reporter', 'tap']);
      expect(run.stdout).to.match(/^TAP version 14\n1\.\.3\nok 1 - of a test: greets/);
      expect(run.stdout).to.include('not ok 2 - of a test: greets \\# nobody\n  ---\n');
      expect(run.stdout).to.include('ok 3 - of a test: greets later # SKIP not yet\n');
    }));

  it('writes a page for people that runs and loads nothing', () =>
    inFolder(async ({ folder, suite }) => {
      const page = path.join(folder, 'report.html');
      const file = await suite([hello, wrong, skipped, broken]);
      const run = await apx(['test', file, '--reporter', 'html', '--output', page, '--coverage']);
      expect(run.code).to.equal(1);
      expect(run.stdout).to.match(/^1 passed, 2 failed, 1 skipped/);
      const text = await readFile(page, 'utf8');
      expect(text).to.include('<h1>2 of 3 cases failed</h1>');
      expect(text).to.include('greets &lt;Ada&gt; &amp; &quot;co&quot;');
      expect(text).to.include('<mark>&lt;b&gt;\\u0007</mark>');
      expect(text).to.include('<h2>Coverage</h2>');
      expect(text).to.not.match(/<script|<link|<img|src=|https?:\/\//);
    }));

  it('leaves nothing half written when the report cannot be written', () =>
    inFolder(async ({ folder, suite }) => {
      const file = await suite([hello]);
      await mkdir(path.join(folder, 'taken'));
      const run = await apx(['test', file, '--output', path.join(folder, 'taken')]);
      expect(run.code).to.equal(2);
      expect(run.stderr).to.match(/taken: it cannot be written/);
      expect((await readdir(folder)).sort()).to.deep.equal(['AM-Set.xml', 'suite.json', 'taken']);
    }));

  it('counts what the cases reach, in the terminal and as lcov', () =>
    inFolder(async ({ folder, file }) => {
      await bundleIn(folder);
      const suite = await file(
        'b.yaml',
        'bundle: .\ncases:\n  - { name: a, request: GET /b, expect: { response: { status: 200 } } }',
      );
      const lcov = path.join(folder, 'lcov.info');
      const { code, stdout } = await apx(['test', suite, '--coverage', '--lcov', lcov]);
      expect(code, stdout).to.equal(0);
      expect(stdout).to.match(/policies +1\/2 +50 %\n +steps +1\/3/);
      expect(stdout).to.match(/condition outcomes +1\/4/);
      expect(stdout).to.match(/fault rules +0\/1/);
      expect(stdout).to.match(/route rules +1\/1/);
      expect(stdout).to.match(/default\.xml:6:18 condition of RF-Never was never true/);
      const record = await readFile(lcov, 'utf8');
      expect(record).to.match(/^TN:\nSF:/);
      expect(record).to.include('BRDA:6,0,0,0\nBRDA:6,0,1,1\n');
      expect(record).to.match(/DA:4,1\n/);
    }));

  it('shows a person how far it is, on a line that is gone at the end', () =>
    inFolder(async ({ suite }) => {
      const { stderr } = await apx(['test', await suite([hello, wrong])], 'person');
      expect(stderr).to.match(/^\r\x1b\[K1\/2 cases/);
      expect(stderr.endsWith('\r\x1b[K')).to.equal(true);
    }));
});

interface Folder {
  readonly folder: string;
  readonly file: (name: string, content: string) => Promise<string>;
  readonly suite: (cases: readonly unknown[]) => Promise<string>;
}

async function inFolder(test: (folder: Folder) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apx-test-'));
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(path.join(folder, name), content);
    return path.join(folder, name);
  };
  try {
    await test({
      folder,
      file,
      async suite(cases) {
        await file('AM-Set.xml', policy);
        return file('suite.json', JSON.stringify({ name: 'of a test', cases }));
      },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function bundleIn(folder: string): Promise<void> {
  const root = path.join(folder, 'apiproxy');
  for (const name of ['proxies', 'policies'])
    await mkdir(path.join(root, name), { recursive: true });
  await writeFile(path.join(root, 'b.xml'), '<APIProxy name="b"/>');
  await writeFile(path.join(root, 'policies/AM-Set.xml'), policy);
  await writeFile(path.join(root, 'policies/RF-Never.xml'), '<RaiseFault name="RF-Never"/>');
  await writeFile(
    path.join(root, 'proxies/default.xml'),
    `<ProxyEndpoint name="default">
  <HTTPProxyConnection><BasePath>/b</BasePath></HTTPProxyConnection>
  <PreFlow><Request>
    <Step><Name>AM-Set</Name></Step>
    <Step><Name>RF-Never</Name>
      <Condition>request.verb = "PUT"</Condition></Step>
  </Request></PreFlow>
  <FaultRules><FaultRule name="any">
      <Condition>fault.name = "x"</Condition>
      <Step><Name>AM-Set</Name></Step></FaultRule></FaultRules>
  <RouteRule name="none"/>
</ProxyEndpoint>`,
  );
}
