import type { Fault } from '../../fault/fault.ts';
import type { HeaderLines, ObservedCall, ObservedResponse } from '../matching/compare-message.ts';
import type { Failure } from '../suite/case.ts';

/** One request of a client, and everything that came of it. */
export interface RecordedExchange {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly request: RecordedRequest;
  readonly response: ObservedResponse;
  /** In the order in which they left. */
  readonly calls: readonly RecordedCall[];
  /** What the interpreter knows of it; undefined for another gateway. */
  readonly inside: InsideNotes | undefined;
}

export interface RecordedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

export interface RecordedCall {
  readonly call: ObservedCall;
  readonly answer: RecordedAnswer;
}

export type RecordedAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly reason: string;
      readonly headers: HeaderLines;
      /** Without its content coding. */
      readonly body: Uint8Array;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface InsideNotes {
  readonly steps: readonly string[];
  readonly fault: Fault | undefined;
  readonly faultRule: string | undefined;
  /** Values of `private.*` variables, which nobody may see. */
  readonly secrets: readonly string[];
}
