export type ConnectionFailureKind =
  /** The URL, templates resolved, is no http or https URL. */
  | 'malformed-url'
  /** Every server of the load balancer is disabled or out of rotation. */
  | 'no-server'
  /** TLS settings name a store, alias or reference that the environment does not hold. */
  | 'missing-store';

/** Why a connection could not even be tried. `message` is for the reader of a log. */
export class ConnectionError extends Error {
  readonly kind: ConnectionFailureKind;

  constructor(kind: ConnectionFailureKind, message: string) {
    super(message);
    this.name = 'ConnectionError';
    this.kind = kind;
  }
}
