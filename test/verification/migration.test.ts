import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { startNewGateway } from '../../examples/migration/new-gateway.ts';
import { startServices } from '../../examples/migration/services.ts';
import { apx } from '../cli/streams.ts';
import { recorded } from './record/recorder.ts';
import { freePort, inFolder } from './verify/candidate.ts';

const example = path.resolve(import.meta.dirname, '../../examples/migration');

interface Report {
  readonly suites: readonly {
    readonly cases: readonly {
      readonly name: string;
      readonly outcome: string;
      readonly differences: readonly { readonly at: string; readonly note?: string }[];
    }[];
  }[];
}

/** What `apx verify` finds in the example's new gateway. */
async function verifyNewGateway(suite: string, ...more: readonly string[]) {
  const [stock, prices] = [
    `http://127.0.0.1:${await freePort()}`,
    `http://127.0.0.1:${await freePort()}`,
  ];
  const gateway = await startNewGateway(0, { stock, prices });
  try {
    return await apx([
      'verify',
      suite,
      '--against',
      gateway.url,
      '--upstream',
      `https://stock.example=${stock}`,
      '--upstream',
      `https://prices.example=${prices}`,
      ...more,
    ]);
  } finally {
    gateway.close();
  }
}

function expectTheOneDifference({ code, stdout }: { code: number; stdout: string }): void {
  const { suites } = JSON.parse(stdout) as Report;
  const different = suites.flatMap(({ cases }) =>
    cases.filter(({ outcome }) => outcome !== 'same'),
  );
  expect(different.map(({ name }) => name)).to.deep.equal(['GET /v1/quotes/chair answers 409']);
  expect(different[0]?.differences.map(({ at, note }) => [at, note])).to.deep.equal([
    ['calls[1]', 'Only the candidate made this call.'],
  ]);
  expect(suites[0]?.cases).to.have.length(4);
  expect(code).to.equal(1);
}

describe('the worked migration', function () {
  this.timeout(30_000);

  it('has cases that hold in the bundle', async () => {
    const { code, stdout } = await apx(['test', path.join(example, 'quotes.yaml')]);
    expect(stdout).to.contain('4 passed, 0 failed');
    expect(code).to.equal(0);
  });

  it('has a report that finds the one difference of the new gateway, and nothing else', async () => {
    expectTheOneDifference(await verifyNewGateway(path.join(example, 'quotes.yaml'), '--json'));
  });

  it('has a page for who was not there', () =>
    inFolder(async (folder) => {
      const output = path.join(folder, 'report.html');
      const suite = path.join(example, 'quotes.yaml');
      const { code } = await verifyNewGateway(suite, '--output', output);
      expect(code).to.equal(1);
      const page = await readFile(output, 'utf8');
      expect(page).to.contain('The new gateway differs in 1 of 4 cases');
      expect(page).to.contain('POST https://prices.example/quotes');
    }));

  it('finds the same with cases that are recorded anew by its own script', () =>
    inFolder(async (folder) => {
      const services = await startServices({ stock: 0, prices: 0 });
      const out = path.join(folder, 'quotes.yaml');
      try {
        const argv = [
          path.join(example, 'apiproxy'),
          '--out',
          out,
          '--upstream',
          `https://stock.example=${services.stockUrl}`,
          '--upstream',
          `https://prices.example=${services.pricesUrl}`,
          '--count',
          '8',
        ];
        const { code } = await recorded(argv, async (url) => {
          await promisify(execFile)('sh', [path.join(example, 'requests.sh'), url]);
        });
        expect(code).to.equal(0);
      } finally {
        services.close();
      }
      expect(await readFile(out, 'utf8')).to.not.contain('not-in-the-suite');
      expectTheOneDifference(await verifyNewGateway(out, '--json'));
    }));
});
