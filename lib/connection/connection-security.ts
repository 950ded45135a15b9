import type { Report } from '../diagnostic/diagnostic.ts';
import { emptyEnvironment, type Environment, type TargetServer } from '../host/environment.ts';
import { compileTemplate, type OnUnresolved, type Template } from '../template/template.ts';
import type { Flow } from '../variables/flow.ts';
import type { Location } from '../diagnostic/location.ts';
import { ConnectionError } from './connection-error.ts';
import type { SslInfoNode } from './grammar/target-connections.ts';
import { tlsSettings, type SslInfoTexts, type TlsDestination } from './tls-settings.ts';
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
