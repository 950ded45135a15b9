import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { systemClock } from '../../host/clock.ts';
import { linesOf } from '../doubles/answers.ts';
import type { HeaderLines, ObservedResponse } from '../matching/compare-message.ts';
import { bodyBytes } from '../suite/body.ts';
import type { RequestInit } from '../suite/case.ts';

/** What came of one request. */
export type Exchange =
  | {
      readonly kind: 'answered';
      readonly response: ObservedResponse;
      /** From sending to the last byte of the answer. */
      readonly milliseconds: number;
    }
  | {
      readonly kind: 'unanswered';
      readonly trouble: Trouble;
      /** As a sentence that begins in lower case. */
      readonly message: string;
    };

/**
 * Why no whole answer came: nobody listens, nothing whole in time, the connection ended early, something
 * that is no HTTP, or more than is kept. `unsendable` is the request's own fault.
 */
export type Trouble = 'refused' | 'silent' | 'cut' | 'garbage' | 'too-long' | 'unsendable';

export interface AskOptions {
  /** Base URL of a gateway; a path in it stands before every request's path. */
  readonly url: URL;
  /** Host header of requests that have none of their own. */
  readonly host: string;
  /** Milliseconds for a whole answer. */
  readonly patience: number;
  /** Bytes of a response's body. */
  readonly largestBody: number;
}

/** Sends one request, on a connection of its own, without following redirects. Never rejects. */
export function ask(request: RequestInit, options: AskOptions): Promise<Exchange> {
  const { url, patience, largestBody } = options;
  const { method = 'GET', target = '/', body } = request;
  const content = body === undefined ? undefined : bodyBytes(body);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const started = systemClock.nanoseconds();
  return new Promise((resolve) => {
    const fail = (trouble: Trouble, message: string): void => {
      timer.cancel();
      resolve({ kind: 'unanswered', trouble, message });
    };
    const timer = systemClock.after(patience, () => {
      fail('silent', `it gave no whole answer within ${patience} ms`);
      if (!(sending instanceof Error)) sending.destroy();
    });
    const sending = begun(() =>
      send(url, {
        method,
        path: `${url.pathname.replace(/\/$/, '')}${target}`,
        headers: requestLines(request, options, content),
        agent: false,
        setHost: false,
        maxHeaderSize: 1024 * 1024,
      }),
    );
    if (sending instanceof Error) {
      fail('unsendable', `the request cannot be sent: ${sending.message}`);
      return;
    }
    sending.once('response', (response) => {
      collect(response, largestBody).then(
        (observed) => {
          timer.cancel();
          const milliseconds = (systemClock.nanoseconds() - started) / 1e6;
          resolve({ kind: 'answered', response: observed, milliseconds });
        },
        (error: unknown) => {
          if (error instanceof TooLong) fail('too-long', error.message);
          else fail(...troubleOf(error));
          sending.destroy();
        },
      );
    });
    const switched = (_: unknown, socket: { destroy(): void }): void => {
      socket.destroy();
      fail('garbage', 'it switched to a protocol that nobody asked for');
    };
    sending.once('upgrade', switched).once('connect', switched);
    sending.on('error', (error) => {
      fail(...troubleOf(error));
    });
    sending.end(content);
  });
}

class TooLong extends Error {}

/** Node refuses headers and paths that HTTP does not have by throwing. */
function begun<Value>(begin: () => Value): Value | Error {
  try {
    return begin();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function requestLines(
  { headers = {} }: RequestInit,
  { host }: AskOptions,
  content: Buffer | undefined,
): string[] {
  const lines = linesOf(headers);
  const names = new Set(lines.map(([name]) => name.toLowerCase()));
  const isFramed = names.has('content-length') || names.has('transfer-encoding');
  return [
    ...(names.has('host') ? [] : ['Host', host]),
    ...lines.flat(),
    ...(content === undefined || isFramed ? [] : ['Content-Length', String(content.byteLength)]),
  ];
}

function troubleOf(error: unknown): readonly [Trouble, string] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  if (code.startsWith('HPE_')) return ['garbage', `it answered what is no HTTP: ${message}`];
  if (['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'].includes(code))
    return ['refused', `nobody listens there: ${message || code}`];
  return ['cut', `the connection ended before its answer was whole: ${message || code}`];
}

async function collect(response: IncomingMessage, limit: number): Promise<ObservedResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit) throw new TooLong(`its answer has a body of more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? '',
    headers: headerPairs(response.rawHeaders),
    body: decoded(Buffer.concat(chunks), response.headers['content-encoding'], limit),
  };
}

/** A body that is not what its header says stays as it came. */
export function decoded(body: Buffer, coding: string | undefined, limit: number): Buffer {
  const options = { maxOutputLength: limit };
  try {
    switch ((coding ?? '').trim().toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(body, options);
      case 'deflate':
        return inflateSync(body, options);
      case 'br':
        return brotliDecompressSync(body, options);
      default:
        return body;
    }
  } catch (error) {
    if (error instanceof RangeError)
      throw new TooLong(`its answer unpacks to a body of more than ${limit} bytes`);
    return body;
  }
}

/** The lines of a head as node has them: name, value, name, value. */
export function headerPairs(flat: readonly string[]): HeaderLines {
  return flat.flatMap((name, index) =>
    index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : [],
  );
}
