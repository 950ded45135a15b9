import { Fault } from '../../fault/fault.ts';

/** The faults of JSONThreatProtection ("JSONThreatProtection policy runtime error troubleshooting"). */

/** Of a text that is no JSON; `reason` is like `Expecting : at line 3`. */
export function notJson(policy: string, reason: string): Fault {
  return executionFailed(policy, reason);
}

/** `excess` is like `Exceeded object entry count at line 5`. */
export function limitExceeded(policy: string, excess: string): Fault {
  return executionFailed(policy, `JSONThreatProtection[${policy}]: ${excess}`);
}

function executionFailed(policy: string, reason: string): Fault {
  return new Fault({
    code: 'steps.jsonthreatprotection.ExecutionFailed',
    faultstring: `JSONThreatProtection[${policy}]: Execution failed. reason: ${reason}`,
  });
}

/** The doubled colon is Apigee's. */
export function sourceUnavailable(policy: string, source: string): Fault {
  return new Fault({
    code: 'steps.jsonthreatprotection.SourceUnavailable',
    faultstring: `JSONThreatProtection[${policy}]::Source ${source} is not available`,
    hint: `Set ${source} before this policy runs, or name another message in Source.`,
  });
}

export function nonMessageVariable(policy: string, source: string): Fault {
  return new Fault({
    code: 'steps.jsonthreatprotection.NonMessageVariable',
    faultstring: `JSONThreatProtection[${policy}]: Variable ${source} does not resolve to a Message`,
    hint: 'Name a whole message in Source: request, response or message.',
  });
}
