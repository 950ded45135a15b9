import type { Environment, TargetServer, TargetServerTls } from '../host/environment.ts';
import { findKey, findStore, missing, type Missing } from './store-references.ts';
import type { TlsSettings } from './transport.ts';

/**
 * The texts of an `SSLInfo` block after its templates are resolved. Absent and blank texts are the same;
 * a flag is on if its text is `true`, in any case.
 */
export interface SslInfoTexts {
  readonly enabled?: string | undefined;
  readonly enforce?: string | undefined;
  readonly ignoreValidationErrors?: string | undefined;
  readonly clientAuthEnabled?: string | undefined;
  readonly keyStore?: string | undefined;
  readonly keyAlias?: string | undefined;
  readonly trustStore?: string | undefined;
  /** Empty means all. */
  readonly ciphers?: readonly string[];
  /** Empty means all. */
  readonly protocols?: readonly string[];
  /** `wildcard` is the text of the attribute `wildcardMatch`. */
  readonly commonName?:
    { readonly name: string; readonly wildcard?: string | undefined } | undefined;
}

/** Where the connection goes: to the place a URL names, or to a server a load balancer chose. */
export type TlsDestination =
  | { readonly kind: 'url'; readonly scheme: 'http' | 'https' }
  | { readonly kind: 'server'; readonly server: Pick<TargetServer, 'tls'> };

export type ConnectionSecurity =
  { readonly kind: 'plain' } | { readonly kind: 'tls'; readonly settings: TlsSettings } | Missing;

/**
 * Decides whether a connection uses TLS, and how ("API proxy configuration reference", TLS/SSL):
 * a URL's scheme decides by itself, and an `https` URL ignores a block that is not enabled; a target
 * server's own block wins over the connection's; the environment's flag overrides `Enforce`, which
 * overrides `IgnoreValidationErrors`. Without either, certificates are verified, against the trust
 * store where one is named and the platform's otherwise.
 */
export function tlsSettings(
  destination: TlsDestination,
  sslInfo: SslInfoTexts | undefined,
  environment: Environment,
): ConnectionSecurity {
  const connection = sslInfo === undefined ? undefined : blockOf(sslInfo);
  const block = destination.kind === 'server' ? (destination.server.tls ?? connection) : connection;
  if (destination.kind === 'url' && destination.scheme === 'http') return { kind: 'plain' };
  if (block?.enabled === true) return settingsOf(block, environment);
  return destination.kind === 'url' ? { kind: 'tls', settings: bare } : { kind: 'plain' };
}

/** TLS as an `https` URL has it by itself. */
const bare: TlsSettings = {
  certificateAuthorities: undefined,
  verification: 'verify',
  ciphers: [],
  protocols: [],
};

function settingsOf(block: TargetServerTls, environment: Environment): ConnectionSecurity {
  let settings: TlsSettings = {
    ...bare,
    verification: verificationOf(block, environment),
    ciphers: block.ciphers,
    protocols: block.protocols,
  };
  if (block.trustStore !== undefined) {
    const trusted = findStore(block.trustStore, environment);
    if (trusted.kind === 'missing') return trusted;
    // An empty trust store trusts nobody.
    settings = { ...settings, certificateAuthorities: trusted.store.certificates };
  }
  if (block.clientAuthEnabled) {
    if (block.keyStore === undefined || block.keyAlias === undefined) {
      const absent = block.keyStore === undefined ? 'KeyStore' : 'KeyAlias';
      return missing(`ClientAuthEnabled is true, but ${absent} is not given.`);
    }
    const found = findKey(block.keyStore, block.keyAlias, environment);
    if (found.kind === 'missing') return found;
    settings = { ...settings, clientKey: found.key };
  }
  if (block.commonName !== undefined) {
    const wildcard = block.commonNameWildcard ? 'wildcard' : 'exact';
    settings = { ...settings, commonName: { name: block.commonName, wildcard } };
  }
  return { kind: 'tls', settings };
}

function verificationOf(
  { enforce, ignoreValidationErrors }: TargetServerTls,
  { enforceTls }: Environment,
): TlsSettings['verification'] {
  return ignoreValidationErrors && !(enforceTls ?? enforce) ? 'ignore' : 'verify';
}

function blockOf(texts: SslInfoTexts): TargetServerTls {
  const keyStore = given(texts.keyStore);
  const keyAlias = given(texts.keyAlias);
  const trustStore = given(texts.trustStore);
  const commonName = given(texts.commonName?.name);
  return {
    enabled: isOn(texts.enabled),
    enforce: isOn(texts.enforce),
    clientAuthEnabled: isOn(texts.clientAuthEnabled),
    ignoreValidationErrors: isOn(texts.ignoreValidationErrors),
    ciphers: texts.ciphers ?? [],
    protocols: texts.protocols ?? [],
    commonNameWildcard: isOn(texts.commonName?.wildcard),
    ...(keyStore === undefined ? {} : { keyStore }),
    ...(keyAlias === undefined ? {} : { keyAlias }),
    ...(trustStore === undefined ? {} : { trustStore }),
    ...(commonName === undefined ? {} : { commonName }),
  };
}

function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function isOn(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'true';
}
