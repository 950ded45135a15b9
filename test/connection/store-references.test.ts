import { expect } from 'chai';
import { findKey, findStore } from '../../lib/connection/store-references.ts';
import { emptyEnvironment, type Environment, type Store } from '../../lib/host/environment.ts';

const key = { key: 'KEY', certificate: 'CERTIFICATE' };
const store: Store = { name: 'ks', aliases: new Map([['main', key]]), certificates: [] };
const environment: Environment = {
  ...emptyEnvironment,
  stores: new Map([['ks', store]]),
  references: new Map([
    ['to-ks', 'ks'],
    ['to-nowhere', 'gone'],
  ]),
};

describe('store references', () => {
  for (const text of ['ks', ' ks\n', 'ref://to-ks', ' ref://to-ks ']) {
    it(`${JSON.stringify(text)} finds the store`, () => {
      expect(findStore(text, environment)).to.deep.equal({ kind: 'found', store });
    });
  }

  const missing: readonly (readonly [text: string, reason: string])[] = [
    ['other', 'The environment "test" has no key store or trust store "other".'],
    ['__proto__', 'The environment "test" has no key store or trust store "__proto__".'],
    ['ref://other', 'The environment "test" has no reference "other".'],
    [
      'ref://to-nowhere',
      'The reference "to-nowhere" refers to the store "gone", which the environment "test" does not have.',
    ],
    // A reference is no chain: its target is a store's own name.
    ['ref://ref://to-ks', 'The environment "test" has no reference "ref://to-ks".'],
  ];
  for (const [text, reason] of missing) {
    it(`"${text}" tells what is missing`, () => {
      expect(findStore(text, environment)).to.deep.equal({ kind: 'missing', reason });
      expect(findKey(text, 'main', environment)).to.deep.equal({ kind: 'missing', reason });
    });
  }

  it('an alias finds its key and certificate, through a reference too', () => {
    expect(findKey('ks', 'main', environment)).to.deep.equal({ kind: 'found', key });
    expect(findKey('ref://to-ks', ' main ', environment)).to.deep.equal({ kind: 'found', key });
  });

  for (const alias of ['other', 'ref://main']) {
    it(`the alias "${alias}" tells that the store has no such key`, () => {
      expect(findKey('ks', alias, environment)).to.deep.equal({
        kind: 'missing',
        reason: `The key store "ks" has no key with the alias "${alias}".`,
      });
    });
  }
});
