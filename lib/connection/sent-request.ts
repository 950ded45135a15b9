import { isUtf8 } from 'node:buffer';
import { hostHeader } from './target-url.ts';
import { TransportError, type OutgoingRequest } from './transport.ts';
import { wireRequest } from './wire-request.ts';

/** A request as it went over the wire: names in lower case, without what concerns one connection only. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** What of a request leaves, in the form in which it leaves. */
export function sentRequest(request: OutgoingRequest): SentRequest {
  const { origin, method, body } = request;
  const { target, headers } = wireForm(request);
  return {
    method,
    url: `${origin.scheme}://${hostHeader(origin)}${target}`,
    headers,
    body: body ?? new Uint8Array(),
  };
}

function wireForm(
  request: OutgoingRequest,
): Pick<SentRequest, 'headers'> & { readonly target: string } {
  try {
    const { target, headers } = wireRequest(request);
    return { target, headers: pairs(headers) };
  } catch (error) {
    // It never left; what was asked for is then the best there is to show.
    if (!(error instanceof TransportError)) throw error;
    return { target: request.target, headers: request.headers };
  }
}

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  const lines: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    lines.push([(flat[at] ?? '').toLowerCase(), fieldText(flat[at + 1] ?? '')]);
  }
  return lines;
}

/** A value has one character a byte there; UTF-8 is shown as its text. */
function fieldText(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}
