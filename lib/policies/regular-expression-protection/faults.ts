import { Fault } from '../../fault/fault.ts';

/** The faults of RegularExpressionProtection ("RegularExpressionProtection policy"). */

export function threatDetected(policy: string, regex: string, input: string): Fault {
  return new Fault({
    code: 'steps.regexprotection.ThreatDetected',
    faultstring: `Regular Expression Threat Detected in ${policy}: regex: ${regex} input: ${input}`,
  });
}

export function executionFailed(policy: string, reason: string, cause?: unknown): Fault {
  return new Fault({
    code: 'steps.regexprotection.ExecutionFailed',
    faultstring: `Failed to execute the RegularExpressionProtection StepDefinition ${policy}. Reason: ${reason}`,
    ...(cause === undefined ? {} : { cause }),
  });
}

export function variableResolutionFailed(variable: string): Fault {
  return new Fault({
    code: 'steps.regexprotection.VariableResolutionFailed',
    faultstring: `Failed to resolve variable ${variable}`,
    hint: `Set ${variable}, or set IgnoreUnresolvedVariables to true.`,
  });
}

export function nonMessageVariable(variable: string): Fault {
  return new Fault({
    code: 'steps.regexprotection.NonMessageVariable',
    faultstring: `Variable ${variable} does not resolve to a Message`,
    hint: 'Name a whole message in Source: request, response or message.',
  });
}

export function sourceNotAvailable(policy: string, source: string): Fault {
  return new Fault({
    code: 'steps.regexprotection.SourceMessageNotAvailable',
    faultstring: `${source} message is not available for RegularExpressionProtection StepDefinition ${policy}`,
    hint: `Set ${source} before this policy runs, or name another message in Source.`,
  });
}
