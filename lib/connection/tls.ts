import { constants } from 'node:crypto';
import { isIP } from 'node:net';
import {
  checkServerIdentity,
  type ConnectionOptions,
  type PeerCertificate,
  type SecureVersion,
} from 'node:tls';
import { opensslCipher } from './tls-ciphers.ts';
import { TransportError, type Origin, type TlsSettings } from './transport.ts';

interface ProtocolVersion {
  readonly version: SecureVersion;
  /** The OpenSSL option that leaves this version out. */
  readonly without: number;
}

/** Oldest first; `SSLv3` and older are gone from OpenSSL. */
const versions: readonly ProtocolVersion[] = [
  { version: 'TLSv1', without: constants.SSL_OP_NO_TLSv1 },
  { version: 'TLSv1.1', without: constants.SSL_OP_NO_TLSv1_1 },
  { version: 'TLSv1.2', without: constants.SSL_OP_NO_TLSv1_2 },
  { version: 'TLSv1.3', without: constants.SSL_OP_NO_TLSv1_3 },
];

const defaults: TlsSettings = {
  certificateAuthorities: undefined,
  verification: 'verify',
  ciphers: [],
  protocols: [],
};

/** Ciphers and protocols that this machine does not have; they are left out of the handshake. */
export function unknownTlsNames(settings: Pick<TlsSettings, 'ciphers' | 'protocols'>): {
  readonly ciphers: readonly string[];
  readonly protocols: readonly string[];
} {
  return {
    ciphers: settings.ciphers.filter((name) => opensslCipher(name) === undefined),
    protocols: settings.protocols.filter((name) => protocolVersion(name) === undefined),
  };
}

/**
 * What node:tls needs for a connection to `origin`; undefined settings mean verification against
 * the platform's authorities.
 *
 * @throws {TransportError} of kind `tls` if ciphers or protocols are given and none is known
 */
export function tlsOptions(settings: TlsSettings | undefined, origin: Origin): ConnectionOptions {
  const { certificateAuthorities, clientKey, commonName, verification, ciphers, protocols } =
    settings ?? defaults;
  return {
    ALPNProtocols: ['http/1.1'],
    // An address is no server name (RFC 6066).
    ...(isIP(origin.host) === 0 ? { servername: origin.host } : {}),
    rejectUnauthorized: verification === 'verify',
    checkServerIdentity: (_name, certificate) =>
      commonName === undefined
        ? checkServerIdentity(origin.host, certificate)
        : checkCommonName(commonName, certificate),
    ...(certificateAuthorities === undefined ? {} : { ca: [...certificateAuthorities] }),
    ...(clientKey === undefined
      ? {}
      : {
          key: clientKey.key,
          cert: clientKey.certificate,
          ...(clientKey.passphrase === undefined ? {} : { passphrase: clientKey.passphrase }),
        }),
    ...cipherOptions(ciphers, protocols),
    ...protocolOptions(protocols, ciphers),
  };
}

/**
 * Compares `<CommonName>` with the certificate's CN and DNS names. With `wildcard`, a `*.` label on
 * either side stands for exactly one label. It takes the place of the host name check.
 */
export function checkCommonName(
  expected: { readonly name: string; readonly wildcard: 'exact' | 'wildcard' },
  certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>,
): Error | undefined {
  const names = certificateNames(certificate);
  const wanted = expected.name.toLowerCase();
  const found = names.some(
    (name) =>
      name === wanted ||
      (expected.wildcard === 'wildcard' && (covers(name, wanted) || covers(wanted, name))),
  );
  if (found) return undefined;
  return new Error(
    `The certificate is for ${names.join(', ') || 'nobody'}, not for the common name ${expected.name}`,
  );
}

function certificateNames(
  certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>,
): string[] {
  // A certificate may hold several common names, or none; the types know only the one.
  const common: unknown = certificate.subject.CN;
  const names = (Array.isArray(common) ? common : [common]).filter(
    (name) => typeof name === 'string',
  );
  for (const entry of certificate.subjectaltname?.split(', ') ?? []) {
    if (entry.startsWith('DNS:')) names.push(entry.slice(4));
  }
  return names.map((name) => name.toLowerCase());
}

function covers(pattern: string, name: string): boolean {
  return pattern.startsWith('*.') && name.slice(name.indexOf('.') + 1) === pattern.slice(2);
}

function cipherOptions(
  names: readonly string[],
  protocols: readonly string[],
): Pick<ConnectionOptions, 'ciphers'> {
  // OpenSSL 3 keeps TLS 1.0 and 1.1 behind security level 0, whoever asks for them by name.
  const level = protocols.some((name) => (protocolVersion(name) ?? 9) < 2) ? ':@SECLEVEL=0' : '';
  if (names.length === 0) return level === '' ? {} : { ciphers: `DEFAULT${level}` };
  const known = knownCiphers(names);
  if (known.length === 0) {
    throw new TransportError('tls', `None of the ciphers ${names.join(', ')} is known`);
  }
  return { ciphers: known.join(':') + level };
}

function protocolOptions(
  names: readonly string[],
  ciphers: readonly string[],
): Pick<ConnectionOptions, 'minVersion' | 'maxVersion' | 'secureOptions'> {
  // TLS 1.3 has suites of its own, which Node leaves on when only older ones are listed.
  const only12 = ciphers.length > 0 && !knownCiphers(ciphers).some((name) => /^TLS_/i.test(name));
  const always = only12 ? constants.SSL_OP_NO_TLSv1_3 : 0;
  if (names.length === 0) return always === 0 ? {} : { secureOptions: always };
  const wanted = new Set(names.map(protocolVersion).filter((version) => version !== undefined));
  const minVersion = versions[Math.min(...wanted)]?.version;
  const maxVersion = versions[Math.max(...wanted)]?.version;
  if (minVersion === undefined || maxVersion === undefined) {
    throw new TransportError('tls', `None of the protocols ${names.join(', ')} is known`);
  }
  const secureOptions = versions
    .filter((_version, index) => !wanted.has(index))
    .reduce((options, { without }) => options | without, always);
  return { minVersion, maxVersion, secureOptions };
}

function knownCiphers(names: readonly string[]): string[] {
  return names.map(opensslCipher).filter((name) => name !== undefined);
}

/** Index into `versions`. */
function protocolVersion(name: string): number | undefined {
  const canonical = name
    .trim()
    .toLowerCase()
    .replace(/^tlsv1\.0$/, 'tlsv1');
  const index = versions.findIndex(({ version }) => version.toLowerCase() === canonical);
  return index < 0 ? undefined : index;
}
