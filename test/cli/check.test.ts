import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import { buildZip, symbolicLink, type ZipEntry } from '../bundle/build-zip.ts';
import {
  below,
  proxyEndpoint,
  proxyFiles,
  sharedFlowFiles,
  type Documents,
} from '../bundle/bundle-files.ts';
import { inFolder, type Files } from '../bundle/folder.ts';
import { apx, type Run } from './streams.ts';

interface Document {
  readonly diagnostics: readonly Diagnostic[];
  readonly summary: Readonly<Record<'errors' | 'warnings' | 'bundles' | 'policies', number>>;
}

const bundles = 'fixtures/bundles';

const callout = (name: string, url = 'https://example.com') =>
  `<ServiceCallout name="${name}"><HTTPTargetConnection><URL>${url}</URL></HTTPTargetConnection></ServiceCallout>`;

const flowCallout = (sharedFlow: string) =>
  `<FlowCallout name="FC"><SharedFlowBundle>${sharedFlow}</SharedFlowBundle></FlowCallout>`;

/** A sound bundle with these policies, every one attached. */
function proxyWith(policies: Documents): Documents {
  const steps = Object.keys(policies).map((name) => `<Step><Name>${name}</Name></Step>`);
  return proxyFiles({
    'proxies/default.xml': proxyEndpoint(`<PreFlow><Request>${steps.join('')}</Request></PreFlow>`),
    ...Object.fromEntries(
      Object.entries(policies).map(([name, content]) => [`policies/${name}.xml`, content]),
    ),
  });
}

const entriesOf = (files: Documents): readonly ZipEntry[] =>
  Object.entries(files).map(([name, content]) => ({ name, content }));

async function checkJson(...paths: readonly string[]): Promise<Document & Pick<Run, 'code'>> {
  const { code, stdout } = await apx(['check', '--json', ...paths]);
  return { code, ...(JSON.parse(stdout) as Document) };
}

/** Checks files in a folder of their own; places are relative to it. */
function checkFiles(
  files: Files,
  path = '.',
): Promise<{
  readonly code: number;
  readonly found: readonly string[];
  readonly summary: Document['summary'];
}> {
  return inFolder(files, async (folder) => {
    const { code, diagnostics, summary } = await checkJson(join(folder, path));
    const found = diagnostics.map(({ file, line, column, severity, code: what }) => {
      return `${file.replace(folder, '').replace(/^\//, '')}:${line}:${column} ${severity} ${what}`;
    });
    return { code, found, summary };
  });
}

const checkZip = (...entries: readonly ZipEntry[]) =>
  checkFiles({ 'b.zip': buildZip(entries) }, 'b.zip');

