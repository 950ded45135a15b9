import { parseBasePath } from '../../../bundle/base-path.ts';
import type { Bundle } from '../../../bundle/bundle.ts';
import type { ClientRequest } from '../../../flow/client-request.ts';
import { isOfRouter } from '../compare/names.ts';
import {
  lastTold,
  type RecordedBody,
  type RecordedMessage,
  type RecordedTransaction,
} from '../session/recorded-transaction.ts';

/** What is needed to run a recorded transaction again. */
export interface RebuiltRequest {
  readonly request: ClientRequest;
  /** When it was received, in milliseconds since 1970. */
  readonly at: number;
  /** The base path that was recorded, and that of the bundle. */
  readonly recordedBasePath: string;
  readonly basePath: string;
}

const defaultTime = Date.parse('2020-01-01T00:00:00Z');

/** The client's request as the session has it, for the bundle's own base path; undefined if there is none. */
export function rebuiltRequest(
  transaction: RecordedTransaction,
  proxy: Bundle,
): RebuiltRequest | undefined {
  const message = firstRequest(transaction);
  if (message === undefined) return undefined;
  const recordedBasePath = lastTold(transaction, 'proxy.basepath') ?? '';
  const basePath = basePathOf(proxy, lastTold(transaction, 'proxy.name'));
  const at = startOf(transaction);
  const body = bytesOf(message.body);
  const headers = message.headers.filter(
    ([name]) => !isOfRouter(name) && !/^(?:content-length|transfer-encoding)$/i.test(name),
  );
  const sentLength = message.headers.some(([name]) => /^content-length$/i.test(name));
  const isHttps = /^https:/i.test(lastTold(transaction, 'proxy.url') ?? '');
  const id = lastTold(transaction, 'messageid') ?? transaction.id;
  return {
    request: {
      method: message.verb ?? 'GET',
      target: rebased(message.uri ?? '/', recordedBasePath, basePath),
      version: '1.1',
      headers: sentLength ? [...headers, ['Content-Length', String(body.byteLength)]] : headers,
      body,
      peer: {
        ip: lastTold(transaction, 'proxy.client.ip') ?? '127.0.0.1',
        port: 0,
        scheme: isHttps ? 'https' : 'http',
      },
      receivedAt: at,
      ...(id === '' ? {} : { messageId: id }),
    },
    at,
    recordedBasePath,
    basePath,
  };
}

function firstRequest({ points }: RecordedTransaction): RecordedMessage | undefined {
  for (const point of points) {
    if (point.kind !== 'info' && point.kind !== 'condition' && point.message?.kind === 'request') {
      return point.message;
    }
  }
  return undefined;
}

/** A path and query with another base path; unchanged where it does not begin with the recorded one. */
export function rebased(uri: string, recorded: string, own: string): string {
  if (recorded === own || recorded === '') return uri;
  const from = recorded === '/' ? '' : recorded;
  if (!uri.startsWith(from)) return uri;
  const rest = uri.slice(from.length);
  if (rest !== '' && !/^[/?]/.test(rest)) return uri;
  const to = own === '/' ? '' : own;
  return to === '' && !rest.startsWith('/') ? `/${rest}` : `${to}${rest}`;
}

function basePathOf({ proxyEndpoints }: Bundle, name: string | undefined): string {
  const [first] = proxyEndpoints.values();
  const endpoint = proxyEndpoints.get(name ?? '') ?? first;
  const reading = parseBasePath(endpoint?.httpProxyConnection?.basePath?.value ?? '/');
  return reading.kind === 'valid' ? reading.basePath.text : '/';
}

function startOf({ points }: RecordedTransaction): number {
  for (const point of points) {
    if (point.kind === 'state' && point.at !== undefined) return point.at;
  }
  return defaultTime;
}

export function bytesOf(body: RecordedBody | undefined): Uint8Array {
  return Buffer.from(body?.text ?? '', body?.form === 'bytes' ? 'latin1' : 'utf8');
}
