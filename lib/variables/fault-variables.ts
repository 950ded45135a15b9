import { faultEnvelope } from '../fault/envelope.ts';
import type { Fault } from '../fault/fault.ts';
import { messageFrom } from '../message/message-init.ts';
import type { FlowVariables } from './flow-variables.ts';

/**
 * Sets `fault.*`, which exist whenever a policy failed, also with continueOnError ("What you need to know
 * about policy errors"). `subcategory` is the policy's type.
 */
export function setFaultVariables(
  variables: FlowVariables,
  fault: Fault,
  subcategory: string,
): void {
  variables.set('fault.name', fault.name);
  variables.set('fault.type', '');
  variables.set('fault.category', 'Step');
  variables.set('fault.subcategory', subcategory);
  variables.set('fault.reason', fault.faultstring);
}

/** Puts a transaction into its error state: `is.error`, and `error` as the response that is pending. */
export function enterErrorState(variables: FlowVariables, fault: Fault): void {
  const state = variables.phase === 'response' ? 'PROXY_RESP_FLOW' : 'PROXY_REQ_FLOW';
  const message = messageFrom({
    message: 'response',
    statusCode: fault.status,
    reasonPhrase: 'Internal Server Error',
    headers: { 'Content-Type': 'application/json' },
    content: faultEnvelope(fault),
  });
  variables.phase = 'error';
  variables.set('error', message);
  variables.set('error.message', fault.faultstring);
  variables.set('error.state', state);
  variables.set('is.error', true);
}
