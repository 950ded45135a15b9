import type { Retention } from '../connection/connection-properties.ts';
import type { MonitorHost, Watch } from '../connection/health-monitor.ts';
import type { IncomingResponse } from '../connection/transport.ts';
import { Message } from '../message/message.ts';
import { receivedCodings } from './content-encoding.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';
import { retainedHeaders } from './target-request.ts';

/** The connection of a target endpoint, or of a route rule's URL. */
export interface TargetCall {
  /** Before the target request flow: `target.url` reads as configured, and what was written before is gone. */
  announce(transaction: ProxyTransaction): void;
  /**
   * Sends `request` and keeps the response as `response`.
   * @throws {Fault} when no response came
   */
  send(transaction: ProxyTransaction): Promise<Message>;
  /** @throws {Fault} when the response's status does not count as success */
  checkStatus(response: Message): void;
  /** Starts to probe the target's servers, if it has a health monitor. */
  watch?(host: MonitorHost): Watch | undefined;
}

/**
 * Makes a target's response the transaction's `response`.
 * @throws {Fault} UnsupportedEncoding
 */
export function keepResponse(
  transaction: ProxyTransaction,
  { status, reason, version, headers, body, encodedBody }: IncomingResponse,
  retention: Retention,
): Message {
  const codings = body.byteLength > 0 ? receivedCodings(headers) : [];
  const message = new Message('response');
  message.statusCode = status;
  message.reasonPhrase = reason;
  message.version = `HTTP/${version}`;
  message.headers.addAll(retainedHeaders(headers, retention));
  if (body.byteLength > 0) message.bytes = body;
  transaction.compressedResponse =
    encodedBody === undefined
      ? undefined
      : { received: encodedBody, plain: message.bytes, codings };
  transaction.variables.seed('response', message);
  const { target } = transaction;
  if (target !== null) {
    target.status = status;
    target.contentLength = body.byteLength;
  }
  return message;
}
