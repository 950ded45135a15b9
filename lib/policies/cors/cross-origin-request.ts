import type { Message } from '../../message/message.ts';

/** A request that a script of another origin makes, or asks leave to make. */
export interface CrossOriginRequest {
  readonly type: 'ACTUAL' | 'PRE_FLIGHT';
  readonly origin: string;
  /** Of the request that a preflight asks about; empty for others, as is `headers`. */
  readonly method: string;
  readonly headers: string;
}

/** Undefined for a request without an Origin: it is none. */
export function crossOriginRequest(request: Message | undefined): CrossOriginRequest | undefined {
  const origin = request?.headers.text('origin');
  if (request === undefined || origin === undefined) return undefined;
  const method = request.headers.text('access-control-request-method');
  if (method === undefined || request.verb?.toUpperCase() !== 'OPTIONS') {
    return { type: 'ACTUAL', origin, method: '', headers: '' };
  }
  const headers = request.headers.text('access-control-request-headers') ?? '';
  return { type: 'PRE_FLIGHT', origin, method, headers };
}