describe('apx check', () => {
  it('prints every finding of a bundle on stderr, ordered by place, and a summary on stdout', async () => {
    const { code, stdout, stderr } = await apx(['check', `${bundles}/broken`]);
    expect(code).to.equal(1);
    expect(stdout).to.equal('4 errors, 2 warnings (3 policies, 1 bundle)\n');
    const places = stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ').slice(0, 3).join(' '));
    const folder = `${bundles}/broken/apiproxy`;
    expect(places).to.deep.equal([
      `${folder}/policies/SC-NoConnection.xml:1:1 error ConnectionInfoMissing`,
      `${folder}/policies/SC-NoConnection.xml:2:3 warning request-variable-is-request`,
      `${folder}/policies/SC-NoConnection.xml:3:13 warning response-has-space`,
      `${folder}/policies/SC-NoUrl.xml:4:5 error URLMissing`,
      `${folder}/policies/SC-Typo.xml:1:1 error unknown-policy-type`,
      `${folder}/proxies/default.xml:3:1 error xml-crossed-tags`,
    ]);
  });

  it('prints one JSON document and nothing else', async () => {
    const { code, stdout, stderr } = await apx(['check', '--json', `${bundles}/broken`]);
    const document = JSON.parse(stdout) as Document;
    expect(code).to.equal(1);
    expect(stderr).to.equal('');
    expect(Object.keys(document)).to.deep.equal(['diagnostics', 'summary']);
    expect(document.summary).to.deep.equal({ errors: 4, warnings: 2, bundles: 1, policies: 3 });
    expect(document.diagnostics[3]).to.deep.equal({
      severity: 'error',
      code: 'URLMissing',
      message: 'URL is missing in Step SC-NoUrl.',
      file: `${bundles}/broken/apiproxy/policies/SC-NoUrl.xml`,
      line: 4,
      column: 5,
      hint: 'Write the address of the service, or a LoadBalancer with a Server.',
    });
  });

  it('accepts a bundle whose only findings are warnings', async () => {
    const { code, stdout } = await apx(['check', `${bundles}/sap`]);
    expect(code).to.equal(0);
    expect(stdout).to.equal('0 errors, 1 warning (1 policy, 1 bundle)\n');
  });

  it('shows a person the source line and how to mend it', async () => {
    const { stderr } = await apx(['check', `${bundles}/broken`], 'person without colours');
    expect(stderr).to.include(
      [
        ':4:5 error URLMissing URL is missing in Step SC-NoUrl.',
        '    4 |     <URL/>',
        '      |     ^',
        '    hint Write the address of the service, or a LoadBalancer with a Server.\n',
      ].join('\n'),
    );
  });

  it('shows a person the source line of what does not fit together too', async () => {
    const files = below('src/main/apigee/apiproxies/a', proxyWith({ FC: flowCallout('gone') }));
    await inFolder(files, async (folder) => {
      const { stderr } = await apx(['check', folder], 'person without colours');
      expect(stderr).to.match(/ warning SharedFlowNotFound [^\n]*\n {4}1 \| <FlowCallout/);
    });
  });

  it('prints colours to a terminal only, and none under NO_COLOR', async () => {
    const argv = ['check', `${bundles}/broken`];
    const seen = await Promise.all([
      apx(argv, 'person'),
      apx(argv, 'person without colours'),
      apx(argv),
    ]);
    expect(seen.map(({ stdout }) => stdout.includes('\x1b['))).to.deep.equal([true, false, false]);
    expect(seen.map(({ stderr }) => stderr.includes('\x1b['))).to.deep.equal([true, false, false]);
  });

  it('runs as a program', async () => {
    const argv = ['--import', 'tsx', 'lib/cli/apx.ts', 'check', '--json', `${bundles}/broken`];
    const ended = await promisify(execFile)(process.execPath, argv).catch(
      (error: unknown) => error,
    );
    expect(ended).to.include({ code: 1 });
    const { stdout } = ended as { readonly stdout: string };
    expect((JSON.parse(stdout) as Document).summary.errors).to.equal(4);
  });

  describe('finds policies in', () => {
    const layouts: readonly (readonly [
      title: string,
      path: string,
      summary: Document['summary'],
    ])[] = [
      ['a bundle folder', 'geocode', { errors: 0, warnings: 0, bundles: 1, policies: 2 }],
      [
        'the apiproxy folder itself',
        'geocode/apiproxy',
        { errors: 0, warnings: 0, bundles: 1, policies: 2 },
      ],
      [
        'the policies folder itself',
        'geocode/apiproxy/policies',
        { errors: 0, warnings: 0, bundles: 0, policies: 2 },
      ],
      ["a bundle in SAP's layout", 'sap', { errors: 0, warnings: 1, bundles: 1, policies: 1 }],
      ['a workspace', 'workspace', { errors: 0, warnings: 0, bundles: 2, policies: 2 }],
    ];
    for (const [title, path, summary] of layouts) {
      it(title, async () => {
        expect((await checkJson(join(bundles, path))).summary).to.deep.equal(summary);
      });
    }

    it('a folder of bundles, all of them', async () => {
      const sum = { errors: 0, warnings: 0, bundles: 0, policies: 0 };
      for (const name of await readdir(bundles)) {
        const { summary } = await checkJson(join(bundles, name));
        sum.errors += summary.errors;
        sum.warnings += summary.warnings;
        sum.bundles += summary.bundles;
        sum.policies += summary.policies;
      }
      expect((await checkJson(bundles)).summary).to.deep.equal(sum);
      expect(sum.bundles).to.be.above(5);
    });

    it('a zip, and names the entry behind "!"', async () => {
      const name = 'apiproxy/policies/a.xml';
      const { code, found, summary } = await checkZip(
        ...entriesOf(proxyWith({ a: callout('a', '') })),
      );
      expect({ code, found }).to.deep.equal({
        code: 1,
        found: [`b.zip!/${name}:1:48 error URLMissing`],
      });
      expect(summary).to.deep.equal({ errors: 1, warnings: 0, bundles: 1, policies: 1 });
    });

    it('a folder of nothing but policies', async () => {
      const files = {
        'a.xml': callout('a'),
        'more/b.xml': callout('b', ''),
        'c.xml': '<Typo/>',
        'README.md': 'Not a policy.',
      };
      const { found, summary } = await checkFiles(files);
      expect(found).to.deep.equal([
        'c.xml:1:1 error unknown-policy-type',
        'more/b.xml:1:48 error URLMissing',
      ]);
      expect(summary).to.include({ bundles: 0, policies: 3 });
    });

    it('the folders beside the bundles of a workspace, where other XML is let alone', async () => {
      const { code, found, summary } = await checkFiles({
        ...proxyWith({}),
        'library/b.xml': callout('b', ''),
        'pom.xml': '<project/>',
        'log.xml': '<log>',
      });
      expect(found).to.deep.equal([
        'library/b.xml:1:48 error URLMissing',
        'log.xml:1:1 info xml-unclosed-element',
      ]);
      expect({ code, policies: summary.policies }).to.deep.equal({ code: 1, policies: 1 });
    });

    it('paths that overlap, each once, whatever comes first', async () => {
      const folder = `${bundles}/broken`;
      const file = `${folder}/apiproxy/policies/SC-NoUrl.xml`;
      const paths = [file, `./${folder}/`, folder, `${folder}/apiproxy`, file];
      const alone = await checkJson(folder);
      for (const order of [paths, paths.toReversed(), [`${folder}/apiproxy`, folder]]) {
        expect(await checkJson(...order)).to.deep.equal(alone);
      }
      expect(alone.summary).to.deep.equal({ errors: 4, warnings: 2, bundles: 1, policies: 3 });
    });
  });

  it('does not check what a bundle keeps where it has no meaning', async () => {
    const { found, summary } = await checkFiles({
      ...proxyWith({ a: callout('a') }),
      'apiproxy/policies.bak/b.xml': callout('b', ''),
    });
    expect(found).to.deep.equal(['apiproxy/policies.bak/b.xml:1:1 warning unexpected-file']);
    expect(summary.policies).to.equal(1);
  });

  it('tells once what is wrong with overlapping folders themselves', async () => {
    const files = { ...proxyWith({}), 'apiproxy/policies/l.xml': { to: '/etc/passwd' } };
    await inFolder(files, async (folder) => {
      const { diagnostics } = await checkJson(join(folder, 'apiproxy'), folder);
      expect(diagnostics.map(({ code }) => code)).to.deep.equal(['link-outside']);
    });
  });

  describe('a single file', () => {
    const roots = ['APIProxy', 'ProxyEndpoint', 'TargetEndpoint', 'SharedFlow', 'SharedFlowBundle'];
    for (const root of roots) {
      it(`that holds a ${root} alone is read for well-formedness only, and says so`, async () => {
        const { code, found, summary } = await checkFiles({ 'a.xml': `<${root}/>` }, 'a.xml');
        expect({ code, found }).to.deep.equal({
          code: 0,
          found: ['a.xml:1:1 info not-checked-alone'],
        });
        expect(summary.policies).to.equal(0);
      });
    }

    const encoded: readonly (readonly [
      title: string,
      bytes: Uint8Array,
      found: readonly string[],
    ])[] = [
      [
        'with a byte order mark',
        Buffer.from(`\ufeff${callout('a', '')}`),
        ['a.xml:1:48 error URLMissing'],
      ],
      [
        'with CR LF',
        Buffer.from(callout('a', '').replace('<URL', '\r\n\r\n<URL')),
        ['a.xml:3:1 error URLMissing'],
      ],
      [
        'in UTF-16',
        Buffer.from(`\ufeff${callout('a', '')}`, 'utf16le'),
        ['a.xml:1:48 error URLMissing'],
      ],
      ['that is empty', Buffer.alloc(0), ['a.xml:1:1 error xml-no-root']],
      [
        'that is binary',
        Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]),
        ['a.xml:1:5 error xml-illegal-character'],
      ],
      [
        'that is no UTF-8',
        Buffer.from('<a>\xff</a>', 'latin1'),
        ['a.xml:1:4 error xml-malformed-bytes'],
      ],
      [
        'with a document type',
        Buffer.from('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
        ['a.xml:1:1 error xml-doctype'],
      ],
    ];
    for (const [title, bytes, found] of encoded) {
      it(`${title} gets its findings at their place`, async () => {
        expect((await checkFiles({ 'a.xml': bytes }, 'a.xml')).found).to.deep.equal(found);
      });
    }
  });

  describe('an environment', () => {
    const workspace = `${bundles}/workspace`;

    it('is asked for the target servers of policies', async () => {
      const { code, diagnostics } = await checkJson(workspace, '--env', workspace);
      expect(code).to.equal(1);
      expect(diagnostics.map(({ file, line, code: what }) => [file, line, what])).to.deep.equal([
        [
          `${workspace}/src/main/apigee/apiproxies/orders/apiproxy/policies/SC-Stock.xml`,
          5,
          'unknown-target-server',
        ],
      ]);
    });

    it('that is missing is wrong use, and hides no finding', async () => {
      const { code, diagnostics } = await checkJson(`${bundles}/broken`, '--env', 'no/such/env');
      expect(code).to.equal(2);
      expect(diagnostics).to.have.length(7);
      expect(diagnostics[6]).to.include({ file: 'no/such/env', code: 'environment-not-found' });
    });
  });

  describe('several bundles', () => {
    const workspace = 'src/main/apigee';
    const proxies = (folder: string): Documents => ({
      ...below(`${folder}/a`, proxyWith({})),
      ...below(`${folder}/b`, proxyFiles({ 'p.xml': '<APIProxy name="q"/>' })),
    });
    const deploys = (environment: string, ...names: readonly string[]): Files => ({
      [`${workspace}/environments/${environment}/deployments.json`]: JSON.stringify({
        proxies: names.map((name) => ({ name })),
      }),
    });
    const conflict = `${workspace}/apiproxies/b/apiproxy/proxies/default.xml:1:62 error CONFLICTING_DEPLOYMENT`;
    const cases: readonly (readonly [title: string, files: Files, found: readonly string[]])[] = [
      ['of a repository may be deployed apart', proxies('samples'), []],
      ['of a workspace must not collide', proxies(`${workspace}/apiproxies`), [conflict]],
      [
        'of a workspace in a repository must not collide',
        proxies(`samples/one/${workspace}/apiproxies`),
        [`samples/one/${conflict}`],
      ],
      [
        'of two workspaces may be deployed apart',
        {
          ...below(`one/${workspace}/apiproxies/a`, proxyWith({})),
          ...below(`two/${workspace}/apiproxies/a`, proxyWith({})),
        },
        [],
      ],
      [
        'of a workspace may be deployed to environments of their own',
        {
          ...proxies(`${workspace}/apiproxies`),
          ...deploys('test', 'a'),
          ...deploys('prod', 'b'),
        },
        [],
      ],
      [
        'that two environments deploy are reported once',
        {
          ...proxies(`${workspace}/apiproxies`),
          ...deploys('test', 'a', 'b'),
          ...deploys('prod', 'a', 'b', 'c'),
        },
        [conflict, `${workspace}/environments/prod/deployments.json:1:39 error bundle-not-found`],
      ],
      [
        'of a workspace need the shared flows that they call',
        below(`${workspace}/apiproxies/a`, proxyWith({ FC: flowCallout('s') })),
        [`${workspace}/apiproxies/a/apiproxy/policies/FC.xml:1:24 warning SharedFlowNotFound`],
      ],
      [
        'of a workspace find the shared flows that they call',
        {
          ...below(`${workspace}/apiproxies/a`, proxyWith({ FC: flowCallout('s') })),
          ...below(`${workspace}/sharedflows/s`, sharedFlowFiles('s')),
        },
        [],
      ],
      [
        'of a part of a workspace are not blamed for the rest',
        below(`${workspace}/apiproxies/a`, proxyWith({ FC: flowCallout('s') })),
        [],
      ],
    ];
    for (const [title, files, expected] of cases) {
      it(title, async () => {
        const path = title.includes('a part of') ? `${workspace}/apiproxies` : '.';
        expect((await checkFiles(files, path)).found).to.deep.equal(expected);
      });
    }

    it('in a zip of a workspace must not collide', async () => {
      const { found } = await checkZip(...entriesOf(proxies(`${workspace}/apiproxies`)));
      expect(found).to.include(`b.zip!/${conflict}`);
    });
  });

  describe('wrong use', () => {
    it('of a missing path is one clear line and exit code 2', async () => {
      const { code, stderr } = await apx(['check', 'no/such/path']);
      expect(code).to.equal(2);
      expect(stderr).to.equal(
        'no/such/path:1:1 error source-not-found There is no such file or folder.\n',
      );
    });

    it('of a missing path still gives the findings of the others, and one document', async () => {
      const { code, stdout, stderr } = await apx([
        'check',
        '--json',
        'no/such/path',
        `${bundles}/broken`,
      ]);
      expect(code).to.equal(2);
      expect(stderr).to.match(/^no\/such\/path:1:1 error source-not-found [^\n]*\n$/);
      expect((JSON.parse(stdout) as Document).summary.errors).to.equal(5);
    });

    for (const argv of [
      ['check'],
      ['check', '--no-such-flag', 'package.json'],
      ['check', '--env'],
    ]) {
      it(`"apx ${argv.join(' ')}" ends with exit code 2`, async () => {
        const { code, stdout, stderr } = await apx(argv);
        expect(code).to.equal(2);
        expect(stdout).to.equal('');
        expect(stderr).to.match(/^error: [^\n]*\n/);
      });
    }
  });

  describe('hostile sources', () => {
    const good = entriesOf(proxyWith({ a: callout('a') }));
    const another = entriesOf(below('x', proxyWith({})));
    const hostile: readonly (readonly [title: string, found: string, ...entries: ZipEntry[]])[] = [
      [
        'a zip slip',
        'b.zip:1:1 error zip-unsafe-path',
        { name: '../../evil.xml', content: callout('e') },
      ],
      [
        'a link',
        'b.zip:1:1 error zip-link',
        { name: 'apiproxy/policies/l.xml', content: '/etc/passwd', mode: symbolicLink },
      ],
      [
        'a bomb',
        'b.zip:1:1 error zip-bomb',
        { name: 'apiproxy/policies/b.xml', content: ' '.repeat(2_000_000) },
      ],
      [
        'a twofold policy',
        'b.zip:1:1 error zip-duplicate-entry',
        { name: 'apiproxy/policies/a.xml', content: callout('a') },
      ],
      [
        'names that differ in case',
        'b.zip:1:1 warning zip-case-collision',
        { name: 'apiproxy/README.md' },
        { name: 'apiproxy/readme.md' },
      ],
      [
        'a size that lies',
        'b.zip!/apiproxy/policies/z.xml:1:1 error malformed-zip',
        { name: 'apiproxy/policies/z.xml', content: callout('z'), declaredSize: 5 },
      ],
      [
        'a binary policy',
        'b.zip!/apiproxy/policies/z.xml:1:1 error xml-illegal-character',
        { name: 'apiproxy/policies/z.xml', content: '\0\x01' },
      ],
      ['a bundle one folder down', 'b.zip:1:1 warning nested-bundle', ...another],
    ];
    for (const [title, finding, ...entries] of hostile) {
      it(`report ${title}, and still check the rest`, async () => {
        const { found, summary, code } = await checkZip(...good, ...entries);
        expect(found).to.deep.equal([finding]);
        expect(summary.policies).to.be.at.least(1);
        expect(code).to.equal(finding.includes(' error ') ? 1 : 0);
      });
    }

    const broken: readonly (readonly [title: string, zip: Uint8Array, code: string])[] = [
      ['a truncated zip', buildZip(good).subarray(0, -9), 'malformed-zip'],
      ['random bytes', Buffer.from('\x00\xff\x13\x37'.repeat(99), 'latin1'), 'malformed-zip'],
      ['an empty file', Buffer.alloc(0), 'malformed-zip'],
      ['a zip without entries', buildZip([]), 'nothing-to-check'],
      ['a zip without XML', buildZip([{ name: 'apiproxy/readme.txt' }]), 'nothing-to-check'],
    ];
    for (const [title, zip, code] of broken) {
      it(`such as ${title} fail the check`, async () => {
        expect(await checkFiles({ 'b.zip': zip }, 'b.zip')).to.deep.include({
          code: 1,
          found: [`b.zip:1:1 error ${code}`],
        });
      });
    }

    it('warn of a zip with policies but no bundle', async () => {
      const { found } = await checkZip({ name: 'a.xml', content: callout('a') });
      expect(found).to.deep.equal(['b.zip:1:1 warning no-bundle']);
    });

    it('such as an empty folder fail the check', async () => {
      const { code, found } = await checkFiles({ 'a/b.txt': '' }, 'a');
      expect({ code, found }).to.deep.equal({ code: 1, found: ['a:1:1 error nothing-to-check'] });
    });

    it('with link loops and links to elsewhere end, with a warning each', async () => {
      const { code, found, summary } = await checkFiles({
        ...proxyWith({ a: callout('a') }),
        'apiproxy/policies/etc.xml': { to: '/etc/passwd' },
        'apiproxy/policies/loop': { to: '..' },
      });
      expect({ code, found }).to.deep.equal({
        code: 0,
        found: [
          'apiproxy/policies/etc.xml:1:1 warning link-outside',
          'apiproxy/policies/loop:1:1 warning link-loop',
        ],
      });
      expect(summary.policies).to.equal(1);
    });

    it('cannot steer the terminal with the names of their files', async () => {
      const name = 'apiproxy/policies/\x1b[2J\u202e.xml';
      await inFolder({ [name]: '<Typo/>' }, async (folder) => {
        for (const reader of ['program', 'person without colours'] as const) {
          const { stderr } = await apx(['check', folder], reader);
          expect(stderr).to.include('\\u001b[2J\\u202e.xml:1:1 error');
          expect(stderr).to.match(/^[\x20-\x7e\n]*$/);
        }
      });
    });

    it('with more findings than anyone reads are counted in full and shown in part', async () => {
      const content = callout('a').replace('<HTTP', `${'<x/>'.repeat(150_000)}<HTTP`);
      await inFolder({ 'a.xml': content }, async (folder) => {
        const { diagnostics, summary } = await checkJson(join(folder, 'a.xml'));
        expect(summary.warnings).to.equal(150_000);
        expect(diagnostics).to.have.length(100_001);
        expect(diagnostics[100_000]).to.include({ code: 'too-many-findings', line: 1 });
        expect(diagnostics[100_000]?.message).to.include('50000 more findings');
      });
    });

    it('of any bytes end with findings and exit code 1', async () => {
      const bytes = fc.uint8Array({ maxLength: 200 });
      await fc.assert(
        fc.asyncProperty(bytes, fc.constantFrom('a.xml', 'a.zip'), async (content, file) => {
          const { code, found } = await checkFiles({ [file]: content }, file);
          expect(code).to.equal(1);
          expect(found.join()).to.not.include('internal-error');
        }),
        { numRuns: 100 },
      );
    });
  });

  it('checks thousands of files', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `p${index}`);
    const policies = Object.fromEntries(names.map((name) => [name, callout(name)]));
    const { code, summary } = await checkZip(...entriesOf(proxyWith(policies)));
    expect({ code, ...summary }).to.deep.equal({
      code: 0,
      errors: 0,
      warnings: 0,
      bundles: 1,
      policies: 3000,
    });
  });
});
