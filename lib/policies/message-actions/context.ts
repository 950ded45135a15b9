import type { Report } from '../../diagnostic/diagnostic.ts';
import type { Fault } from '../../fault/fault.ts';
import type { Message } from '../../message/message.ts';
import type { OnUnresolved } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';

/** One prepared step of an action. */
export type Effect = (flow: Flow, message: Message) => void;

/** What the actions need to know of the policy they belong to. */
export interface ActionContext {
  /** `ServiceCallout[SC-1]`, as Apigee's messages name a policy. */
  readonly policy: string;
  readonly report: Report;
  readonly onUnresolved: OnUnresolved;
  /** The fault for a Copy source that holds no message. */
  readonly notMessage: (variable: string) => Fault;
}
