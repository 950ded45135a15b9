import type { Fault } from '../fault/fault.ts';
import { faultResponse } from './fault-response.ts';
import type { FlowPhase, FlowVariables } from './flow-variables.ts';

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
  const message = faultResponse(fault, variables.message('request'));
  const { phase } = variables;
  variables.phase = 'error';
  variables.set('error', message);
  variables.set('error.message', fault.faultstring);
  // A fault within the error flow is no reason to forget where that began.
  if (phase !== 'error') {
    variables.set('error.state', phase === 'response' ? 'PROXY_RESP_FLOW' : 'PROXY_REQ_FLOW');
  }
  variables.set('is.error', true);
}

/** Takes an error state back, where a fault was raised and then ignored; `fault.*` stay. */
export function leaveErrorState(variables: FlowVariables, phase: FlowPhase): void {
  variables.set('error', null);
  variables.set('error.message', null);
  variables.set('error.state', null);
  variables.set('is.error', false);
  variables.phase = phase;
}
