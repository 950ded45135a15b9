/** CONTRACT SKETCH: the transport room replaces and extends this. */

export interface Origin {
  readonly scheme: 'http' | 'https';
  /** Host name or address literal, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** TLS as one connection needs it: stores already resolved to PEM. */
export interface TlsSettings {
  readonly certificateAuthorities: readonly string[] | undefined;
  readonly clientKey?: {
    readonly key: string;
    readonly certificate: string;
    readonly passphrase?: string;
  };
  readonly verification: 'verify' | 'ignore';
  readonly ciphers: readonly string[];
  readonly protocols: readonly string[];
  readonly commonName?: { readonly name: string; readonly wildcard: 'exact' | 'wildcard' };
}

/** Milliseconds and bytes. */
export interface TransportLimits {
  readonly connectTimeout: number;
  /** Longest gap without a byte in either direction. */
  readonly idleTimeout: number;
  /** How long an unused connection stays open. */
  readonly keepAlive: number;
  readonly responseBody: number;
}

export interface OutgoingRequest {
  readonly origin: Origin;
  readonly method: string;
  /** Path and query, starting with `/`. */
  readonly target: string;
  /** In order, names as spelled; Host included. Framing headers are the transport's own. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | null;
  readonly tls: TlsSettings | undefined;
  readonly limits: TransportLimits;
  /** Aborted when the caller gives up; the socket is then destroyed. */
  readonly signal: AbortSignal | undefined;
}

export interface IncomingResponse {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Content-Encoding undone where it is gzip or deflate. */
  readonly body: Uint8Array;
}

export type TransportFailureKind =
  | 'unreachable'
  | 'connect-timeout'
  | 'tls'
  | 'forbidden'
  | 'idle-timeout'
  | 'aborted'
  | 'broken'
  | 'too-large'
  | 'undecodable'
  | 'illegal-request';

/** Why no whole response came. `cause` holds the error underneath. */
export class TransportError extends Error {
  readonly kind: TransportFailureKind;

  constructor(kind: TransportFailureKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TransportError';
    this.kind = kind;
  }
}

export interface Transport {
  /** @throws {TransportError} when no whole response came */
  send(request: OutgoingRequest): Promise<IncomingResponse>;
  close(): Promise<void>;
}
