import type { Peer } from './peer.ts';

/** Where one connection leads. */
export interface Origin {
  readonly scheme: 'http' | 'https';
  /** Host name in lower case, or address literal without brackets. */
  readonly host: string;
  readonly port: number;
}

/** TLS as one connection needs it: stores already resolved to PEM. */
export interface TlsSettings {
  /** Trusted instead of the platform's own list; undefined means the platform's. */
  readonly certificateAuthorities: readonly string[] | undefined;
  readonly clientKey?: {
    readonly key: string;
    readonly certificate: string;
    readonly passphrase?: string;
  };
  readonly verification: 'verify' | 'ignore';
  /** IANA (Java) or OpenSSL names; empty means all. */
  readonly ciphers: readonly string[];
  /** `TLSv1` to `TLSv1.3`; empty means all. */
  readonly protocols: readonly string[];
  /** Checked against the certificate's CN and DNS names instead of the host. */
  readonly commonName?: { readonly name: string; readonly wildcard: 'exact' | 'wildcard' };
}

/** A proxy between this machine and the targets ("Configuring forward proxies"). */
export interface ForwardProxy {
  readonly host: string;
  readonly port: number;
  /** `https` always goes through a CONNECT tunnel; `http` only with `always`. */
  readonly tunnel: 'always' | 'https-only';
}

/** Milliseconds and bytes. A time of 0 means no limit. */
export interface TransportLimits {
  /** Name lookup, TCP and TLS handshake together. */
  readonly connectTimeout: number;
  /** Longest gap without a byte in either direction. */
  readonly idleTimeout: number;
  /** From the call to the last byte of the body, or to the headers if it is streamed; fails as `idle-timeout` too. */
  readonly total?: number | undefined;
  /** How long an unused connection stays open; 0 closes it at once. */
  readonly keepAlive: number;
  /** The body as received, and again after Content-Encoding is undone. */
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
  readonly proxy?: ForwardProxy | undefined;
  readonly limits: TransportLimits;
  /** Aborted when the caller gives up; the socket is then destroyed. */
  readonly signal: AbortSignal | undefined;
}

/** A request whose body may still be coming; then it is sent as it comes, chunked, and cannot be sent again. */
export type StreamableRequest = Omit<OutgoingRequest, 'body'> & {
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
};

/** What comes before a response's body. */
export interface ResponseHead {
  readonly status: number;
  /** As sent; may be empty. */
  readonly reason: string;
  /** `1.1` or `1.0`. */
  readonly version: string;
  /** In order, names as spelled, one entry a line. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Unknown where no connection was needed. */
  readonly peer?: Peer | undefined;
  /** When its headers were in, in milliseconds since 1970. */
  readonly startedAt?: number | undefined;
}

export interface IncomingResponse extends ResponseHead {
  /** Content-Encoding undone where it is gzip or deflate. */
  readonly body: Uint8Array;
  /** The body as received, where its Content-Encoding was undone. */
  readonly encodedBody?: Uint8Array;
  /** Unknown where no connection was needed. */
  readonly peer?: Peer | undefined;
  /** When its headers were in, in milliseconds since 1970. */
  readonly startedAt?: number | undefined;
}

/** A response whose body is still coming. */
export interface StreamedResponse extends ResponseHead {
  /**
   * The body as it arrives, its Content-Encoding not undone. To be read once, by one reader, and to the
   * end: whoever stops early must call the iterator's `return`, as leaving a `for await` does, which
   * closes the connection. Nothing is read from the wire while too much of it waits for the reader.
   * Reading throws a TransportError when the response breaks off.
   */
  readonly body: AsyncIterable<Uint8Array>;
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

/** A place that only has to accept a connection. */
export type ReachRequest = Pick<OutgoingRequest, 'origin' | 'proxy' | 'signal'> & {
  /** Milliseconds for name lookup and TCP handshake; 0 means no limit. */
  readonly connectTimeout: number;
};

/** One request out, one whole response back. Redirects are never followed. */
export interface Transport {
  /** @throws {TransportError} when no whole response came */
  send(request: OutgoingRequest): Promise<IncomingResponse>;
  /**
   * As `send`, but answers once the headers are in. The body may be of any size.
   * @throws {TransportError} when no response came
   */
  stream(request: StreamableRequest): Promise<StreamedResponse>;
  /**
   * Opens a TCP connection, without TLS whatever the scheme, and closes it again.
   * @throws {TransportError} when it cannot be opened
   */
  reach(request: ReachRequest): Promise<void>;
  /** Finishes what is in flight, then closes every connection. */
  close(): Promise<void>;
}
