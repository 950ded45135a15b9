import type { OutgoingRequest } from '../../../lib/connection/transport.ts';
import { TransportError } from '../../../lib/connection/transport.ts';

export const limits = {
  connectTimeout: 3_000,
  idleTimeout: 5_000,
  keepAlive: 60_000,
  responseBody: 1024 * 1024,
};

/** A plain GET to a port of this machine, with what a test wants different. */
export function requestTo(port: number, changes: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return {
    origin: { scheme: 'http', host: '127.0.0.1', port },
    method: 'GET',
    target: '/',
    headers: [['Host', 'up.test']],
    body: null,
    tls: undefined,
    limits,
    signal: undefined,
    ...changes,
  };
}

/** How a request ended: `kind` of the TransportError, `answered`, or the unexpected error's text. */
export async function outcome(sending: Promise<unknown>): Promise<string> {
  try {
    await sending;
    return 'answered';
  } catch (error) {
    return error instanceof TransportError ? error.kind : `unexpected: ${String(error)}`;
  }
}
