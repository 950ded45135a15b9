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
  const listed = connectionOptions(lines);
  const wire: string[] = [];
  let hosts = 0;
  for (const [name, value] of lines) {
    if (!token.test(name)) throw illegal(`The header name ${quoted(name)} is not an HTTP token`);
    if (illegalInValue.test(value)) {
      throw illegal(`The value of header ${name} holds a control character`);
    }
    const key = name.toLowerCase();
    if (key === 'host') {
      hosts += 1;
      if (hosts > 1) throw illegal('There is more than one Host header');
    } else if (
      connectionHeaders.has(key) ||
      key.startsWith('proxy-') ||
      listed?.has(key) === true
    ) {
      continue;
    }
    wire.push(
      name,
      beyondLatin1.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value,
    );
  }
  if (hosts === 0) wire.unshift('Host', host);
  return wire;
}

/** What the message's Connection lines name, lower case; Host can never be dropped that way. */
function connectionOptions(
  lines: readonly (readonly [name: string, value: string])[],
): Set<string> | undefined {
  let listed: Set<string> | undefined;
  for (const [name, value] of lines) {
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    listed ??= new Set();
    for (const option of value.split(',')) listed.add(option.trim().toLowerCase());
  }
  return listed;
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
