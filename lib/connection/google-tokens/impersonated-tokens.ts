import type { AuthClient } from 'google-auth-library';
import type { Clock } from '../../host/clock.ts';
import type { Environment } from '../../host/environment.ts';
import { TokenError, type TokenProvider } from '../google-tokens.ts';
import { createTokenCache, type MintedToken } from './token-cache.ts';
import { identityErrorOf, tokenErrorOf } from './token-error.ts';

/**
 * Where the runtime's own identity comes from: Google's application default credentials (a key file, the
 * user's gcloud login, then the metadata server), or the metadata server and nothing else.
 */
export type RuntimeIdentity = 'application-default' | 'metadata-server';

export interface GoogleTokenOptions {
  readonly environment: Pick<Environment, 'serviceAccount'>;
  readonly clock: Clock;
  readonly identity?: RuntimeIdentity;
  /** Origin of the IAM Credentials API; Google's own unless given. */
  readonly endpoint?: string;
  /** How long one token may take; 20 seconds unless given. */
  readonly timeoutMilliseconds?: number;
  /** Most tokens kept; 1,000 unless given. */
  readonly cacheCapacity?: number;
}

/**
 * Gives tokens of the deployment's service account, which the runtime's own identity impersonates through
 * the IAM Credentials API, as Apigee does. That identity needs `roles/iam.serviceAccountTokenCreator`
 * on the account. Tokens are kept until a minute before they expire. Google's library is loaded with the
 * first request.
 */
export function createGoogleTokenProvider(options: GoogleTokenOptions): TokenProvider {
  const { clock, endpoint, timeoutMilliseconds = 20_000 } = options;
  const cache = createTokenCache(clock, options.cacheCapacity ?? 1_000);
  let identity: Promise<AuthClient> | undefined;

  /** The runtime's own identity, with a token of its own; found once, unless finding it fails. */
  async function runtimeIdentity(): Promise<AuthClient> {
    identity ??= findIdentity(options.identity ?? 'application-default', timeoutMilliseconds);
    const found = identity;
    try {
      const client = await found;
      await client.getAccessToken();
      return client;
    } catch (error) {
      if (identity === found) identity = undefined;
      throw identityErrorOf(error);
    }
  }

  async function impersonate<T>(
    account: string,
    use: (targets: Targets) => Promise<T>,
    mode: { readonly targetScopes: string[]; readonly lifetime: number },
  ): Promise<T> {
    const sourceClient = await runtimeIdentity();
    const { Impersonated } = await import('google-auth-library');
    const client = new Impersonated({
      sourceClient,
      targetPrincipal: account,
      ...mode,
      ...(endpoint === undefined ? {} : { endpoint }),
    });
    try {
      return await use(client);
    } catch (error) {
      const secrets = [sourceClient.credentials.access_token, client.credentials.access_token];
      throw tokenErrorOf(error, secrets);
    }
  }

  function get(kind: string, details: unknown, mint: (account: string) => Promise<MintedToken>) {
    const account = options.environment.serviceAccount;
    if (account === undefined || account === '') {
      const message =
        'The deployment has no service account. Give the environment a "serviceAccount".';
      return Promise.reject(new TokenError('no-service-account', message));
    }
    const key = JSON.stringify([account, kind, details]);
    return cache.get(key, () => within(timeoutMilliseconds, clock, mint(account)));
  }

  return {
    accessToken({ scopes, lifetimeSeconds }) {
      const sorted = [...new Set(scopes)].sort();
      return get('access', [sorted, lifetimeSeconds], (account) =>
        impersonate(
          account,
          async (client) => {
            const { token } = await client.getAccessToken();
            const expiresAt = client.credentials.expiry_date;
            return { token: checkedToken(token), expiresAt: finite(expiresAt) };
          },
          { targetScopes: sorted, lifetime: lifetimeSeconds },
        ),
      );
    },
    idToken({ audience, includeEmail }) {
      return get('id', [audience, includeEmail], (account) =>
        impersonate(
          account,
          async (client) => {
            const token = checkedToken(await client.fetchIdToken(audience, { includeEmail }));
            return { token, expiresAt: expiryOf(token) };
          },
          { targetScopes: [], lifetime: 3600 },
        ),
      );
    },
  };
}

/** What is used of the library's client. */
interface Targets {
  getAccessToken(): Promise<{ token?: string | null }>;
  fetchIdToken(audience: string, options: { includeEmail: boolean }): Promise<string>;
  readonly credentials: { readonly expiry_date?: number | null };
}

async function findIdentity(kind: RuntimeIdentity, timeout: number): Promise<AuthClient> {
  const { Compute, GoogleAuth } = await import('google-auth-library');
  // Bounds the socket as well as the wait: the library's requests cannot be aborted one by one.
  const clientOptions = { transporterOptions: { timeout } };
  if (kind === 'metadata-server') return new Compute(clientOptions);
  const scopes = 'https://www.googleapis.com/auth/cloud-platform';
  return new GoogleAuth({ clientOptions, scopes }).getClient();
}

/** The result, or a failure once the time is over; what comes later is dropped. */
async function within<T>(milliseconds: number, clock: Clock, result: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(milliseconds, () => {
      reject(new TokenError('timeout', `Google gave no token within ${milliseconds} ms.`));
    });
    result.then(resolve, reject).finally(() => {
      timer.cancel();
    });
  });
}

/** @throws {TokenError} if it could not stand in a header */
function checkedToken(token: unknown): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new TokenError('malformed', "Google's answer holds no usable token.");
}

function finite(time: number | null | undefined): number | undefined {
  return typeof time === 'number' && Number.isFinite(time) ? time : undefined;
}

/** When an ID token ends, by its own `exp` claim. */
function expiryOf(token: string): number | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    const claims: unknown = JSON.parse(payload);
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return undefined;
    return typeof claims.exp === 'number' ? finite(claims.exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}
