import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { readRuntimeCases, type RuntimeCase } from './case.ts';
import { playCase } from './play.ts';

const files = await readRuntimeCases();

for (const { file, cases } of files) {
  describe(`test/cases/runtime/${file}`, () => {
    for (const one of cases) {
      const { awaits } = one;
      if (awaits === undefined) {
        it(`${one.case}: ${one.title}`, async () => {
          await playCase(one);
        });
      } else {
        // Once it passes, `awaits` has to go.
        it(`${one.case} does not hold yet (${awaits}): ${one.title}`, async () => {
          expect(await holds(one), 'it holds').to.equal(false);
        });
      }
    }
  });
}

async function holds(one: RuntimeCase): Promise<boolean> {
  try {
    await playCase(one);
    return true;
  } catch {
    return false;
  }
}

const cases = files.flatMap((file) => file.cases);

const all = Array.from({ length: 206 }, (_, index) => index + 1);
/** They say what cases of the mediation policies say. */
const withdrawn = [157, 187, 188];

const elsewhere = ['../../condition/runtime-cases.test.ts'];

async function numbersElsewhere(): Promise<readonly number[]> {
  const texts = await Promise.all(
    elsewhere.map((file) => readFile(new URL(file, import.meta.url), 'utf8')),
  );
  return texts.flatMap((text) =>
    [...text.matchAll(/^ +\[(\d+), ['"]|^ *it\('runtime (\d+): /gm)].map(([, row, title]) =>
      Number(row ?? title),
    ),
  );
}

describe('the cases of the runtime', () => {
  it('have one title each', () => {
    const titles = cases.map((one) => `${one.case}: ${one.title}`);
    expect(new Set(titles).size).to.equal(titles.length);
  });

  it('are 1 to 206 but for the withdrawn', async () => {
    const here = cases.map((one) => Number(/^runtime (\d+)$/.exec(one.case)?.[1]));
    const found = new Set([...here, ...(await numbersElsewhere())].filter(Number.isInteger));
    expect([...found]).to.have.members(all.filter((number) => !withdrawn.includes(number)));
  });

  it('each say what happens', () => {
    const silent = cases.filter(({ expect: { warnings, ...rest }, awaits }) => {
      return awaits === undefined && warnings === undefined && Object.keys(rest).length === 0;
    });
    expect(silent.map((one) => `${one.case}: ${one.title}`)).to.deep.equal([]);
  });

  it('await only these parts of the runtime', () => {
    const awaiting = cases.flatMap((one) => (one.awaits === undefined ? [] : [one.case]));
    expect(awaiting).to.have.members(['runtime 143', 'runtime 197']);
  });
});
