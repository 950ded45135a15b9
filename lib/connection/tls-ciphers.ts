import { getCiphers } from 'node:tls';

const keyExchanges: ReadonlyMap<string, string> = new Map([
  ['RSA', ''],
  ['DHE_RSA', 'DHE-RSA-'],
  ['DHE_DSS', 'DHE-DSS-'],
  ['DH_anon', 'ADH-'],
  ['ECDHE_RSA', 'ECDHE-RSA-'],
  ['ECDHE_ECDSA', 'ECDHE-ECDSA-'],
  ['ECDH_anon', 'AECDH-'],
  ['PSK', 'PSK-'],
  ['DHE_PSK', 'DHE-PSK-'],
  ['ECDHE_PSK', 'ECDHE-PSK-'],
  ['RSA_PSK', 'RSA-PSK-'],
]);

const suite = /^(?:TLS|SSL)_(.+)_WITH_(.+)$/;
const known: ReadonlySet<string> = new Set(getCiphers().map((name) => name.toUpperCase()));

/**
 * OpenSSL's name for a cipher suite: TLS 1.3 and OpenSSL names stay, IANA and Java names are
 * translated (`TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256`).
 *
 * @returns undefined for a suite that this OpenSSL does not have
 */
export function opensslCipher(name: string): string | undefined {
  const trimmed = name.trim();
  const parts = suite.exec(trimmed);
  const candidate =
    parts === null ? trimmed : (translated(parts[1] ?? '', parts[2] ?? '') ?? trimmed);
  return known.has(candidate.toUpperCase()) ? candidate : undefined;
}

function translated(exchange: string, cipher: string): string | undefined {
  const prefix = keyExchanges.get(exchange);
  if (prefix === undefined) return undefined;
  const bulk = cipher
    .replace(/^(AES|CAMELLIA|ARIA)_(\d+)_/, '$1$2_')
    .replace(/^3DES_EDE_CBC_/, 'DES-CBC3_')
    .replace(/^RC4_128_/, 'RC4_')
    .replace(/_CBC_/, '_')
    .replace(/CCM_8$/, 'CCM8')
    .replace(/^CHACHA20_POLY1305_SHA256$/, 'CHACHA20-POLY1305');
  return prefix + bulk.replaceAll('_', '-');
}
