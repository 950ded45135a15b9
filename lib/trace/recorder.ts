import type { Condition } from '../condition/condition.ts';
import type { Fault } from '../fault/fault.ts';
import type { Message } from '../message/message.ts';
import type { Flow } from '../variables/flow.ts';

/** What the pipeline tells about one transaction while it runs. Given to nobody, it costs nothing. */
export interface Recorder {
  /** The transaction went on to another state, such as PROXY_REQ_FLOW. */
  enteredState(flow: Flow, state: string): void;
  /** A flow such as PreFlow began. */
  enteredFlow(flow: Flow, name: string): void;
  /** A condition was asked; `subject` says whose it is. */
  askedCondition(flow: Flow, subject: string, condition: Condition, holds: boolean): void;
  /** A step begins; what is returned is called when it has ended. */
  startedStep(flow: Flow, policy: { readonly name: string; readonly type: string }): StepEnd;
  /** A step was not run: its condition did not hold, its policy is disabled or not supported. */
  skippedStep(flow: Flow, policy: string, reason: 'condition' | 'disabled' | 'unsupported'): void;
  /** The transaction went into its error state. */
  raisedFault(flow: Flow, fault: Fault): void;
  /** A message as it leaves or arrives. */
  message(
    flow: Flow,
    event: 'request-received' | 'request-sent' | 'response-received' | 'response-sent',
    message: Message,
  ): void;
}

export type StepEnd = (fault: Fault | undefined) => void;
