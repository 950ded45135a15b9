import { Message } from '../../message/message.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { requestVariableNotMessage, requestVariableNotRequest } from './faults.ts';

/**
 * The message that a callout prepares and sends: the one its variable holds, changed in place, or a new
 * one under that name when the variable is not set.
 *
 * @throws {Fault} when the variable holds anything else ("Service Callout runtime errors")
 */
export function requestMessageOf(policy: string, variable: string): (flow: Flow) => Message {
  const reference = variableReference(variable);
  return (flow) => {
    const held = flow.variables.message(variable);
    if (held !== undefined) {
      if (held.kind === 'request') return held;
      throw requestVariableNotRequest(policy, variable);
    }
    const value = reference.read(flow.variables);
    if (value !== undefined && value !== null) throw requestVariableNotMessage(policy, variable);
    const message = new Message('request');
    flow.variables.set(variable, message);
    return message;
  };
}

/** The verb that is sent: the message's own, else POST with a body and GET without. Not written back. */
export function effectiveVerb(message: Message): string {
  return message.verb ?? (message.hasBody ? 'POST' : 'GET');
}
