import { Fault } from '../../fault/fault.ts';

/** The faults of XMLThreatProtection ("XMLThreatProtection policy runtime error troubleshooting"). */

/** Of a text that is no XML. */
export function notXml(policy: string, reason: string): Fault {
  return executionFailed(policy, reason);
}

/** `excess` is like `Node depth exceeded 5 at line 6(possibly around char 110)`. */
export function limitExceeded(policy: string, excess: string): Fault {
  return executionFailed(policy, `XMLThreatProtection stepDefinition ${policy}: ${excess}`);
}

function executionFailed(policy: string, reason: string): Fault {
  return new Fault({
    code: 'steps.xmlthreatprotection.ExecutionFailed',
    faultstring: `XMLThreatProtection stepDefinition ${policy}: Execution failed. reason: ${reason}`,
  });
}

export function sourceUnavailable(policy: string, source: string): Fault {
  return new Fault({
    code: 'steps.xmlthreatprotection.SourceUnavailable',
    faultstring: `XMLThreatProtection stepDefinition ${policy}: Source ${source} is not available`,
    hint: `Set ${source} before this policy runs, or name another message in Source.`,
  });
}

export function nonMessageVariable(source: string): Fault {
  return new Fault({
    code: 'steps.xmlthreatprotection.NonMessageVariable',
    faultstring: `Variable ${source} does not resolve to a Message`,
    hint: 'Name a whole message in Source: request, response or message.',
  });
}
