/** What a client's request may cost, in bytes. Apigee's documented limits unless given ("Limits"). */
export interface RequestLimits {
  /** Method, target and version. */
  readonly requestLine: number;
  /** All header lines. */
  readonly headers: number;
}

export const defaultRequestLimits: RequestLimits = {
  requestLine: 10 * 1024,
  headers: 60 * 1024,
};
