import { Fault } from '../../fault/fault.ts';

/** The faults of OASValidation ("OASValidation policy", Runtime errors). */

/** A request that does not fit is the client's error, a response that does not is not. */
export function validationFailed(
  policy: string,
  resource: string,
  messages: readonly string[],
  kind: 'request' | 'response',
): Fault {
  const listed = messages.map((message) => `ERROR - ${message}: []`).join(', ');
  return new Fault({
    code: 'steps.oasvalidation.Failed',
    faultstring: `OASValidation ${policy} with resource "${resource}": failed with reason: "[${listed}]"`,
    status: kind === 'request' ? 400 : 500,
  });
}

/** There is no document to validate against. Its text was never captured in public. */
export function resourceNotAvailable(policy: string, resource: string, reason: string): Fault {
  return new Fault({
    code: 'steps.oasvalidation.Failed',
    faultstring: `OASValidation ${policy} with resource "${resource}": failed with reason: "${reason}"`,
    hint: 'Add the document to resources/oas, or mend OASResource.',
  });
}

export function sourceNotAvailable(policy: string, source: string): Fault {
  return new Fault({
    code: 'steps.oasvalidation.SourceMessageNotAvailable',
    faultstring: `${source} message is not available for OASValidation: ${policy}`,
    hint: `Set ${source} before this policy runs, or name another message in Source.`,
  });
}

export function nonMessageVariable(variable: string): Fault {
  return new Fault({
    code: 'steps.oasvalidation.NonMessageVariable',
    faultstring: `Variable ${variable} does not resolve to a Message`,
    hint: 'Source must name a message.',
  });
}
