import { Fault } from '../../fault/fault.ts';

/** The faults of MessageValidation ("SOAPMessageValidation policy", Fault reference). */

export function validationFailed(policy: string, reason: string, hint?: string): Fault {
  return new Fault({
    code: 'steps.messagevalidation.Failed',
    faultstring: `MessageValidation ${policy} failed with reason: "${reason}"`,
    ...(hint === undefined ? {} : { hint }),
  });
}

export function sourceNotAvailable(policy: string, source: string): Fault {
  return new Fault({
    code: 'steps.messagevalidation.SourceMessageNotAvailable',
    faultstring: `${source} message is not available for MessageValidation: ${policy}`,
    hint: `Set ${source} before this policy runs, or name another message in Source.`,
  });
}

export function nonMessageVariable(variable: string): Fault {
  return new Fault({
    code: 'steps.messagevalidation.NonMessageVariable',
    faultstring: `Variable ${variable} does not resolve to a Message`,
    hint: 'Source must name a message.',
  });
}
