import { expect } from 'chai';
import {
  tlsSettings,
  type SslInfoTexts,
  type TlsDestination,
} from '../../lib/connection/tls-settings.ts';
import type { TlsSettings } from '../../lib/connection/transport.ts';
import {
  emptyEnvironment,
  type Environment,
  type TargetServerTls,
} from '../../lib/host/environment.ts';

const key = { key: 'KEY', certificate: 'CERTIFICATE' };
const environment: Environment = {
  ...emptyEnvironment,
  stores: new Map([
    ['ks', { name: 'ks', aliases: new Map([['main', key]]), certificates: [] }],
    ['ts', { name: 'ts', aliases: new Map(), certificates: ['CA'] }],
    ['empty', { name: 'empty', aliases: new Map(), certificates: [] }],
  ]),
  references: new Map([['trusted', 'ts']]),
};

const bare: TlsSettings = {
  certificateAuthorities: undefined,
  verification: 'verify',
  ciphers: [],
  protocols: [],
};

const https: TlsDestination = { kind: 'url', scheme: 'https' };
const http: TlsDestination = { kind: 'url', scheme: 'http' };

function serverWith(given?: Partial<TargetServerTls>): TlsDestination {
  if (given === undefined) return { kind: 'server', server: {} };
  const tls: TargetServerTls = {
    enabled: true,
    enforce: false,
    clientAuthEnabled: false,
    ignoreValidationErrors: false,
    ciphers: [],
    protocols: [],
    commonNameWildcard: false,
    ...given,
  };
  return { kind: 'server', server: { tls } };
}

/** What a table row expects: no TLS, settings that differ from the bare ones, or a reason. */
type Expected = 'plain' | Partial<TlsSettings> | { readonly reason: string };

