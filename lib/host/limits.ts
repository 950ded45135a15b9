/** Bounds on what one input may cost. Sizes are bytes unless the name says otherwise. */
export interface Limits {
  /** Fire-and-forget callouts under way at once; one more is refused. */
  readonly backgroundCalls: number;
  /**
   * Steps that one regular expression match may take before it is given up; some 50 milliseconds of a
   * processor at the default.
   */
  readonly regexSteps: number;
  /** Milliseconds that a script may run without waiting, whatever its policy's timeLimit says. */
  readonly scriptMilliseconds: number;
  /** Memory of one running script. */
  readonly scriptMemory: number;
  /** Nested calls through LocalTargetConnection. */
  readonly localDepth: number;
  /** A response's header block. Apigee's documented limit is 60 KB ("Limits"). */
  readonly responseHeaders: number;
}

export const defaultLimits: Limits = {
  backgroundCalls: 1_000,
  regexSteps: 500_000,
  scriptMilliseconds: 10_000,
  scriptMemory: 64 * 1024 * 1024,
  localDepth: 10,
  responseHeaders: 60 * 1024,
};
