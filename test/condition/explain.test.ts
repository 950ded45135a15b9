import { expect } from 'chai';
import { compiled, flowOf } from './evaluating.ts';

describe('an explained condition', () => {
  it('tells what every comparison compared and what it came to', () => {
    const { condition } = compiled('request.verb = "GET" and !(n > 5) or done');
    const flow = flowOf({ n: 4, done: 'no' });
    flow.variables.set('request.verb', 'GET');
    expect(condition.explain(flow)).to.deep.equal({
      kind: 'or',
      text: '(((request.verb equals "GET") and (not (n greaterthan 5))) or done)',
      holds: true,
      operands: [
        {
          kind: 'and',
          text: '((request.verb equals "GET") and (not (n greaterthan 5)))',
          holds: true,
          operands: [
            {
              kind: 'comparison',
              text: '(request.verb equals "GET")',
              holds: true,
              operator: 'Equals',
              left: 'GET',
              right: 'GET',
            },
            {
              kind: 'not',
              text: '(not (n greaterthan 5))',
              holds: true,
              operand: {
                kind: 'comparison',
                text: '(n greaterthan 5)',
                holds: false,
                operator: 'GreaterThan',
                left: 4,
                right: 5,
              },
            },
          ],
        },
        { kind: 'skipped', text: 'done', holds: false },
      ],
    });
    flow.variables.set('n', 6);
    const second = condition.explain(flow);
    expect(second.holds).to.equal(false);
    expect(second.kind === 'or' && second.operands[1]).to.deep.equal({
      kind: 'truth',
      text: 'done',
      holds: false,
      value: 'no',
    });
  });

  it('shows an unresolved variable as null', () => {
    expect(compiled('u = "x"').condition.explain(flowOf())).to.include({ left: null, right: 'x' });
  });

  it('is "blank" where nothing is to decide, and "invalid" where nothing can be', () => {
    expect(compiled(' ').condition.explain(flowOf())).to.deep.equal({
      kind: 'blank',
      text: '',
      holds: true,
    });
    expect(compiled('a b').condition.explain(flowOf())).to.deep.equal({
      kind: 'invalid',
      text: 'a b',
      holds: false,
    });
  });
});
