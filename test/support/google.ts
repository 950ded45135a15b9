import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { TokenProvider } from '../../lib/connection/google-tokens.ts';
import { createGoogleTokenProvider } from '../../lib/connection/google-tokens/impersonated-tokens.ts';
import type { Environment } from '../../lib/host/environment.ts';
import { systemClock } from '../../lib/host/clock.ts';

/** What the IAM Credentials API was asked for. */
export type TokenRequest =
  | {
      readonly kind: 'access';
      readonly scopes: readonly string[];
      readonly lifetimeSeconds: number;
    }
  | { readonly kind: 'id'; readonly audience: string; readonly includeEmail: boolean };

/** Google's part of `<Authentication>` on loopback: the metadata server and the IAM Credentials API. */
export interface LoopbackGoogle {
  readonly provider: TokenProvider;
  /** In the order they came. */
  readonly requests: readonly TokenRequest[];
  close(): Promise<void>;
}

/** The tokens that are issued, one after the other and the last for ever, or why none is. */
export type IssuedTokens = readonly string[] | { readonly failure: string };

export async function startGoogle(
  tokens: IssuedTokens,
  environment: Environment,
): Promise<LoopbackGoogle> {
  const requests: TokenRequest[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await jsonOf(request);
    const path = request.url ?? '';
    if (path.startsWith('/computeMetadata/')) {
      const identity = { access_token: 'runtime', expires_in: 3599, token_type: 'Bearer' };
      send(response, 200, identity);
      return;
    }
    requests.push(tokenRequest(path, body));
    if ('failure' in tokens) {
      send(response, 403, { error: { code: 403, message: tokens.failure } });
      return;
    }
    const token = tokens[Math.min(requests.length, tokens.length) - 1] ?? '';
    const expireTime = new Date(systemClock.now() + 3_600_000).toISOString();
    send(response, 200, { accessToken: token, expireTime, token });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const host = `127.0.0.1:${address.port}`;
  // Google's library takes the metadata server's place from here only.
  const before = process.env['GCE_METADATA_HOST'];
  process.env['GCE_METADATA_HOST'] = host;
  return {
    provider: createGoogleTokenProvider({
      environment,
      clock: systemClock,
      identity: 'metadata-server',
      endpoint: `http://${host}`,
    }),
    requests,
    async close() {
      if (before === undefined) delete process.env['GCE_METADATA_HOST'];
      else process.env['GCE_METADATA_HOST'] = before;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function tokenRequest(path: string, body: Readonly<Record<string, unknown>>): TokenRequest {
  if (path.endsWith(':generateAccessToken')) {
    const { scope, lifetime } = body;
    return {
      kind: 'access',
      scopes: Array.isArray(scope) ? scope.map(String) : [],
      lifetimeSeconds: Number.parseInt(String(lifetime), 10),
    };
  }
  const { audience, includeEmail } = body;
  return { kind: 'id', audience: String(audience), includeEmail: includeEmail === true };
}

async function jsonOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const value: unknown = text === '' ? {} : JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Metadata-Flavor': 'Google' });
  response.end(JSON.stringify(body));
}
