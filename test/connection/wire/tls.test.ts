import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket, type PeerCertificate } from 'node:tls';
import { opensslCipher } from '../../../lib/connection/tls-ciphers.ts';
import { checkCommonName, unknownTlsNames } from '../../../lib/connection/tls.ts';
import type { TlsSettings } from '../../../lib/connection/transport.ts';
import { createUndiciTransport } from '../../../lib/connection/undici-transport.ts';
import { systemClock } from '../../../lib/host/clock.ts';
import { outcome, requestTo } from './request.ts';

const pem = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/certificates/${name}.pem`, import.meta.url), 'utf8');
const certificate = (name: string) => ({ cert: pem(name), key: pem(`${name}.key`) });

const trusting: TlsSettings = {
  certificateAuthorities: [pem('other-ca'), pem('ca')],
  verification: 'verify',
  ciphers: [],
  protocols: [],
};
const clientKey = { key: pem('client.key'), certificate: pem('client') };

interface Handshake {
  readonly title: string;
  readonly server: object;
  readonly host?: string;
  readonly tls?: Partial<TlsSettings> | undefined;
  readonly result: string;
  /** What the server sees: protocol, cipher, client's common name, or server name. */
  readonly sees?: RegExp;
}

const handshakes: Handshake[] = [
  {
    title: 'trusts the given authority for a name',
    server: certificate('server'),
    host: 'localhost',
    result: 'answered',
    sees: /sni=localhost/,
  },
  {
    title: 'trusts the given authority for an address, without a server name',
    server: certificate('server'),
    result: 'answered',
    sees: /sni=false/,
  },
  {
    title: 'does not trust it without being told',
    server: certificate('server'),
    tls: { certificateAuthorities: undefined },
    result: 'tls',
  },
  {
    title: 'trusts only the given authorities',
    server: certificate('server'),
    tls: { certificateAuthorities: [pem('other-ca')] },
    result: 'tls',
  },
  {
    title: 'trusts nobody where the trust store is empty',
    server: certificate('server'),
    tls: { certificateAuthorities: [] },
    result: 'tls',
  },
  { title: 'refuses a self-signed certificate', server: certificate('self-signed'), result: 'tls' },
  {
    title: 'takes a self-signed certificate that is itself trusted',
    server: certificate('self-signed'),
    tls: { certificateAuthorities: [pem('self-signed')] },
    result: 'answered',
  },
  { title: 'refuses an expired certificate', server: certificate('expired'), result: 'tls' },
  {
    title: 'refuses a certificate for another host',
    server: certificate('wrong-host'),
    result: 'tls',
  },
  ...['self-signed', 'expired', 'wrong-host'].map((name): Handshake => ({
    title: `takes a ${name} certificate where errors are ignored`,
    server: certificate(name),
    tls: { certificateAuthorities: undefined, verification: 'ignore' },
    result: 'answered',
  })),
  {
    title: 'compares the common name instead of the host',
    server: certificate('wrong-host'),
    tls: { commonName: { name: 'elsewhere.example', wildcard: 'exact' } },
    result: 'answered',
  },
  {
    title: 'refuses another common name, though the host is right',
    server: certificate('server'),
    tls: { commonName: { name: 'elsewhere.example', wildcard: 'exact' } },
    result: 'tls',
  },
  {
    title: 'matches a wildcard certificate where that is allowed',
    server: certificate('wildcard'),
    tls: { commonName: { name: 'a.backends.example', wildcard: 'wildcard' } },
    result: 'answered',
  },
  {
    title: 'does not match a wildcard certificate otherwise',
    server: certificate('wildcard'),
    tls: { commonName: { name: 'a.backends.example', wildcard: 'exact' } },
    result: 'tls',
  },
  {
    title: 'shows its client certificate',
    server: {
      ...certificate('server'),
      ca: pem('ca'),
      requestCert: true,
      rejectUnauthorized: true,
    },
    tls: { clientKey },
    result: 'answered',
    sees: /client=callout client/,
  },
  {
    title: 'shows it with an encrypted key',
    server: {
      ...certificate('server'),
      ca: pem('ca'),
      requestCert: true,
      rejectUnauthorized: true,
    },
    tls: { clientKey: { ...clientKey, key: pem('client.encrypted-key'), passphrase: 'secret' } },
    result: 'answered',
    sees: /client=callout client/,
  },
  {
    title: 'fails with a wrong passphrase',
    server: certificate('server'),
    tls: { clientKey: { ...clientKey, key: pem('client.encrypted-key'), passphrase: 'wrong' } },
    result: 'tls',
  },
  {
    title: 'fails with a key that is none',
    server: certificate('server'),
    tls: { clientKey: { ...clientKey, key: 'none' } },
    result: 'tls',
  },
  {
    title: 'speaks TLS 1.2 where only that is allowed',
    server: certificate('server'),
    tls: { protocols: ['TLSv1.2'] },
    result: 'answered',
    sees: /TLSv1\.2/,
  },
  {
    title: 'speaks TLS 1.3 by itself',
    server: certificate('server'),
    result: 'answered',
    sees: /TLSv1\.3/,
  },
  {
    title: 'fails where no protocol is in common',
    server: { ...certificate('server'), minVersion: 'TLSv1.3' },
    tls: { protocols: ['TLSv1.2'] },
    result: 'tls',
  },
  {
    title: 'leaves out a protocol in the middle',
    server: { ...certificate('server'), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
    tls: { protocols: ['TLSv1.1', 'TLSv1.3'] },
    result: 'tls',
  },
  {
    title: 'fails where no protocol is known',
    server: certificate('server'),
    tls: { protocols: ['SSLv3'] },
    result: 'tls',
  },
  {
    title: 'uses the given cipher, by its IANA name',
    server: certificate('server'),
    tls: { ciphers: ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'] },
    result: 'answered',
    sees: /TLSv1\.2 ECDHE-ECDSA-AES256-GCM-SHA384/,
  },
  {
    title: 'uses the given TLS 1.3 suite',
    server: certificate('server'),
    tls: { ciphers: ['TLS_CHACHA20_POLY1305_SHA256'] },
    result: 'answered',
    sees: /TLSv1\.3 TLS_CHACHA20_POLY1305_SHA256/,
  },
  {
    title: 'leaves unknown ciphers out',
    server: certificate('server'),
    tls: { ciphers: ['TLS_MAGIC', 'ECDHE-ECDSA-AES128-GCM-SHA256'] },
    result: 'answered',
    sees: /ECDHE-ECDSA-AES128-GCM-SHA256/,
  },
  {
    title: 'fails where no cipher is known',
    server: certificate('server'),
    tls: { ciphers: ['TLS_MAGIC'] },
    result: 'tls',
  },
];

describe('TLS', () => {
  for (const { title, server, host = '127.0.0.1', tls = {}, result, sees } of handshakes) {
    it(title, async () => {
      let seen = '';
      const origin = await listening(
        createServer(server, (incoming, outgoing) => {
          const { socket } = incoming;
          if (socket instanceof TLSSocket) {
            const peer: Partial<PeerCertificate> = socket.getPeerCertificate();
            const client: unknown = peer.subject?.CN;
            const name: unknown = 'servername' in socket ? socket.servername : undefined;
            const parts = [
              socket.getProtocol(),
              socket.getCipher().name,
              `client=${String(client)}`,
            ];
            seen = [...parts, `sni=${String(name)}`].join(' ');
          }
          outgoing.end('ok');
        }),
      );
      const transport = createUndiciTransport({ clock: systemClock });
      const request = requestTo(origin.port, {
        origin: { scheme: 'https', host, port: origin.port },
        tls: { ...trusting, ...tls },
      });
      try {
        // Twice, since the second call finds a connection or a session of the first.
        expect(await outcome(transport.send(request))).to.equal(result);
        expect(await outcome(transport.send(request))).to.equal(result);
        if (sees !== undefined) expect(seen).to.match(sees);
      } finally {
        await transport.close();
        await origin.close();
      }
    });
  }

  it('verifies against the platform store where no settings are given', async () => {
    const origin = await listening(createServer(certificate('server')));
    const transport = createUndiciTransport({ clock: systemClock });
    const request = requestTo(origin.port, {
      origin: { scheme: 'https', host: 'localhost', port: origin.port },
    });
    expect(await outcome(transport.send(request))).to.equal('tls');
    await transport.close();
    await origin.close();
  });

  it('never lends a connection to a request with other settings', async () => {
    const origin = await listening(
      createServer(certificate('self-signed'), (_incoming, outgoing) => outgoing.end()),
    );
    const transport = createUndiciTransport({ clock: systemClock });
    const to = (verification: 'verify' | 'ignore') =>
      requestTo(origin.port, {
        origin: { scheme: 'https', host: '127.0.0.1', port: origin.port },
        tls: { ...trusting, verification },
      });
    expect(await outcome(transport.send(to('ignore')))).to.equal('answered');
    expect(await outcome(transport.send(to('verify')))).to.equal('tls');
    await transport.close();
    await origin.close();
  });
});

describe('opensslCipher', () => {
  const names: [iana: string, openssl: string | undefined][] = [
    ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', 'ECDHE-ECDSA-AES256-SHA384'],
    ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
    ['TLS_DHE_RSA_WITH_AES_256_CBC_SHA', 'DHE-RSA-AES256-SHA'],
    ['TLS_RSA_WITH_AES_128_CBC_SHA256', 'AES128-SHA256'],
    ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'AES256-GCM-SHA384'],
    ['TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', undefined],
    ['TLS_AES_256_GCM_SHA384', 'TLS_AES_256_GCM_SHA384'],
    ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['SSL_RSA_WITH_RC4_128_MD5', undefined],
    ['TLS_KRB5_WITH_DES_CBC_SHA', undefined],
    ['ALL:!NULL', undefined],
    ['', undefined],
  ];
  for (const [iana, openssl] of names) {
    it(`gives ${String(openssl)} for "${iana}"`, () => {
      expect(opensslCipher(iana)).to.equal(openssl);
    });
  }
});

it('unknownTlsNames lists what this machine does not have', () => {
  expect(
    unknownTlsNames({
      ciphers: ['TLS_AES_128_GCM_SHA256', 'TLS_MAGIC'],
      protocols: ['TLSv1.2', 'SSLv3', 'tlsv1.3', 'TLSv1.0'],
    }),
  ).to.deep.equal({ ciphers: ['TLS_MAGIC'], protocols: ['SSLv3'] });
});

describe('checkCommonName', () => {
  const cases: [
    cn: string,
    sans: string,
    expected: string,
    wildcard: 'exact' | 'wildcard',
    matches: 'matches' | 'fails',
  ][] = [
    ['up.test', '', 'UP.test', 'exact', 'matches'],
    ['other', 'DNS:up.test, DNS:b.test', 'b.test', 'exact', 'matches'],
    ['*.up.test', '', '*.up.test', 'exact', 'matches'],
    ['*.up.test', '', 'a.up.test', 'exact', 'fails'],
    ['*.up.test', '', 'a.up.test', 'wildcard', 'matches'],
    ['*.up.test', '', 'a.b.up.test', 'wildcard', 'fails'],
    ['*.up.test', '', 'up.test', 'wildcard', 'fails'],
    ['a.up.test', '', '*.up.test', 'wildcard', 'matches'],
    ['x', 'IP Address:127.0.0.1', '127.0.0.1', 'exact', 'fails'],
    ['*', '', 'test', 'wildcard', 'fails'],
  ];
  for (const [cn, sans, name, wildcard, result] of cases) {
    it(`${result} for ${name} (${wildcard}) and a certificate of ${cn} ${sans}`, () => {
      const subject = { CN: cn, C: '', ST: '', L: '', O: '', OU: '' };
      const error = checkCommonName({ name, wildcard }, { subject, subjectaltname: sans });
      expect(error === undefined ? 'matches' : 'fails').to.equal(result);
    });
  }
});

async function listening(server: Server) {
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
