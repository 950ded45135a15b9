import { ConnectionError } from '../connection/connection-error.ts';
import type { HttpConnection } from '../connection/http-connection.ts';
import type { TargetAddress } from '../connection/target-address.ts';
import {
  flowValueText,
  variableReference,
  type VariableReference,
} from '../variables/flow-variables.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';

const targetUrl = variableReference('target.url');
const evaluatedUrl = variableReference('target.evaluated.url');

/** Announces the URL that a target is configured with, for flows to read and to change. */
export function announceUrl(transaction: ProxyTransaction, connection: HttpConnection): void {
  const { variables, target } = transaction;
  forgetUrl(transaction);
  const address = addressAsConfigured(transaction, connection);
  if (address === undefined) return;
  if (target !== null) target.basePath = address.kind === 'url' ? address.url.path : address.path;
  if (address.kind === 'url') variables.announce(targetUrl, address.text);
}

/** What was written as the URL before the target was chosen is not for it. */
export function forgetUrl({ variables }: ProxyTransaction): void {
  variables.write(targetUrl, null);
  variables.write(evaluatedUrl, null);
}

/** A read of `target.url` is no fault where the call will be one. */
function addressAsConfigured(
  transaction: ProxyTransaction,
  connection: HttpConnection,
): TargetAddress | undefined {
  try {
    return connection.address(transaction, 'ignore', undefined);
  } catch (error) {
    if (error instanceof ConnectionError) return undefined;
    throw error;
  }
}

/** What a flow wrote as the whole URL; the engine's own announcement is none. */
export function overridingUrl(transaction: ProxyTransaction): string | undefined {
  const { variables } = transaction;
  const written = variables.isAnnounced(targetUrl) ? undefined : textOf(transaction, targetUrl);
  return textOf(transaction, evaluatedUrl) ?? written;
}

/** The text of a variable; undefined if it is empty or unresolved. */
export function textOf(
  { variables }: ProxyTransaction,
  reference: VariableReference,
): string | undefined {
  const text = flowValueText(reference.read(variables));
  return text === '' ? undefined : text;
}
