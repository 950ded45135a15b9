import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { linesOf } from '../doubles/answers.ts';
import type { ObservedResponse } from '../matching/compare-message.ts';
import { bodyBytes } from '../suite/body.ts';
import type { RequestInit } from '../suite/case.ts';

/** The gateway under comparison could not be asked, or gave no whole answer. */
export class CandidateError extends Error {
  override readonly name = 'CandidateError';
}

export interface CandidateOptions {
  /** Its base URL; a path in it stands before every request's path. */
  readonly url: URL;
  /** Milliseconds for a whole answer. */
  readonly patience: number;
  /** Bytes of a response's body. */
  readonly largestBody: number;
}

/**
 * Sends one request to the candidate, on a connection of its own, without following redirects.
 * @throws {CandidateError} when no whole answer came in time
 */
export async function askCandidate(
  { method = 'GET', target = '/', headers, body }: RequestInit,
  { url, patience, largestBody }: CandidateOptions,
): Promise<ObservedResponse> {
  const content = body === undefined ? undefined : bodyBytes(body);
  const lines = linesOf(headers ?? {}).flatMap(([name, value]) => [name, value]);
  const names = new Set(linesOf(headers ?? {}).map(([name]) => name.toLowerCase()));
  if (!names.has('host')) lines.push('Host', url.host);
  if (content !== undefined) lines.push('Content-Length', String(content.byteLength));
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => {
      reject(new CandidateError(`${url.origin}: ${why}`));
      sending.destroy();
    };
    const timer = setTimeout(() => {
      refuse(`no whole answer within ${patience} ms`);
    }, patience);
    const sending = send(
      url,
      {
        method,
        path: `${url.pathname.replace(/\/$/, '')}${target}`,
        headers: lines,
        agent: false,
        setHost: false,
      },
      (response) => {
        collect(response, largestBody)
          .then(resolve, (error: unknown) => {
            refuse(error instanceof Error ? error.message : String(error));
          })
          .finally(() => {
            clearTimeout(timer);
          });
      },
    );
    sending.once('error', (error) => {
      clearTimeout(timer);
      refuse(error.message);
    });
    sending.end(content);
  });
}

async function collect(response: IncomingMessage, limit: number): Promise<ObservedResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit) throw new Error(`a body of more than ${limit} bytes`);
    chunks.push(chunk);
  }
  const coding = response.headers['content-encoding'];
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? '',
    headers: pairs(response.rawHeaders),
    body: decoded(Buffer.concat(chunks), coding, limit),
  };
}

/** A body that is not what its header says stays as it came. */
function decoded(body: Buffer, coding: string | undefined, limit: number): Buffer {
  const options = { maxOutputLength: limit };
  try {
    if (coding === 'gzip') return gunzipSync(body, options);
    if (coding === 'deflate') return inflateSync(body, options);
    if (coding === 'br') return brotliDecompressSync(body, options);
  } catch (error) {
    if (error instanceof RangeError) throw new Error(`a body of more than ${limit} bytes`);
  }
  return body;
}

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return flat.flatMap((name, index) =>
    index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : [],
  );
}
