/** Calls that no flow waits for. They are bounded in number, and closing waits for them. */
export interface BackgroundCalls {
  /** Takes a call over, or refuses it when too many are under way; a failure goes to `onFailure`. */
  start(call: () => Promise<void>, onFailure: (error: unknown) => void): 'started' | 'refused';
  /** Resolves when every call that was started has ended. */
  settled(): Promise<void>;
}

/** `limit` is the number of calls that may be under way at once. */
export function createBackgroundCalls(limit: number): BackgroundCalls {
  const running = new Set<Promise<void>>();
  return {
    start(call, onFailure) {
      if (running.size >= limit) return 'refused';
      const ended: Promise<void> = call()
        .catch(onFailure)
        .finally(() => running.delete(ended));
      running.add(ended);
      return 'started';
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
