import { Fault } from '../../fault/fault.ts';

/** The faults of ServiceCallout ("ServiceCallout policy", "Service Callout runtime error troubleshooting"). */

/** Why a callout that was prepared did not succeed, as the fault string ends. */
export type FailureReason =
  | 'Host not reachable'
  | 'Unexpected EOF at target'
  | 'The Service is temporarily unavailable'
  | 'Body buffer overflow'
  | 'Invalid characters in request'
  | 'Too many callouts under way'
  | 'Decompression failure at response';

export function executionFailed(
  policy: string,
  reason: FailureReason,
  cause?: unknown,
  hint?: string,
): Fault {
  return failure(policy, reason, cause, hint);
}

export function timedOut(policy: string, cause?: unknown): Fault {
  return failure(
    policy,
    `timeout occurred in ${policy}`,
    cause,
    'Raise <Timeout>, or the property io.timeout.millis, if the service needs longer.',
  );
}

export function statusIsError(policy: string, status: number): Fault {
  return failure(
    policy,
    `ResponseCode ${status} is treated as error`,
    undefined,
    `If ${status} is an answer that the flow can use, add it to the property success.codes, for example 1xx,2xx,3xx,${status}.`,
  );
}

function failure(policy: string, reason: string, cause: unknown, hint: string | undefined): Fault {
  return new Fault({
    code: 'steps.servicecallout.ExecutionFailed',
    faultstring: `Execution of ServiceCallout ${policy} failed. Reason: ${reason}`,
    ...(cause === undefined ? {} : { cause }),
    ...(hint === undefined ? {} : { hint }),
  });
}

export function requestVariableNotMessage(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.servicecallout.RequestVariableNotMessageType',
    faultstring: `ServiceCallout[${policy}]: request variable ${variable} value is not of type Message`,
    hint: `Create ${variable} with AssignMessage, or name a variable that is not set: a request is then made under it.`,
  });
}

export function requestVariableNotRequest(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.servicecallout.RequestVariableNotRequestMessageType',
    faultstring: `ServiceCallout[${policy}]: request variable ${variable} value is not of type Request Message`,
    hint: `${variable} holds a response; name a variable that holds a request.`,
  });
}

export function sourceNotMessage(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.servicecallout.VariableOfNonMsgType',
    faultstring: `ServiceCallout[${policy}]: value of variable ${variable} is not of type Message`,
  });
}
