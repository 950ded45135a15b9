import type { WriteOutcome } from '../variables/flow-variables.ts';
import type { ConditionTree } from './condition-tree.ts';
import type { MessageSnapshot } from './message-snapshot.ts';
import type { ConditionOwner, SkipReason } from './recorder.ts';

/** What happened in one transaction, in order; no form of writing it down is assumed. Secrets are masked. */
export interface TransactionRecord {
  readonly messageId: string;
  readonly organization: string;
  readonly environment: string;
  readonly proxy: string;
  readonly revision: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: 'completed' | 'aborted';
  readonly points: readonly Point[];
  /** What was left out because the transaction did more than is kept. */
  readonly omitted: { readonly points: number; readonly accesses: number; readonly bodies: number };
}

/** Something that happened. `at` is in milliseconds since 1970. */
export type Point =
  | StateChange
  | FlowInfo
  | AskedCondition
  | Execution
  | RaisedFault
  | { readonly kind: 'paused' | 'resumed'; readonly at: number };

export interface StateChange {
  readonly kind: 'state-change';
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly message: MessageSnapshot | undefined;
  readonly accesses: readonly Access[];
}

/** Variables that the engine itself set, such as the name of the flow that began. */
export interface FlowInfo {
  readonly kind: 'flow-info';
  readonly at: number;
  readonly variables: readonly (readonly [name: string, value: string])[];
}

export interface ConditionOutcome {
  /** In the form of Apigee's traces. */
  readonly expression: string;
  readonly holds: boolean;
  readonly tree: ConditionTree;
}

/** A condition that is no step's. */
export interface AskedCondition extends ConditionOutcome {
  readonly kind: 'condition';
  readonly at: number;
  readonly owner: Exclude<ConditionOwner, 'step'>;
  /** Of the flow, the route rule or the fault rule. */
  readonly name: string;
  readonly accesses: readonly Access[];
}

export interface Execution {
  readonly kind: 'execution';
  readonly at: number;
  readonly name: string;
  /** The policy's type as its root element has it; empty for a policy that is missing. */
  readonly type: string;
  readonly continueOnError: boolean;
  readonly enforcement: 'request' | 'response' | 'error';
  readonly condition: ConditionOutcome | undefined;
  readonly outcome: StepOutcome;
  readonly message: MessageSnapshot | undefined;
  readonly accesses: readonly Access[];
  /** Lines that the policy printed. */
  readonly output: readonly string[];
}

export type StepOutcome =
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  /** Still under way when the record was closed. */
  | { readonly kind: 'running' }
  /** `failed` with continueOnError. */
  | {
      readonly kind: 'continued';
      readonly result: 'succeeded' | 'failed';
      readonly nanoseconds: number;
    }
  | {
      readonly kind: 'aborted';
      readonly fault: FaultNote;
      readonly nanoseconds: number;
    }
  /** The engine's own step that makes a response of the request when there is no target. */
  | { readonly kind: 'echo' };

export interface FaultNote {
  readonly code: string;
  readonly name: string;
  readonly text: string;
}

export interface RaisedFault {
  readonly kind: 'fault';
  readonly at: number;
  /** Where the transaction stood. */
  readonly state: string;
  readonly fault: FaultNote;
  readonly message: MessageSnapshot | undefined;
  readonly accesses: readonly Access[];
}

/** A value is undefined for what is unresolved. */
export type Access =
  | { readonly kind: 'get'; readonly name: string; readonly value: string | undefined }
  | {
      readonly kind: 'set';
      readonly name: string;
      readonly value: string;
      readonly outcome: WriteOutcome;
    }
  | { readonly kind: 'remove'; readonly name: string; readonly outcome: WriteOutcome };
