import { expect } from 'chai';
import { compareCalls } from '../../../lib/verification/matching/compare-calls.ts';
import type { ObservedCall } from '../../../lib/verification/matching/compare-message.ts';

const call = (url: string, headers: ObservedCall['headers'] = []): ObservedCall => ({
  method: 'GET',
  url,
  headers,
  body: new Uint8Array(),
});

describe('calls and what is expected of them', () => {
  it('have to come in their order', () => {
    const differences = compareCalls(
      [call('b'), call('a')],
      [{ url: 'a' }, { url: 'b' }],
      'ordered',
    );
    expect(differences.map(({ at }) => at)).to.deep.equal(['calls[0].url', 'calls[1].url']);
  });

  it('may come in any order where the case says so', () => {
    expect(compareCalls([call('b'), call('a')], [{ url: 'a' }, { url: 'b' }], 'any')).to.deep.equal(
      [],
    );
  });

  it('differ by one that is missing and one that nobody expected', () => {
    const missing = compareCalls([], [{ url: 'a' }], 'ordered');
    expect(missing.map(({ note }) => note)).to.deep.equal(['The call was not made.']);
    const extra = compareCalls([call('a')], [], 'any');
    expect(extra.map(({ note }) => note)).to.deep.equal(['Nothing was said of this call.']);
  });

  it('are told by the one that comes nearest in any order', () => {
    const found = [call('a', [['X', '1']]), call('b', [['X', '2']])];
    const differences = compareCalls(
      found,
      [{ url: 'b', headers: { x: '3' } }, { url: 'a' }],
      'any',
    );
    expect(differences).to.deep.equal([{ at: 'calls[0].headers.x', expected: '3', found: '2' }]);
  });

  it('have headers by name in any spelling, several lines as a list', () => {
    const lines = call('a', [
      ['Accept', 'x'],
      ['ACCEPT', 'y'],
    ]);
    const expected = { headers: { accept: ['x', 'y'], 'X-None': null } };
    expect(compareCalls([lines], [expected], 'ordered')).to.deep.equal([]);
  });
});
