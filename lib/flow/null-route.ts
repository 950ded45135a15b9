import type { HeaderLine } from '../message/header-lines.ts';
import { Message } from '../message/message.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';

/** Headers that concern a connection or a body's framing, which an echo does not repeat. */
const notEchoed: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What a transaction without a target gets for a response: its own request's headers and body. A response
 * that a policy made stays, and only gains the headers it lacks. The status is unset until it is sent, so
 * response flows read null.
 */
export function echo(transaction: ProxyTransaction): void {
  const { variables } = transaction;
  const request = variables.message('request') ?? new Message('request');
  const made = variables.message('response');
  const response = made ?? new Message('response');
  response.headers.addAll(
    echoed(request.headers.lines()).filter(([name]) => !response.headers.has(name)),
  );
  if (made !== undefined) return;
  if (request.hasBody) response.bytes = request.bytes;
  transaction.compressedResponse = transaction.compressedRequest;
  variables.seed('response', response);
}

function echoed(lines: readonly HeaderLine[]): readonly HeaderLine[] {
  return lines.filter(([name]) => !notEchoed.has(name.toLowerCase()));
}
