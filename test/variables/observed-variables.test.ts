import { expect } from 'chai';
import { variableReference } from '../../lib/variables/flow-variables.ts';
import { ObservedVariables } from '../../lib/variables/observed-variables.ts';
import { Message } from '../../lib/message/message.ts';

function observed() {
  const seen: unknown[] = [];
  const variables = new ObservedVariables(
    {
      access: (name) => (name === 'system.zone' ? 'read-only' : undefined),
      read: (name) => (name === 'system.zone' ? 'UTC' : null),
    },
    {
      readVariable: (name, value) => seen.push(['read', name, value]),
      wroteVariable: (name, value, outcome) => seen.push(['wrote', name, value, outcome]),
    },
  );
  return { seen, variables };
}

describe('observed variables', () => {
  it('tell every read and its value, however it is asked', () => {
    const { seen, variables } = observed();
    variables.seed('request', new Message('request'));
    variables.get('plain');
    variables.get('system.zone');
    variableReference('request.verb').read(variables);
    variableReference('message').read(variables);
    expect(seen.map((entry) => (Array.isArray(entry) ? entry.slice(0, 2) : entry))).to.deep.equal([
      ['read', 'plain'],
      ['read', 'system.zone'],
      ['read', 'request.verb'],
      ['read', 'message'],
    ]);
  });

  it('tell every write with its outcome, and what the engine announces', () => {
    const { seen, variables } = observed();
    variables.set('a', 1);
    variables.remove('a');
    variables.set('system.zone', 'CET');
    variables.set('request.verb', 'GET');
    variableReference('b').write(variables, true);
    variables.announce(variableReference('target.url'), 'http://t');
    expect(seen).to.deep.equal([
      ['wrote', 'a', 1, 'written'],
      ['wrote', 'a', null, 'written'],
      ['wrote', 'system.zone', 'CET', 'read-only'],
      ['wrote', 'request.verb', 'GET', 'ignored'],
      ['wrote', 'b', true, 'written'],
      ['wrote', 'target.url', 'http://t', 'written'],
    ]);
  });

  it('tell nothing of what seeds a transaction', () => {
    const { seen, variables } = observed();
    variables.seed('a', 1);
    variables.seed('system.zone', 'CET');
    expect(seen).to.deep.equal([]);
    expect(variables.get('system.zone')).to.equal('CET');
  });
});
