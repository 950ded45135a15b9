import { fieldNames, isPlainValue, listedByConnection } from '../message/field-names.ts';
import { TransportError, type StreamableRequest } from './transport.ts';
import { hostHeader } from './target-url.ts';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// Everything that RFC 9110 keeps out of a field value; TAB and obs-text are allowed.

const illegalInValue = /[\0-\x08\n-\x1f\x7f]/;
const beyondLatin1 = /[^\0-\xff]/;

const illegalInTarget = /[\0-\x1f\x7f]/;
const needsEncoding = /[^!"$-~]/;
const encodable = /[^!"$-~]+/g;

/** Framing and hop-by-hop headers: the connection's business, never the message's. */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const fieldName = fieldNames(connectionHeaders);

/** A request in the form undici writes: names and values alternate, one character a byte. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: string[];
  readonly body: StreamableRequest['body'];
}

/**
 * Checks a request and puts it in the form in which it can be written.
 *
 * @throws {TransportError} of kind `illegal-request` for what could break the wire
 */
export function wireRequest(request: StreamableRequest): WireRequest {
  return {
    method: wireMethod(request.method),
    target: wireTarget(request.target),
    headers: wireHeaders(request.headers, hostHeader(request.origin)),
    body: request.body instanceof Uint8Array && request.body.byteLength === 0 ? null : request.body,
  };
}

export function wireMethod(method: string): string {
  if (!token.test(method)) {
    throw illegal(`The method ${quoted(method)} is not an HTTP token`);
  }
  // CONNECT turns the connection into a tunnel, whatever the case a server accepts it in.
  if (method.toUpperCase() === 'CONNECT') throw illegal('The method CONNECT cannot be sent');
  return method;
}

/**
 * A path with its query as it goes into the request line. Spaces, `#` and what is not ASCII are
 * percent-encoded (as UTF-8); every other visible character stays as it is, `..` and `%2e` too.
 */
export function wireTarget(target: string): string {
  if (!target.startsWith('/')) {
    throw illegal(`The request target ${quoted(target)} does not start with a slash`);
  }
  if (illegalInTarget.test(target)) {
    throw illegal(`The request target ${quoted(target)} holds a control character`);
  }
  return needsEncoding.test(target) ? target.replace(encodable, percentEncoded) : target;
}

/**
 * The message's headers without those that belong to the connection: hop-by-hop headers, what
 * `Connection` lists, Content-Length and Expect. A value that fits in Latin-1 is sent one byte a
 * character; any other is sent as UTF-8.
 *
 * @param host used if no line is a Host header
 * @returns names and values, alternating, one character a byte
 */
export function wireHeaders(
  lines: readonly (readonly [name: string, value: string])[],
  host: string,
): string[] {
  const listed = listedByConnection(lines);
  const wire: string[] = [];
  let hosts = 0;
  for (const [name, value] of lines) {
    const { key, isToken, isDropped } = fieldName(name);
    if (!isToken) throw illegal(`The header name ${quoted(name)} is not an HTTP token`);
    const isPlain = isPlainValue(value);
    if (!isPlain && illegalInValue.test(value)) {
      throw illegal(`The value of header ${name} holds a control character`);
    }
    if (key === 'host') {
      hosts += 1;
      if (hosts > 1) throw illegal('There is more than one Host header');
    } else if (isDropped || listed?.includes(key) === true) continue;
    wire.push(name, isPlain ? value : oneCharacterAByte(value));
  }
  if (hosts === 0) wire.unshift('Host', host);
  return wire;
}

function oneCharacterAByte(text: string): string {
  return beyondLatin1.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

function percentEncoded(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

function illegal(message: string): TransportError {
  return new TransportError('illegal-request', message);
}

/** Safe to print: JSON escapes what a terminal or a log line must not see. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}
