import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { systemClock } from '../../host/clock.ts';
import type { HeaderLines } from '../matching/compare-message.ts';
import type { Failure } from '../suite/case.ts';
import { headerPairs } from '../verify/ask.ts';
import type { RecordedRequest } from './recorded-exchange.ts';

/** An answer as it came, its content coding not undone. */
export interface ForwardedAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderLines;
  readonly body: Buffer;
}

export interface ForwardOptions {
  /** Where to; a path in it stands before every request's path. */
  readonly url: URL;
  /** Whether the Host header names who is called, or stays as it came. */
  readonly host: 'of-target' | 'kept';
  /** Milliseconds for the whole answer. */
  readonly patience: number;
  /** Bytes of the answer's body. */
  readonly largestBody: number;
}

/** Why no whole answer came. */
export class ForwardError extends Error {
  override readonly name = 'ForwardError';
  readonly failure: Failure;

  constructor(failure: Failure, message: string) {
    super(message);
    this.failure = failure;
  }
}

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The header lines that a proxy hands on; those about one connection, and about framing, stay behind. */
export function endToEnd(lines: HeaderLines): HeaderLines {
  return lines.filter(([name]) => !hopByHop.has(name.toLowerCase()));
}

/** Hands a request on. @throws {ForwardError} when no whole answer comes */
export function forward(
  { method, target, headers, body }: RecordedRequest,
  { url, host, patience, largestBody }: ForwardOptions,
): Promise<ForwardedAnswer> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const kept = endToEnd(headers).filter(
    ([name]) => host === 'kept' || name.toLowerCase() !== 'host',
  );
  const lines = [
    ...(host === 'of-target' ? ['Host', url.host] : []),
    ...kept.flat(),
    ...(body.byteLength > 0 || /^(?:post|put|patch)$/i.test(method)
      ? ['Content-Length', String(body.byteLength)]
      : []),
  ];
  return new Promise((resolve, reject) => {
    const timer = systemClock.after(patience, () => {
      sending.destroy(new ForwardError('hang', `no whole answer within ${patience} ms`));
    });
    const path = `${url.pathname.replace(/\/$/, '')}${target}`;
    const sending = send(url, {
      method,
      path,
      headers: lines,
      agent: false,
      setHost: false,
      maxHeaderSize: 1024 * 1024,
    });
    sending.once('response', (response) => {
      collect(response, largestBody).then(
        (whole) => {
          timer.cancel();
          resolve({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? '',
            headers: headerPairs(response.rawHeaders),
            body: whole,
          });
        },
        (error: unknown) => {
          sending.destroy();
          fail(error, 'cut');
        },
      );
    });
    const fail = (error: unknown, otherwise: Failure): void => {
      timer.cancel();
      if (error instanceof ForwardError) reject(error);
      else {
        const message = error instanceof Error ? error.message : String(error);
        reject(new ForwardError(failureOf(error) ?? otherwise, message));
      }
    };
    sending.once('upgrade', () => sending.destroy());
    sending.on('error', (error) => {
      fail(error, 'reset');
    });
    sending.end(body);
  });
}

async function collect(response: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit) throw new ForwardError('cut', `a body of more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function failureOf(error: unknown): Failure | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH') return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unresolvable';
  return /CERT|TLS|SSL/.test(code) ? 'tls' : undefined;
}
