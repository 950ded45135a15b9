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

const cases = files.flatMap((file) => file.cases);

/** The numbers of one series of cases. */
function numbers(series: string): ReadonlySet<number> {
  return new Set(
    cases
      .map((one) => one.case.split(' '))
      .filter(([name]) => name === series)
      .map(([, number]) => Number(number)),
  );
}

function range(first: number, last: number, except: readonly number[]): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
    (number) => !except.includes(number),
  );
}

describe('the cases', () => {
  it('have one title each', () => {
    const titles = cases.map((one) => `${one.case}: ${one.title}`);
    expect(new Set(titles).size).to.equal(titles.length);
  });
});

describe('the ServiceCallout cases', () => {
  it('are 1 to 198 but for the withdrawn 142 and 143', () => {
    expect([...numbers('servicecallout')]).to.have.members(range(1, 198, [142, 143]));
  });

  it('each say what leaves, or that nothing can', () => {
    const silent = cases.filter(({ case: id, expect: { calls, callsTo, deploys, fault } }) => {
      if (!id.startsWith('servicecallout ')) return false;
      return calls === undefined && callsTo === undefined && deploys !== false && !fault;
    });
    expect(silent.map((one) => `${one.case}: ${one.title}`)).to.deep.equal([]);
  });
});

describe('the cases of Quota, SpikeArrest and ResetQuota', () => {
  it('are all there', () => {
    const all = [...range(143, 173, []), 248, 249];
    expect([...numbers('mediation')]).to.include.members(all);
  });
});

describe('the mediation cases', () => {
  // 60 is withdrawn. 58, 59 and 61 are about the flow around a policy.
  it('are those of AssignMessage, RaiseFault, ExtractVariables, Javascript and FlowCallout', () => {
    const all = [...range(1, 96, [58, 59, 60, 61]), ...range(97, 128, [])];
    expect([...numbers('mediation')]).to.include.members(all);
  });

  it('are those of the policies that convert and validate', () => {
    const all = [...range(194, 218, []), ...range(227, 229, []), ...range(238, 240, [])];
    expect([...numbers('mediation')]).to.include.members(all);
  });
});
