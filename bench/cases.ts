import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runSuite } from '../lib/verification/play/run-suite.ts';
import type { Case, Suite } from '../lib/verification/suite/case.ts';
import { geocodePolicyText } from './geocode.ts';
import { spread } from './rounds.ts';
import { printTable, shown } from './table.ts';

const count = 1_000;
const rounds = 5;

const answer = { body: { json: { lat: 37.4 } } };

/** What a thousand cases of `apx test` take, from read suites to verdicts. */
export async function cases(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apx-bench-'));
  try {
    await writeBundle(folder);
    const file = path.join(folder, 'suite.yaml');
    const policies = await seconds({ file, suite: policySuite() });
    const bundles = await seconds({ file, suite: bundleSuite() });
    printTable(`${count} cases, in virtual time and without sockets`, [
      { what: 'of a policy', measured: shown(spread(policies), 's'), goal: '< 5 s' },
      { what: 'of a bundle', measured: shown(spread(bundles), 's'), goal: '< 15 s' },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function seconds(suite: { file: string; suite: Suite }): Promise<readonly number[]> {
  const figures: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    const { results } = await runSuite(suite);
    figures.push((performance.now() - started) / 1_000);
    const failed = results.find(({ outcome }) => outcome !== 'passed');
    if (failed !== undefined) throw new Error(`${failed.case.name} ${failed.outcome}`);
  }
  return figures;
}

function policySuite(): Suite {
  return {
    upstreams: { 'https://geocoding.example.com': answer },
    cases: Array.from({ length: count }, (_, index): Case => ({
      name: `policy ${index}`,
      policy: geocodePolicyText,
      request: `GET /?postalcode=${index}`,
      expect: {
        calls: [{ url: { pattern: `address=${index}&` } }],
        variables: { 'geocodeResponse.status.code': 200 },
      },
    })),
  };
}

function bundleSuite(): Suite {
  return {
    bundle: '.',
    upstreams: { 'https://geocoding.example.com': answer, 'https://target.test': answer },
    cases: Array.from({ length: count }, (_, index): Case => ({
      name: `bundle ${index}`,
      request: `GET /bench?postalcode=${index}`,
      expect: {
        steps: ['SC-Geocode'],
        calls: [{ url: { pattern: `address=${index}&` } }, { method: 'GET' }],
        response: { status: 200, body: { json: { lat: 37.4 } } },
      },
    })),
  };
}

async function writeBundle(folder: string): Promise<void> {
  const root = path.join(folder, 'apiproxy');
  for (const name of ['proxies', 'policies', 'targets'])
    await mkdir(path.join(root, name), { recursive: true });
  await writeFile(path.join(root, 'bench.xml'), '<APIProxy name="bench"/>');
  await writeFile(path.join(root, 'policies/SC-Geocode.xml'), geocodePolicyText);
  await writeFile(
    path.join(root, 'proxies/default.xml'),
    `<ProxyEndpoint name="default">
  <HTTPProxyConnection><BasePath>/bench</BasePath></HTTPProxyConnection>
  <PreFlow><Request><Step><Name>SC-Geocode</Name></Step></Request></PreFlow>
  <RouteRule name="default"><TargetEndpoint>default</TargetEndpoint></RouteRule>
</ProxyEndpoint>`,
  );
  await writeFile(
    path.join(root, 'targets/default.xml'),
    `<TargetEndpoint name="default">
  <HTTPTargetConnection><URL>https://target.test</URL></HTTPTargetConnection>
</TargetEndpoint>`,
  );
}
