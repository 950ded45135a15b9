/** Exit codes of every command. */
export const exitCode = {
  done: 0,
  /** The thing under test failed: a fault, a failed check, a difference. */
  failed: 1,
  /** Wrong use, or input that cannot be read. */
  unusable: 2,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Wrong use or unreadable input: one line for stderr, and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
