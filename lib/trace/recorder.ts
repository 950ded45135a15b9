import type { Condition } from '../condition/condition.ts';
import type { Location } from '../diagnostic/location.ts';
import type { Fault } from '../fault/fault.ts';
import type { Message } from '../message/message.ts';
import type { Flow } from '../variables/flow.ts';
import type { AccessObserver } from '../variables/observed-variables.ts';

/**
 * What the pipeline tells about one transaction while it runs; one recorder serves one transaction. Given
 * to nobody, it costs nothing. No method may throw: what it throws fails the request.
 */
export interface Recorder extends AccessObserver {
  /** The transaction went on to another state, such as PROXY_REQ_FLOW. */
  enteredState(flow: Flow, state: string): void;
  /** A flow such as PreFlow, or a fault rule, began. */
  enteredFlow(flow: Flow, name: string, place: FlowPlace, location: Location): void;
  /** A shared flow began; what is returned is called when it has ended. */
  enteredSharedFlow(flow: Flow, name: string): () => void;
  /** A condition was asked. That of a step is told before the step is started or skipped. */
  askedCondition(
    flow: Flow,
    owner: ConditionOwner,
    name: string,
    condition: Condition,
    holds: boolean,
  ): void;
  /** A route rule was taken. */
  choseRoute?(flow: Flow, name: string, location: Location): void;
  startedStep(flow: Flow, step: Step): RunningStep;
  /** A step was not run. */
  skippedStep(flow: Flow, step: Step, reason: SkipReason): void;
  /** A policy printed a line, in its step or after it: in a callback that the transaction waits for. */
  printed(flow: Flow, policy: string, line: string): void;
  /** A fault put the transaction into its error state, or took the place of the one that did. */
  raisedFault(flow: Flow, fault: Fault): void;
  /** A message as it leaves or arrives. */
  message(flow: Flow, event: MessageEvent, message: Message): void;
  /** Nothing follows; `aborted` when a mistake of this program ended the transaction. */
  ended(flow: Flow, outcome: 'completed' | 'aborted'): void;
}

export type FlowPlace = 'proxy' | 'target' | 'fault-rule';

export type ConditionOwner = 'step' | 'flow' | 'route' | 'fault-rule';

export type SkipReason = 'condition' | 'disabled' | 'unsupported';

export type MessageEvent =
  'request-received' | 'request-sent' | 'response-received' | 'response-sent';

/** The policy of a step. */
export interface Step {
  readonly name: string;
  readonly type: string;
  readonly continueOnError: boolean;
  /** Where the step stands, not its policy. */
  readonly location: Location;
}

/** A step under way. */
export interface RunningStep {
  /** The step waits for something outside, such as a callout's response. Told once at most. */
  waits(): void;
  /** The fault is the one that ended it; with continueOnError there is none. */
  ended(fault: Fault | undefined): void;
}

/** Gives the recorder of a transaction that is about to start; undefined leaves it unrecorded. */
export type RecorderFor = () => Recorder | undefined;
