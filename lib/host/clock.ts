/** A timer that was set; `cancel` is harmless after it fired. */
export interface Timer {
  cancel(): void;
}

/** Time, as the runtime sees it. Tests and replays give a clock of their own. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. */
  now(): number;
  /** Nanoseconds from an arbitrary start; never goes back. For durations only. */
  nanoseconds(): number;
  /** Calls `run` once, `milliseconds` from now, and does not by itself keep the process alive. */
  after(milliseconds: number, run: () => void): Timer;
}

export const systemClock: Clock = {
  // The one place that reads the machine's clock.
  // eslint-disable-next-line no-restricted-syntax
  now: () => Date.now(),
  nanoseconds: () => Math.round(performance.now() * 1e6),
  after(milliseconds, run) {
    const handle = setTimeout(run, milliseconds);
    handle.unref();
    return {
      cancel() {
        clearTimeout(handle);
      },
    };
  },
};
