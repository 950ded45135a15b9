import type { HeaderLine } from '../message/header-lines.ts';

/** Who sent a request, as the connection tells. */
export interface ClientPeer {
  readonly ip: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

/** A body in one piece, or one that is still coming; whoever does not read such a one to its end calls `return`. */
export type StreamableBody = Uint8Array | AsyncIterable<Uint8Array>;

/** A request as a client sent it. */
export interface ClientRequest {
  readonly method: string;
  /** Path and query as in the request line. */
  readonly target: string;
  /** `1.1` or `1.0`. */
  readonly version: string;
  readonly headers: readonly HeaderLine[];
  /** As received, Content-Encoding not undone; `too-big` is one that nobody took in beyond the limit. */
  readonly body: StreamableBody | 'too-big';
  readonly peer: ClientPeer;
  /** Milliseconds since 1970 when the first byte came; now unless given. */
  readonly receivedAt?: number;
  /** The variable `messageid`; a new UUID unless given. */
  readonly messageId?: string;
}

/** The response for a client. Its framing is the server's business. */
export interface ClientResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HeaderLine[];
  /** Where it is still coming, reading it throws when the target breaks off. */
  readonly body: StreamableBody;
}
