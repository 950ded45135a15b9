import { expect } from 'chai';
import fc from 'fast-check';
import {
  decodeCredentials,
  encodeCredentials,
} from '../../../lib/policies/basic-authentication/credentials.ts';

describe('basic credentials', () => {
  it('come out as they went in', () => {
    const user = fc.string({ unit: 'grapheme' }).filter((name) => !name.includes(':'));
    fc.assert(
      fc.property(user, fc.string({ unit: 'grapheme' }), (name, password) => {
        const credentials = { user: name, password };
        expect(decodeCredentials(encodeCredentials(credentials))).to.deep.equal(credentials);
      }),
    );
  });

  it('have a scheme in letters of any case', () => {
    expect(decodeCredentials('bAsIc  YTpi')).to.deep.equal({ user: 'a', password: 'b' });
  });

  const malformed = [
    '',
    'Basic',
    'Basic ',
    'Basic a:b',
    'Basic YTpi x',
    'BasicYTpi',
    'YTpi',
    'Bearer YTpi',
  ];
  for (const header of [
    ...malformed,
    `Basic ${'='.repeat(50_000)}`,
    `Basic${' '.repeat(50_000)}`,
  ]) {
    it(`are not ${JSON.stringify(header.slice(0, 20))}`, () => {
      expect(decodeCredentials(header)).to.equal(undefined);
    });
  }
});
