import { expect } from 'chai';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { egressGuard, platformLookup, type EgressPolicy } from '../../../lib/connection/egress.ts';
import { parseTargetUrl } from '../../../lib/connection/target-url.ts';
import { createUndiciTransport } from '../../../lib/connection/undici-transport.ts';
import { systemClock } from '../../../lib/host/clock.ts';
import { always, ok, RawServer } from './raw-server.ts';
import { outcome, requestTo } from './request.ts';

/** Every one of them leads, or once led somebody's client, to this machine or its neighbours. */
const hostile = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '2130706433',
  '127.0.0.1.',
  '127.255.255.254',
  '0.0.0.0',
  '0',
  'localhost',
  'LOCALHOST',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:7f00:0001]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[fe80::1]',
  '[fc00::1]',
  '[fec0::1]',
  '[ff02::1]',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '127\u30020\u30020\u30021',
  '\uff11\uff12\uff17\uff0e\uff10\uff0e\uff10\uff0e\uff11',
  '\u2460\u2461\u2466.1',
  'a@127.0.0.1',
  'up.test\\@127.0.0.1',
  'rebinds.test',
  'mixed.test',
];

/** A resolver that answers for `.test` from a table, and asks the system for address spellings. */
function lookupFrom(table: Record<string, string[]>): LookupFunction {
  return (host, options, callback) => {
    if (!host.endsWith('.test')) {
      platformLookup(host, options, callback);
      return;
    }
    const found = (table[host] ?? []).map((address): LookupAddress => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    callback(null, found);
  };
}

describe('egress: public', () => {
  let server: RawServer;
  before(async () => {
    server = await RawServer.start(always(ok));
  });
  after(() => server.close());

  for (const host of hostile) {
    it(`opens no socket to ${JSON.stringify(host)}`, async () => {
      const answers = [['192.0.2.1'], ['127.0.0.1'], ['127.0.0.1', '::1', '::ffff:127.0.0.1']];
      const transport = createUndiciTransport({
        clock: systemClock,
        egress: 'public',
        lookup: lookupFrom({ 'rebinds.test': answers[1] ?? [], 'mixed.test': answers[2] ?? [] }),
      });
      const url = parseTargetUrl(`http://${host}:${server.port}/`);
      const result =
        url === undefined
          ? 'malformed'
          : await outcome(transport.send(requestTo(server.port, { origin: url.origin })));
      expect(result).to.be.oneOf(['malformed', 'forbidden', 'unreachable']);
      expect(server.connections).to.equal(0);
      await transport.close();
    });
  }

  it('judges the answer that is connected to, not an earlier one', async () => {
    const answers = ['8.8.8.8', '127.0.0.1'];
    const asked: string[] = [];
    const transport = createUndiciTransport({
      clock: systemClock,
      egress: { allow: ['*.test'], deny: ['127.0.0.0/8', '8.8.8.8'] },
      lookup: (_host, _options, callback) => {
        const address = answers.shift() ?? '127.0.0.1';
        asked.push(address);
        callback(null, [{ address, family: 4 }]);
      },
    });
    const origin = { scheme: 'http', host: 'rebinds.test', port: server.port } as const;
    for (let call = 0; call < 2; call += 1) {
      expect(await outcome(transport.send(requestTo(server.port, { origin })))).to.equal(
        'forbidden',
      );
    }
    expect(asked).to.deep.equal(['8.8.8.8', '127.0.0.1']);
    expect(server.connections).to.equal(0);
    await transport.close();
  });
});

describe('an egress policy with lists', () => {
  it('lets through what it allows', async () => {
    const server = await RawServer.start(always(ok));
    const transport = createUndiciTransport({
      clock: systemClock,
      egress: { allow: ['up.test'] },
      lookup: lookupFrom({ 'up.test': ['127.0.0.1'] }),
    });
    const to = (host: string) =>
      requestTo(server.port, { origin: { scheme: 'http', host, port: server.port } });
    expect(await outcome(transport.send(to('up.test')))).to.equal('answered');
    expect(await outcome(transport.send(to('127.0.0.1')))).to.equal('forbidden');
    await transport.close();
    await server.close();
  });

  const cases: [policy: EgressPolicy, host: string, address: string, permitted: boolean][] = [
    ['any', 'x', '127.0.0.1', true],
    ['public', 'x', '8.8.8.8', true],
    ['public', 'x', '2606:4700::1111', true],
    ['public', 'x', 'nonsense', false],
    [{}, 'x', '127.0.0.1', true],
    [{ allow: [] }, 'x', '8.8.8.8', false],
    [{ allow: ['API.test'] }, 'api.test', '8.8.8.8', true],
    [{ allow: ['api.test'] }, 'api.test.', '8.8.8.8', true],
    [{ allow: ['api.test'] }, 'evil-api.test', '8.8.8.8', false],
    [{ allow: ['*.api.test'] }, 'a.b.api.test', '8.8.8.8', true],
    [{ allow: ['*.api.test'] }, 'api.test', '8.8.8.8', false],
    [{ allow: ['*.api.test'] }, '.api.test', '8.8.8.8', false],
    [{ allow: ['10.0.0.0/8'] }, 'x', '10.1.2.3', true],
    [{ allow: ['10.0.0.0/8'] }, 'x', '::ffff:10.1.2.3', true],
    [{ allow: ['10.0.0.0/8'] }, 'x', '11.1.2.3', false],
    [{ allow: ['10.0.0.1'] }, '10.0.0.1', '10.0.0.1', true],
    [{ deny: ['10.0.0.0/8'] }, 'x', '10.1.2.3', false],
    [{ deny: ['10.0.0.0/8'] }, 'x', '::ffff:10.1.2.3', false],
    [{ deny: ['fc00::/7'] }, 'x', 'fd00::1', false],
    [{ deny: ['fc00::/7'] }, 'x', '8.8.8.8', true],
    [{ deny: ['10.0.0.0/8'] }, 'x', 'nonsense', false],
    [{ allow: ['api.test'], deny: ['10.0.0.0/8'] }, 'api.test', '10.0.0.1', false],
  ];
  for (const [policy, host, address, permitted] of cases) {
    it(`${permitted ? 'permits' : 'refuses'} ${host} at ${address} under ${JSON.stringify(policy)}`, () => {
      expect(egressGuard(policy).permitsAddress(host, address)).to.equal(permitted);
    });
  }

  it('must have networks to deny', () => {
    expect(() => egressGuard({ deny: ['evil.test'] })).to.throw(TypeError, 'evil.test');
  });
});
