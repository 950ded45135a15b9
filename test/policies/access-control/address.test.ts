import { expect } from 'chai';
import fc from 'fast-check';
import { addressIn, blockIn, isWithin } from '../../../lib/policies/access-control/address.ts';
import { runPolicy } from '../run-policy.ts';

describe('an address', () => {
  const none = [
    '',
    '127.1',
    '0x7f000001',
    '0x7f.0.0.1',
    '2130706433',
    '010.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3.4:80',
    '1.2.3.4/8',
    '[::1]',
    '::1%eth0',
    '１２７.0.0.1',
    'localhost',
    '1.2.3.4\r\nX: y',
    ':'.repeat(100_000),
    `${'0'.repeat(100_000)}1.2.3.4`,
  ];
  for (const text of none) {
    it(`is not ${JSON.stringify(text.slice(0, 30))}`, () => {
      expect(addressIn(text)).to.equal(undefined);
    });
  }

  it('is the same in every spelling of IPv6, and IPv4 within IPv6 is IPv4', () => {
    expect(addressIn('2001:DB8::1')).to.deep.equal(addressIn('2001:0db8:0:0:0:0:0:1'));
    expect(addressIn('::ffff:10.1.2.3')).to.deep.equal([10, 1, 2, 3]);
    expect(addressIn('::ffff:0a01:0203')).to.deep.equal([10, 1, 2, 3]);
  });

  it('is in a block if the bits of the mask are the same', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const address = fc.tuple(byte, byte, byte, byte);
    const bitsOf = (bytes: readonly number[]): string =>
      bytes.map((part) => part.toString(2).padStart(8, '0')).join('');
    fc.assert(
      fc.property(address, address, fc.integer({ min: 1, max: 32 }), (one, other, mask) => {
        const block = blockIn(other.join('.'), String(mask));
        if (block === undefined) throw new Error('This is a block.');
        const same = bitsOf(one).slice(0, mask) === bitsOf(other).slice(0, mask);
        expect(isWithin(one, block)).to.equal(same);
        expect(isWithin([...other, ...Array<number>(12).fill(0)], block)).to.equal(false);
      }),
    );
  });

  const noBlocks = [
    ['10.0.0.0', '33'],
    ['10.0.0.0', '0'],
    ['10.0.0.0', '-1'],
    ['10.0.0.0', '8.0'],
    ['10.0.0.0', '255.0.0.0'],
    ['::1', '129'],
    ['', '8'],
  ] as const;
  for (const [address, mask] of noBlocks) {
    it(`makes no block of ${JSON.stringify(address)} and the mask ${mask}`, () => {
      expect(blockIn(address, mask)).to.equal(undefined);
    });
  }
});

describe('AccessControl', () => {
  const policy = (rule: string) =>
    `<AccessControl name="AC"><IPRules noRuleMatchAction="DENY">${rule}</IPRules></AccessControl>`;
  const allow = policy(
    '<MatchRule action="ALLOW"><SourceAddress mask="8">10.0.0.0</SourceAddress></MatchRule>',
  );
  const from = (forwarded: string) => ({
    variables: {
      request: {
        message: 'request',
        verb: 'GET',
        path: '/',
        headers: { 'X-Forwarded-For': forwarded },
      },
      'client.ip': '10.0.0.1',
    },
  });

  it('denies whatever hides an address among thousands', async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `10.0.${at % 256}.${at % 250}`);
    const { fault } = await runPolicy(allow, from([...many, '0xA.0.0.1', ...many].join(',')));
    expect(fault?.faultstring).to.equal('Access Denied for client ip : 0xA.0.0.1');
    expect((await runPolicy(allow, from(many.join(',')))).fault).to.equal(undefined);
  });

  it('takes a header of nothing but commas and blanks for none', async () => {
    expect((await runPolicy(allow, from(', ,  ,'))).fault).to.equal(undefined);
  });

  it('keeps what a client wrote inside the text of the fault', async () => {
    const { flow, fault } = await runPolicy(allow, from('"},"x":{"y":"\\'));
    expect(fault?.status).to.equal(403);
    const body: unknown = JSON.parse(flow.variables.message('error')?.content ?? '');
    expect(body).to.have.all.keys('fault');
  });
});
