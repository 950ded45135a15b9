import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import { emptyEnvironment, type Environment, type TargetServer } from '../host/environment.ts';
import { compileTemplate, type OnUnresolved, type Template } from '../template/template.ts';
import type { Flow } from '../variables/flow.ts';
import type { Location } from '../diagnostic/location.ts';
import { ConnectionError } from './connection-error.ts';
import type { SslInfoNode } from './grammar/target-connections.ts';
import { tlsSettings, type SslInfoTexts, type TlsDestination } from './tls-settings.ts';
import { unknownTlsNames } from './tls.ts';
import type { TlsSettings } from './transport.ts';

/** Decides for each call whether it uses TLS, and how; undefined means plain HTTP. */
export type ConnectionSecurity = (
  flow: Flow,
  destination: TlsDestination,
  onUnresolved: OnUnresolved,
) => TlsSettings | undefined;

/**
 * Compiles an SSLInfo block. Without variables in it the settings of each destination are worked out
 * once, so that connections can be shared between calls.
 */
export function compileSecurity(
  node: SslInfoNode | undefined,
  environment: Environment | undefined,
  report: Report,
): ConnectionSecurity {
  const texts = compileTexts(node, report);
  if (node !== undefined) checkNames(node, report);
  if (node !== undefined && environment !== undefined && typeof texts === 'object') {
    checkStores(node, texts, environment, report);
  }
  // A policy that is only checked has no environment, and never runs.
  const stores = environment ?? emptyEnvironment;
  if (typeof texts === 'function') {
    return (flow, destination, onUnresolved) =>
      decide(destination, texts(flow, onUnresolved), stores);
  }
  const byScheme = new Map<string, TlsSettings | undefined>();
  const byServer = new Map<Pick<TargetServer, 'tls'>, TlsSettings | undefined>();
  return (_flow, destination) => {
    if (destination.kind === 'url') {
      return remembered(byScheme, destination.scheme, () => decide(destination, texts, stores));
    }
    return remembered(byServer, destination.server, () => decide(destination, texts, stores));
  };
}

/** Reports ciphers and protocols that this machine does not have; they are left out of the handshake. */
function checkNames({ ciphers, protocols }: SslInfoNode, report: Report): void {
  const unknown = unknownTlsNames({
    ciphers: listed(ciphers?.cipher),
    protocols: listed(protocols?.protocol),
  });
  for (const { value, textLocation } of [
    ...(ciphers?.cipher ?? []),
    ...(protocols?.protocol ?? []),
  ]) {
    if (value === undefined || ![...unknown.ciphers, ...unknown.protocols].includes(value))
      continue;
    report(
      diagnosticAt(
        textLocation,
        'warning',
        'unknown-tls-name',
        `"${value}" is no cipher suite or protocol that this machine has; it is left out.`,
        'Write names such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 and TLSv1.2.',
      ),
    );
  }
}

/** Reports a store that calls over https will not find, as far as no variable decides about it. */
function checkStores(
  node: SslInfoNode,
  texts: SslInfoTexts,
  environment: Environment,
  report: Report,
): void {
  const security = tlsSettings({ kind: 'url', scheme: 'https' }, texts, environment);
  if (security.kind !== 'missing') return;
  report(
    diagnosticAt(
      node.location,
      'warning',
      'missing-store',
      security.reason,
      'Add it to the environment, or correct the name.',
    ),
  );
}

function remembered<K, V>(known: Map<K, V>, key: K, decideNow: () => V): V | undefined {
  if (known.has(key)) return known.get(key);
  const value = decideNow();
  known.set(key, value);
  return value;
}

function decide(
  destination: TlsDestination,
  texts: SslInfoTexts | undefined,
  environment: Environment,
): TlsSettings | undefined {
  const security = tlsSettings(destination, texts, environment);
  switch (security.kind) {
    case 'plain':
      return undefined;
    case 'tls':
      return security.settings;
    case 'missing':
      throw new ConnectionError('missing-store', security.reason);
  }
}

type TextsOf = (flow: Flow, onUnresolved: OnUnresolved) => SslInfoTexts;

function compileTexts(
  node: SslInfoNode | undefined,
  report: Report,
): SslInfoTexts | undefined | TextsOf {
  if (node === undefined) return undefined;
  const templates: Template[] = [];
  const compiled = (
    leaf: { readonly value: string | undefined; readonly textLocation: Location } | undefined,
  ) => {
    if (leaf === undefined) return undefined;
    const template = compileTemplate(leaf.value ?? '', { location: leaf.textLocation, report });
    templates.push(template);
    return template;
  };
  const enabled = compiled(node.enabled);
  const clientAuthEnabled = compiled(node.clientAuthEnabled);
  const keyStore = compiled(node.keyStore);
  const keyAlias = compiled(node.keyAlias);
  const trustStore = compiled(node.trustStore);
  const fixed = {
    enforce: node.enforce?.value?.toString(),
    ignoreValidationErrors: node.ignoreValidationErrors?.value?.toString(),
    ciphers: listed(node.ciphers?.cipher),
    protocols: listed(node.protocols?.protocol),
    commonName:
      node.commonName?.value === undefined
        ? undefined
        : { name: node.commonName.value, wildcard: node.commonName.wildcardMatch.toString() },
  };
  const textsWith = (
    text: (template: Template | undefined) => string | undefined,
  ): SslInfoTexts => ({
    ...fixed,
    enabled: text(enabled),
    clientAuthEnabled: text(clientAuthEnabled),
    keyStore: text(keyStore),
    keyAlias: text(keyAlias),
    trustStore: text(trustStore),
  });
  if (templates.every(({ constant }) => constant !== undefined)) {
    return textsWith((template) => template?.constant);
  }
  return (flow, onUnresolved) => textsWith((template) => template?.render(flow, onUnresolved));
}

function listed(
  nodes: readonly { readonly value: string | undefined }[] | undefined,
): readonly string[] {
  return (nodes ?? []).flatMap(({ value }) => (value === undefined || value === '' ? [] : [value]));
}
