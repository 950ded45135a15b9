import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { inFolder } from '../bundle/folder.ts';
import { edgeSession, ordersFiles, xSession } from '../verification/replay/orders.ts';
import { apx } from './streams.ts';

const bundles = ['--bundle', 'fixtures/bundles/orders', '--bundle', 'fixtures/bundles/correlate'];
const shared = ['--bundle', 'fixtures/bundles/correlate'];

interface Document {
  readonly session: { readonly proxy: string; readonly transactions: number };
  readonly transactions: readonly {
    readonly request: string;
    readonly outcome: string;
    readonly differences: readonly { readonly what: string }[];
  }[];
  readonly explained: readonly { readonly name: string; readonly times: number }[];
  readonly summary: { readonly differences: number; readonly agrees: boolean };
}

const label = (value: string) => [{ file: 'policies/AM-Label.xml', from: '>1<', to: `>${value}<` }];

describe('apx replay', () => {
  it('ends with 0 and says what agreed when nothing unexplained differs', async () => {
    const { code, stdout, stderr } = await apx(['replay', xSession, ...bundles]);
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    expect(stdout).to.include('✓ GET /v1/orders/7?weather=true&city=Paris (line 11');
    expect(stdout).to.include('agreed: 9 states, 7 flows, 5 conditions');
    expect(stdout).to.include('4 transactions replayed, no difference that nothing explains');
  });

  it('ends with 1 and shows both sides of a difference', async () => {
    await inFolder(await ordersFiles(label('two\u202e\u009b2J')), async (folder) => {
      const run = await apx(['replay', edgeSession, '--bundle', folder, ...shared]);
      expect(run.code).to.equal(1);
      expect(run.stdout).to.include('✗ GET /v1/orders/9');
      expect(run.stdout).to.match(/END, final response: .*|RESP_SENT: response header x-orders/);
      expect(run.stdout).to.match(/recorded {2}1\n +replayed {2}two/);
      expect(run.stdout).to.not.match(/[\u202e\u009b]/);
    });
  });

  it('writes one JSON document', async () => {
    await inFolder(await ordersFiles(label('2')), async (folder) => {
      const run = await apx(['replay', edgeSession, '--json', '--bundle', folder, ...shared]);
      expect(run.code).to.equal(1);
      const { session, transactions, explained, summary } = JSON.parse(run.stdout) as Document;
      expect(session).to.include({ proxy: 'orders', transactions: 4 });
      expect(transactions.map(({ outcome }) => outcome)).to.include('differs');
      expect(transactions[0]?.differences[0]?.what).to.equal('response header x-orders');
      expect(explained.map(({ name }) => name)).to.include.members(['platform', 'time']);
      expect(summary.agrees).to.equal(false);
      expect(summary.differences).to.be.above(0);
    });
  });

  it('counts differences of another revision only when it is to be strict', async () => {
    const files = await ordersFiles([
      { file: 'proxies/default.xml', from: '/v1/orders', to: '/v2/orders' },
    ]);
    await inFolder(files, async (folder) => {
      const args = ['replay', edgeSession, '--bundle', folder, ...shared];
      const lenient = await apx(args);
      expect(lenient.code).to.equal(0);
      expect(lenient.stdout).to.include('base path: /v1/orders -> /v2/orders');
      const strict = await apx([...args, '--strict']);
      expect(strict.code).to.equal(1);
      expect(strict.stdout).to.include('which --strict counts');
    });
  });

  it('replays a bundle that could not be deployed, and says so', async () => {
    const files = await ordersFiles([
      {
        file: 'proxies/default.xml',
        from: '<FaultRules>',
        to: '<FaultRules><FaultRule name="x"><Step><Name>Missing</Name></Step></FaultRule>',
      },
    ]);
    await inFolder(files, async (folder) => {
      const { code, stdout } = await apx(['replay', edgeSession, '--bundle', folder, ...shared]);
      expect(stdout).to.include('Apigee would not deploy this bundle (1 error)');
      expect(stdout).to.include('Missing');
      expect(code).to.equal(0);
    });
  });

  const unusable: readonly (readonly [name: string, args: readonly string[], says: RegExp])[] = [
    ['no bundle', [edgeSession], /--bundle/],
    ['a bundle that is not there', [edgeSession, '--bundle', 'nowhere'], /nowhere/],
    [
      'a session that is not there',
      ['nowhere.xml', ...bundles],
      /nowhere\.xml:1:1 error unreadable/,
    ],
    [
      'a file that is no session',
      ['package.json', ...bundles],
      /package\.json:\d+:\d+ error no-debug-session/,
    ],
    ['only shared flows', [edgeSession, ...shared], /no API proxy/],
    [
      'several proxies of other names',
      [
        edgeSession,
        '--bundle',
        'fixtures/bundles/greeting',
        '--bundle',
        'fixtures/bundles/geocode',
      ],
      /session is of orders, and the bundles hold greeting, geocode/,
    ],
    ['an upstream that is none', [edgeSession, ...bundles, '--upstream', 'x=y'], /--upstream/],
    [
      'an origin with a path',
      [edgeSession, ...bundles, '--upstream', 'https://a/b=http://127.0.0.1:1'],
      /no origin/,
    ],
    ['an environment that is none', [edgeSession, ...bundles, '--env', 'nowhere'], /--env nowhere/],
  ];
  for (const [name, args, says] of unusable) {
    it(`ends with 2 for ${name}, and prints no report`, async () => {
      const { code, stderr, stdout } = await apx(['replay', ...args]);
      expect(stderr).to.match(says);
      expect(code).to.equal(2);
      expect(stdout).to.not.include('✓');
    });
  }

  it('prints nothing of a session that is cut off', async () => {
    const text = await readFile(edgeSession, 'utf8');
    await inFolder({ 'cut.xml': text.slice(0, -200) }, async (folder) => {
      const file = join(folder, 'cut.xml');
      const { code, stdout, stderr } = await apx(['replay', file, ...bundles]);
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/cut\.xml:\d+:\d+ error truncated-session/);
    });
  });
});
