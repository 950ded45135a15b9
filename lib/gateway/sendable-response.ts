import type { ClientResponse, StreamableBody } from '../flow/client-request.ts';
import { fieldNames, isPlainValue, listedByConnection } from '../message/field-names.ts';
import { faultResponse, unsendableResponse } from './protocol-faults.ts';

/** A response in the form in which a server takes it. */
export interface SendableResponse {
  readonly status: number;
  readonly reason: string;
  /** Names and values alternate, one character a byte. */
  readonly headers: string[];
  /** Undefined where HTTP allows no body. */
  readonly body: StreamableBody | undefined;
}

const illegalInValue = /[\0-\x08\n-\x1f\x7f]/;
const beyondLatin1 = /[^\0-\xff]/;

/** The server's business, never the message's. */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const fieldName = fieldNames(connectionHeaders);

/**
 * Puts a response into the form in which it can be sent: without hop-by-hop headers and what
 * `Connection` lists, with the length of its body, and without a body where the method or the status
 * has none. Header names keep their spelling and lines their order. What HTTP cannot carry, such as a
 * line break in a value, makes it a fault instead, which `onIllegal` is told.
 */
export function sendableResponse(
  response: ClientResponse,
  method: string,
  onIllegal: (problem: string) => void,
): SendableResponse {
  const problem = problemOf(response);
  if (problem !== undefined) {
    onIllegal(problem);
    giveUp(response.body);
    return sendable(faultResponse(unsendableResponse()), method);
  }
  return sendable(response, method);
}

function problemOf({ status, reason, headers }: ClientResponse): string | undefined {
  // A final response: an interim one would leave the client waiting.
  if (!Number.isInteger(status) || status < 200 || status > 999) return `the status ${status}`;
  if (illegalInValue.test(reason)) return 'the reason phrase';
  for (const [name, value] of headers) {
    if (!fieldName(name).isToken) return `the header name ${JSON.stringify(name.slice(0, 80))}`;
    if (!isPlainValue(value) && illegalInValue.test(value)) return `the value of header ${name}`;
  }
  return undefined;
}

function sendable({ status, reason, headers, body }: ClientResponse, method: string) {
  const listed = listedByConnection(headers);
  const wire: string[] = [];
  let declaredLength: string | undefined;
  for (const [name, value] of headers) {
    const { key, isDropped } = fieldName(name);
    if (key === 'content-length') declaredLength = value;
    if (isDropped || listed?.includes(key) === true) continue;
    wire.push(name, isPlainValue(value) ? value : oneCharacterAByte(value));
  }
  const isEmpty = status === 204 || status === 304;
  // A body that is still coming is sent in chunks.
  if (!isEmpty && body instanceof Uint8Array) {
    wire.push('Content-Length', contentLength(method, declaredLength, body.byteLength));
  }
  const hasNone = isEmpty || method === 'HEAD';
  if (hasNone) giveUp(body);
  return {
    status,
    reason: oneCharacterAByte(reason),
    headers: wire,
    body: hasNone ? undefined : body,
  };
}

/** Tells whoever gives a body that nobody will read it. */
export function giveUp(body: StreamableBody | undefined): void {
  if (body === undefined || body instanceof Uint8Array) return;
  body[Symbol.asyncIterator]()
    .return?.()
    .catch(() => undefined);
}

/** A response to HEAD tells the length of the body that it does not have. */
function contentLength(method: string, declared: string | undefined, actual: number): string {
  const tellsOther = method === 'HEAD' && actual === 0 && declared !== undefined;
  return tellsOther && /^\d{1,15}$/.test(declared) ? declared : String(actual);
}

/** What Latin-1 does not hold is sent as UTF-8, as requests to targets are. */
function oneCharacterAByte(text: string): string {
  return beyondLatin1.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}
