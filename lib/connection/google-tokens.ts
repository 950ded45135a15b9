/** An OAuth 2.0 access token for a callout's `<GoogleAccessToken>`. */
export interface AccessTokenRequest {
  readonly scopes: readonly string[];
  readonly lifetimeSeconds: number;
}

/** An OpenID Connect token for a callout's `<GoogleIDToken>`. */
export interface IdTokenRequest {
  readonly audience: string;
  readonly includeEmail: boolean;
}

/** Gives the tokens that `<Authentication>` sends ("Using Google authentication"). */
export interface TokenProvider {
  /** @throws {TokenError} */
  accessToken(request: AccessTokenRequest): Promise<string>;
  /** @throws {TokenError} */
  idToken(request: IdTokenRequest): Promise<string>;
}

export type TokenFailure =
  /** The deployment names no service account. */
  | 'no-service-account'
  /** The runtime has no identity of its own: no metadata server, no default credentials. */
  | 'no-identity'
  /** Google refused: a role, the API or the account is missing, or a scope is wrong. */
  | 'refused'
  /** An answer that is no token. */
  | 'malformed'
  /** Nothing came in time. */
  | 'timeout'
  /** No connection, or a failure on Google's side. */
  | 'unavailable';

/** Why there is no token. Its message never holds one. */
export class TokenError extends Error {
  readonly kind: TokenFailure;
  /** HTTP status of the answer, if one came. */
  readonly status: number | undefined;

  constructor(kind: TokenFailure, message: string, status?: number) {
    super(message);
    this.name = 'TokenError';
    this.kind = kind;
    this.status = status;
  }
}

/** Gives the same text for every request: offline runs and tests. */
export function fixedTokenProvider(token: string): TokenProvider {
  return {
    accessToken: () => Promise.resolve(token),
    idToken: () => Promise.resolve(token),
  };
}
