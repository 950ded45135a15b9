import { promisify } from 'node:util';
import {
  deflate,
  gunzip,
  gunzipSync,
  gzip,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { TransportError } from './transport.ts';

const compressors = { gzip: promisify(gzip), deflate: promisify(deflate) };
const gunzipped = promisify(gunzip);
const inflated = promisify(inflate);
const inflatedRaw = promisify(inflateRaw);

/** Up to here a body is inflated in place: cheaper than a trip to the thread pool. */
const inPlace = 16 * 1024;
const mostCodings = 5;

/** Compresses a body for a `Content-Encoding` of that name. */
export async function encodeBody(
  body: Uint8Array,
  coding: 'gzip' | 'deflate',
): Promise<Uint8Array> {
  return compressors[coding](body);
}

/**
 * Undoes gzip and deflate (zlib or raw) from the last coding of the list backwards, up to the
 * first coding of another name; what is left stays as it is.
 *
 * @param contentEncoding the header's value; several lines joined by commas
 * @param limit most bytes that any layer may grow to
 * @throws {TransportError} `undecodable` for wrong data, `too-large` beyond the limit
 */
export async function decodeBody(
  body: Uint8Array,
  contentEncoding: string,
  limit: number,
): Promise<Uint8Array> {
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > mostCodings) {
    throw new TransportError('undecodable', `The body has ${codings.length} content codings`);
  }
  let decoded = body;
  for (const coding of codings.reverse()) {
    if (coding === 'gzip' || coding === 'x-gzip') decoded = await ungzip(decoded, limit);
    else if (coding === 'deflate') decoded = await undeflate(decoded, limit);
    else break;
  }
  return decoded;
}

async function ungzip(data: Uint8Array, limit: number): Promise<Uint8Array> {
  const options = { maxOutputLength: Math.max(limit, 1) };
  try {
    return data.byteLength <= inPlace ? gunzipSync(data, options) : await gunzipped(data, options);
  } catch (error) {
    throw decodingFailure('gzip', limit, error);
  }
}

async function undeflate(data: Uint8Array, limit: number): Promise<Uint8Array> {
  const options = { maxOutputLength: Math.max(limit, 1) };
  const small = data.byteLength <= inPlace;
  if (hasZlibHeader(data)) {
    try {
      return small ? inflateSync(data, options) : await inflated(data, options);
    } catch (error) {
      // A raw stream may begin like a zlib header by chance, so only size ends the matter here.
      if (isTooLarge(error)) throw decodingFailure('deflate', limit, error);
    }
  }
  try {
    return small ? inflateRawSync(data, options) : await inflatedRaw(data, options);
  } catch (error) {
    throw decodingFailure('deflate', limit, error);
  }
}

function hasZlibHeader(data: Uint8Array): boolean {
  const [method = 0, flags = 0] = data;
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function decodingFailure(coding: string, limit: number, error: unknown): TransportError {
  return isTooLarge(error)
    ? new TransportError('too-large', `The body grows beyond ${limit} bytes when decoded`, error)
    : new TransportError('undecodable', `The body is not ${coding} data`, error);
}
