/** Where the runtime tells its operator what no flow can see, such as a failed fire-and-forget call. */
export interface Log {
  /** What is no trouble: the messages of MessageLogging policies. Left out, nobody is told. */
  info?(details: Readonly<Record<string, unknown>>, message: string): void;
  warn(details: Readonly<Record<string, unknown>>, message: string): void;
  error(details: Readonly<Record<string, unknown>>, message: string): void;
}

export const silentLog: Log = {
  warn() {
    // A host that wants to know gives its own log.
  },
  error() {
    // As above.
  },
};
