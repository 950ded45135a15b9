import type { TokenProvider } from './google-tokens.ts';
import type { Transport } from './transport.ts';

/** An answer of a Google API that is not a success. */
export class GoogleRefusal extends Error {
  override readonly name = 'GoogleRefusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** Whether the same request would be refused again. */
  get isFinal(): boolean {
    return this.status >= 400 && this.status < 500 && ![401, 408, 429].includes(this.status);
  }
}

export interface GoogleCall {
  readonly host: string;
  readonly path: string;
  readonly scope: string;
  /** Sent as JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

const limits = {
  connectTimeout: 5_000,
  idleTimeout: 10_000,
  total: 20_000,
  keepAlive: 60_000,
  responseBody: 1024 * 1024,
} as const;

/**
 * Posts JSON to a Google API with an access token of the deployment's service account.
 *
 * @returns the answer's JSON; undefined if there is none
 * @throws {GoogleRefusal} for a status that is no success
 * @throws {TokenError} without a token
 * @throws {TransportError} without an answer
 */
export async function postToGoogle(
  { host, path, scope, body, signal }: GoogleCall,
  { transport, tokens }: { readonly transport: Transport; readonly tokens: TokenProvider },
): Promise<unknown> {
  const token = await tokens.accessToken({ scopes: [scope], lifetimeSeconds: 3_600 });
  const response = await transport.send({
    origin: { scheme: 'https', host, port: 443 },
    method: 'POST',
    target: path,
    headers: [
      ['Host', host],
      ['Authorization', `Bearer ${token}`],
      ['Content-Type', 'application/json'],
    ],
    body: Buffer.from(JSON.stringify(body)),
    tls: undefined,
    limits,
    signal,
  });
  const text = Buffer.from(response.body).toString('utf8');
  if (response.status < 200 || response.status > 299) {
    throw new GoogleRefusal(
      response.status,
      `${host} answered ${response.status}: ${text.slice(0, 500)}`,
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
