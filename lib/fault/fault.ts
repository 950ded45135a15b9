/** What a fault is made of; `status` is the HTTP status of the error response, 500 unless given. */
export interface FaultInit {
  readonly code: string;
  readonly faultstring: string;
  readonly status?: number;
  /** A second, finer code that newer runtimes show in the body, such as TARGET_READ_TIMEOUT. */
  readonly reason?: string;
  /** What went wrong underneath; for logs, never shown to a client. */
  readonly cause?: unknown;
  /** How the reader of a terminal may mend it. Not part of Apigee's fault. */
  readonly hint?: string;
}

/**
 * A failure that puts a transaction into its error flow, as Apigee raises it.
 * `code` is Apigee's error code (`steps.servicecallout.ExecutionFailed`), `name` its last part, which
 * the flow variable `fault.name` shows ("What you need to know about policy errors").
 */
export class Fault extends Error {
  readonly code: string;
  readonly status: number;
  readonly faultstring: string;
  readonly reason: string | undefined;
  readonly hint: string | undefined;

  constructor({ code, faultstring, status = 500, reason, cause, hint }: FaultInit) {
    super(faultstring, cause === undefined ? undefined : { cause });
    this.name = code.slice(code.lastIndexOf('.') + 1);
    this.code = code;
    this.status = status;
    this.faultstring = faultstring;
    this.reason = reason;
    this.hint = hint;
  }
}
