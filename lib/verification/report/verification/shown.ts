import { isUtf8 } from 'node:buffer';
import { linesOf } from '../../doubles/answers.ts';
import type { HeaderLines, ObservedCall } from '../../matching/compare-message.ts';
import { bodyBytes } from '../../suite/body.ts';
import type { RequestInit } from '../../suite/case.ts';
import type { Exchange } from '../../verify/ask.ts';

/** A message as reports show it. */
export interface ShownMessage {
  /** `GET /orders/7`, `200 OK`, or why there is none. */
  readonly line: string;
  readonly headers: HeaderLines;
  /** Bytes that are no text as their number and first bytes. */
  readonly body: string;
}

export function shownRequest({ method = 'GET', target = '/', headers, body }: RequestInit) {
  return {
    line: `${method} ${target}`,
    headers: linesOf(headers ?? {}),
    body: body === undefined ? '' : bodyText(bodyBytes(body)),
  } satisfies ShownMessage;
}

export function shownCall({ method, url, headers, body }: ObservedCall): ShownMessage {
  return { line: `${method} ${url}`, headers, body: bodyText(body) };
}

export function shownExchange(exchange: Exchange): ShownMessage {
  if (exchange.kind === 'unanswered')
    return { line: `no answer: ${exchange.message}`, headers: [], body: '' };
  const { status, reason, headers, body } = exchange.response;
  return { line: `${status} ${reason}`.trim(), headers, body: bodyText(body) };
}

function bodyText(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const start = bytes
    .subarray(0, 64)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
  return `${bytes.byteLength} bytes: ${start}${bytes.byteLength > 64 ? ' …' : ''}`;
}