const cases: readonly {
  title: string;
  to: TlsDestination;
  sslInfo?: SslInfoTexts;
  enforceTls?: boolean;
  expected: Expected;
}[] = [
  { title: 'an https URL uses TLS and verifies', to: https, expected: {} },
  { title: 'an http URL does not use TLS', to: http, expected: 'plain' },
  {
    title: 'servicecallout 162: an https URL ignores a block that is not enabled',
    to: https,
    sslInfo: { enabled: 'false', ignoreValidationErrors: 'true', trustStore: 'nowhere' },
    expected: {},
  },
  {
    title: 'an https URL ignores a block without Enabled',
    to: https,
    sslInfo: { ignoreValidationErrors: 'true', trustStore: 'ts' },
    expected: {},
  },
  {
    title: 'servicecallout 163: an http URL never uses TLS, whatever the block says',
    to: http,
    sslInfo: { enabled: 'true', trustStore: 'nowhere' },
    expected: 'plain',
  },
  {
    title: 'servicecallout 164: IgnoreValidationErrors ignores certificate errors',
    to: https,
    sslInfo: { enabled: 'true', ignoreValidationErrors: 'true' },
    expected: { verification: 'ignore' },
  },
  {
    title: 'servicecallout 164: Enforce overrides IgnoreValidationErrors',
    to: https,
    sslInfo: { enabled: 'true', ignoreValidationErrors: 'true', enforce: 'true' },
    expected: {},
  },
  {
    title: 'the environment overrides an Enforce that is absent',
    to: https,
    sslInfo: { enabled: 'true', ignoreValidationErrors: 'true' },
    enforceTls: true,
    expected: {},
  },
  {
    title: 'the environment overrides an Enforce that is true',
    to: https,
    sslInfo: { enabled: 'true', ignoreValidationErrors: 'true', enforce: 'true' },
    enforceTls: false,
    expected: { verification: 'ignore' },
  },
  {
    title: 'servicecallout 161: a target server with an enabled block uses TLS',
    to: serverWith({}),
    expected: {},
  },
  { title: 'a target server without a block does not', to: serverWith(), expected: 'plain' },
  {
    title: 'a target server without a block takes the connection’s',
    to: serverWith(),
    sslInfo: { enabled: ' TRUE ', trustStore: 'ts' },
    expected: { certificateAuthorities: ['CA'] },
  },
  {
    title: 'a target server without a block ignores a connection’s that is not enabled',
    to: serverWith(),
    sslInfo: { enabled: 'yes', trustStore: 'ts' },
    expected: 'plain',
  },
  {
    title: 'a target server’s own block wins as a whole',
    to: serverWith({ ignoreValidationErrors: true, protocols: ['TLSv1.3'] }),
    sslInfo: { enabled: 'true', enforce: 'true', trustStore: 'ts', protocols: ['TLSv1.2'] },
    expected: { verification: 'ignore', protocols: ['TLSv1.3'] },
  },
  {
    title: 'a target server’s own block that is not enabled wins too',
    to: serverWith({ enabled: false }),
    sslInfo: { enabled: 'true' },
    expected: 'plain',
  },
  {
    title: 'a trust store is found through a reference',
    to: https,
    sslInfo: { enabled: 'true', trustStore: 'ref://trusted' },
    expected: { certificateAuthorities: ['CA'] },
  },
  {
    title: 'an empty trust store trusts nobody',
    to: https,
    sslInfo: { enabled: 'true', trustStore: 'empty' },
    expected: { certificateAuthorities: [] },
  },
  {
    title: 'a trust store that is blank is none',
    to: https,
    sslInfo: { enabled: 'true', trustStore: ' ', keyStore: '', keyAlias: '' },
    expected: {},
  },
  {
    title: 'a trust store that does not exist is told, even where errors are ignored',
    to: https,
    sslInfo: { enabled: 'true', trustStore: 'nowhere', ignoreValidationErrors: 'true' },
    expected: { reason: 'The environment "test" has no key store or trust store "nowhere".' },
  },
  {
    title: 'client authentication takes the key of the alias',
    to: https,
    sslInfo: { enabled: 'true', clientAuthEnabled: 'true', keyStore: 'ks', keyAlias: 'main' },
    expected: { clientKey: key },
  },
  {
    title: 'a key store without client authentication is not used',
    to: https,
    sslInfo: { enabled: 'true', keyStore: 'nowhere', keyAlias: 'main' },
    expected: {},
  },
  {
    title: 'client authentication needs a key store',
    to: https,
    sslInfo: { enabled: 'true', clientAuthEnabled: 'true', keyAlias: 'main' },
    expected: { reason: 'ClientAuthEnabled is true, but KeyStore is not given.' },
  },
  {
    title: 'client authentication needs an alias',
    to: serverWith({ clientAuthEnabled: true, keyStore: 'ks' }),
    expected: { reason: 'ClientAuthEnabled is true, but KeyAlias is not given.' },
  },
  {
    title: 'client authentication needs an alias that exists',
    to: serverWith({ clientAuthEnabled: true, keyStore: 'ks', keyAlias: 'other' }),
    expected: { reason: 'The key store "ks" has no key with the alias "other".' },
  },
  {
    title: 'ciphers, protocols and the common name are passed on',
    to: https,
    sslInfo: {
      enabled: 'true',
      ciphers: ['TLS_AES_128_GCM_SHA256'],
      protocols: ['TLSv1.3'],
      commonName: { name: ' *.example.test ', wildcard: 'true' },
    },
    expected: {
      ciphers: ['TLS_AES_128_GCM_SHA256'],
      protocols: ['TLSv1.3'],
      commonName: { name: '*.example.test', wildcard: 'wildcard' },
    },
  },
  {
    title: 'a common name is matched exactly unless a wildcard is allowed',
    to: serverWith({ commonName: 'a.test' }),
    expected: { commonName: { name: 'a.test', wildcard: 'exact' } },
  },
];

describe('TLS settings', () => {
  for (const { title, to, sslInfo, enforceTls, expected } of cases) {
    it(title, () => {
      const where = enforceTls === undefined ? environment : { ...environment, enforceTls };
      const found = tlsSettings(to, sslInfo, where);
      if (expected === 'plain') expect(found).to.deep.equal({ kind: 'plain' });
      else if ('reason' in expected) expect(found).to.deep.equal({ kind: 'missing', ...expected });
      else expect(found).to.deep.equal({ kind: 'tls', settings: { ...bare, ...expected } });
    });
  }
});
