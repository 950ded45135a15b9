import { Message } from '../../message/message.ts';
import type { CrossOriginRequest } from './cross-origin-request.ts';
import { listed } from './listed.ts';

/** What a policy grants to one request, its templates rendered. */
export interface Permission {
  /** The origin as the client sent it; empty if it is not allowed. */
  readonly origin: string;
  readonly origins: string;
  readonly methods: string;
  readonly headers: string;
  readonly exposed: string;
  readonly credentials: boolean | undefined;
  /** Seconds. */
  readonly maxAge: number;
}

/** One word of printable ASCII. Who sends anything else is no browser, and it would end up in a header. */
const oneWord = /^[!-+\--~]+$/;

/** The request's origin if it is allowed, else empty. Origins are compared as they are written. */
export function allowedOrigin(origins: string, { origin }: CrossOriginRequest): string {
  if (!oneWord.test(origin)) return '';
  return listed(origins).some((allowed) => allowed === '*' || allowed === origin) ? origin : '';
}

/** Whether the request that a preflight asks about may be sent. */
export function accepts(
  { origin, methods, headers }: Permission,
  { method, headers: wanted }: CrossOriginRequest,
): boolean {
  return origin !== '' && includes(methods, method) && includesAll(headers, wanted);
}

function includes(allowed: string, method: string): boolean {
  return listed(allowed).some((item) => item === '*' || item === method);
}

function includesAll(allowed: string, wanted: string): boolean {
  const names = new Set(listed(allowed.toLowerCase()));
  return names.has('*') || listed(wanted.toLowerCase()).every((name) => names.has(name));
}

/** Headers of every response to a cross-origin request. Those of the target are its own affair no more. */
export function grant(message: Message, { origin, credentials, exposed }: Permission): void {
  const isAllowed = origin !== '';
  const values = {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': credentials === undefined ? '' : String(credentials),
    'Access-Control-Expose-Headers': exposed,
  };
  for (const [name, value] of Object.entries(values)) {
    if (isAllowed && value !== '') message.headers.set(name, value);
    else message.headers.remove(name);
  }
}

/** The answer to a preflight. Without an allowed origin it holds no permission. */
export function preflightResponse(permission: Permission): Message {
  const message = new Message('response');
  message.statusCode = 200;
  message.reasonPhrase = 'OK';
  grant(message, permission);
  if (permission.origin === '') return message;
  const { methods, headers, maxAge } = permission;
  if (methods !== '') message.headers.set('Access-Control-Allow-Methods', methods);
  if (headers !== '') message.headers.set('Access-Control-Allow-Headers', headers);
  message.headers.set('Access-Control-Max-Age', String(maxAge));
  return message;
}
