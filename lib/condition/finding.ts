import type { Severity } from '../diagnostic/diagnostic.ts';

/** A finding about a condition, placed by an offset into its source. */
export interface Finding {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly offset: number;
}

/** Why a condition cannot be parsed. Thrown inside the parser only. */
export class Refusal extends Error {
  readonly offset: number;
  readonly hint: string;

  constructor(offset: number, message: string, hint: string) {
    super(message);
    this.name = 'Refusal';
    this.offset = offset;
    this.hint = hint;
  }
}

/** Apigee's error name where a policy's condition is refused ("AssertCondition policy"). */
const errorName = 'InvalidCondition';

export function invalid(offset: number, message: string, hint: string): Finding {
  return { severity: 'error', code: errorName, message, hint, offset };
}
