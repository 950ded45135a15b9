import { expect } from 'chai';
import { readCaseFiles } from './case.ts';
import { playCase } from './play.ts';

const files = await readCaseFiles();

for (const { file, cases } of files) {
  describe(`test/cases/${file}`, () => {
    for (const one of cases) {
      it(`${one.case}: ${one.title}`, async () => {
        await playCase(one);
      });
    }
  });
}

describe('the ServiceCallout cases', () => {
  const cases = files.flatMap((file) => file.cases);

  it('are 1 to 198 but for the withdrawn 142 and 143', () => {
    const numbers = new Set(cases.map((one) => one.case));
    const all = Array.from({ length: 198 }, (_, index) => index + 1);
    const kept = all.filter((number) => number !== 142 && number !== 143);
    expect([...numbers].sort()).to.deep.equal(
      kept.map((number) => `servicecallout ${number}`).sort(),
    );
  });

  it('have one title each', () => {
    const titles = cases.map((one) => `${one.case}: ${one.title}`);
    expect(new Set(titles).size).to.equal(titles.length);
  });

  it('each say what leaves, or that nothing can', () => {
    const silent = cases.filter(({ expect: { calls, callsTo, deploys, fault } }) => {
      return calls === undefined && callsTo === undefined && deploys !== false && !fault;
    });
    expect(silent.map((one) => `${one.case}: ${one.title}`)).to.deep.equal([]);
  });
});
