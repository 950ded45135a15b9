import type { Location } from '../../../diagnostic/location.ts';

/** What a session says of itself; empty where it does not. */
export interface SessionHead {
  readonly organization: string;
  readonly environment: string;
  readonly proxy: string;
  readonly revision: string;
}

/** One transaction of a debug session, whatever form it was written in. */
export interface RecordedTransaction {
  readonly id: string;
  readonly place: Location;
  /** `cut off` if the session was saved while the transaction was under way. */
  readonly extent: 'whole' | 'cut off';
  readonly points: readonly RecordedPoint[];
}

/** Something that happened. `at` is in milliseconds since 1970, if the session says. */
export type RecordedPoint =
  | {
      readonly kind: 'state';
      readonly at: number | undefined;
      readonly to: string;
      readonly message: RecordedMessage | undefined;
      readonly accesses: readonly RecordedAccess[];
    }
  /** Variables that the engine told of itself, such as the name of the flow that began. */
  | { readonly kind: 'info'; readonly variables: readonly NamedText[] }
  | {
      readonly kind: 'condition';
      readonly expression: string;
      readonly holds: boolean;
      readonly accesses: readonly RecordedAccess[];
    }
  | RecordedExecution
  | {
      readonly kind: 'error';
      readonly state: string;
      readonly error: RecordedError;
      readonly message: RecordedMessage | undefined;
      readonly accesses: readonly RecordedAccess[];
    };

export interface RecordedExecution {
  readonly kind: 'execution';
  /** Of the step; undefined for what the engine does by itself. */
  readonly name: string | undefined;
  /** Such as `ExtractVariablesExecution`. */
  readonly type: string;
  readonly condition: { readonly expression: string; readonly holds: boolean } | undefined;
  readonly outcome: 'ran' | 'skipped' | 'failed' | 'failed and went on';
  readonly error: RecordedError | undefined;
  readonly message: RecordedMessage | undefined;
  readonly accesses: readonly RecordedAccess[];
}

export interface RecordedError {
  readonly text: string;
  /** Empty where the session does not say. */
  readonly name: string;
  readonly code: string;
}

export interface RecordedMessage {
  readonly kind: 'request' | 'response' | 'error';
  readonly verb: string | undefined;
  readonly uri: string | undefined;
  readonly status: string | undefined;
  readonly reason: string | undefined;
  readonly headers: readonly NamedText[];
  readonly body: RecordedBody | undefined;
}

export interface RecordedBody {
  readonly text: string;
  /** `bytes` if each character stands for the byte of its number. */
  readonly form: 'text' | 'bytes';
  readonly extent: 'whole' | 'cut';
}

export type NamedText = readonly [name: string, value: string];

export type RecordedAccess =
  | { readonly kind: 'get'; readonly name: string; readonly value: string | undefined }
  | {
      readonly kind: 'set';
      readonly name: string;
      readonly value: string;
      readonly succeeded: boolean;
    }
  | { readonly kind: 'remove'; readonly name: string };

/** The steps that a session shows, and everything else of one kind. */
export function executionsOf({ points }: RecordedTransaction): readonly RecordedExecution[] {
  return points.filter((point): point is RecordedExecution => point.kind === 'execution');
}

/** What a variable was when the session last told of it; undefined if it never did. */
export function lastTold({ points }: RecordedTransaction, name: string): string | undefined {
  let told: string | undefined;
  for (const point of points) {
    if (point.kind === 'info') {
      for (const [variable, value] of point.variables) if (variable === name) told = value;
      continue;
    }
    for (const access of point.accesses) {
      if (access.name === name && access.kind !== 'remove') told = access.value ?? told;
    }
  }
  return told;
}
