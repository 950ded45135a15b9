/** Bounds on what one part of a session may cost. */
export const sessionLimits = {
  /** Characters of one transaction as written in the file. */
  transaction: 32 * 1024 ** 2,
  /** Characters of what stands around the transactions, such as the session's head. */
  head: 1024 ** 2,
  /** Points of one transaction. */
  points: 20_000,
  /** Headers of one message that are kept. */
  headers: 1_000,
} as const;
