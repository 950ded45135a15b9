import type { Fault } from '../../fault/fault.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';
import type { ObservedCall, ObservedResponse } from '../matching/compare-message.ts';

/** What a case did, before anybody judges it. */
export interface Observation {
  readonly transactions: readonly TransactionObservation[];
  /** Every request that left, in order. */
  readonly calls: readonly ObservedCall[];
  /** Those of them that no answer was for. */
  readonly unexpected: readonly ObservedCall[];
  readonly log: readonly LogEntry[];
}

export interface TransactionObservation {
  /** Undefined where a policy ran alone. */
  readonly response: ObservedResponse | undefined;
  /** The fault that ended it, or that put it into its error state. */
  readonly fault: Fault | undefined;
  /** The fault rule that handled it. */
  readonly faultRule: string | undefined;
  /** Names of the policies that ran, in order. */
  readonly steps: readonly string[];
  readonly variables: FlowVariables | undefined;
  /** Values that a case asked for between its steps. */
  readonly checks: readonly Check[];
}

/** Variables as a case expects them at one point of its steps. */
export interface Check {
  readonly step: number;
  readonly found: ReadonlyMap<string, unknown>;
}

export interface LogEntry {
  readonly level: 'warn' | 'error';
  readonly details: Readonly<Record<string, unknown>>;
  readonly message: string;
}
