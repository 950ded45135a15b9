import { contentTypeOf } from './body.ts';
import type { RequestInit } from './case.ts';

/** A request in full: its query in the target, and the Content-Type that its body's format implies. */
export function requestParts(request: string | RequestInit): RequestInit {
  if (typeof request === 'string') return requestLine(request);
  const { query, ...rest } = request;
  const type = rest.body === undefined ? undefined : contentTypeOf(rest.body);
  const names = Object.keys(rest.headers ?? {}).map((name) => name.toLowerCase());
  const isTyped = type === undefined || names.includes('content-type');
  const target = withQuery(rest.target ?? '/', query ?? {});
  const method = rest.method ?? (rest.body === undefined ? 'GET' : 'POST');
  return {
    ...rest,
    method,
    target,
    ...(isTyped ? {} : { headers: { 'Content-Type': type, ...rest.headers } }),
  };
}

/** `GET /orders?id=1`, or a target alone. */
function requestLine(text: string): RequestInit {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  return rest.length === 0 && first.startsWith('/')
    ? { method: 'GET', target: first }
    : { method: first, target: rest.join(' ') || '/' };
}

function withQuery(target: string, query: NonNullable<RequestInit['query']>): string {
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) {
    for (const value of typeof values === 'string' ? [values] : values)
      parameters.append(name, value);
  }
  const text = parameters.toString().replaceAll('+', '%20');
  if (text === '') return target;
  return `${target}${target.includes('?') ? '&' : '?'}${text}`;
}
