import { Fault } from '../../fault/fault.ts';

/** The faults of Quota ("Quota policy runtime error troubleshooting"). */

/** The two spaces are Apigee's. */
export function quotaViolation(identifier: string): Fault {
  return new Fault({
    code: 'policies.ratelimit.QuotaViolation',
    faultstring: `Rate limit quota violation. Quota limit  exceeded. Identifier : ${identifier}`,
    status: 429,
  });
}

/** Apigee prints `{1}` as it is, where it means the policy's name. */
export function intervalNotResolved(reference: string, value?: string): Fault {
  return new Fault({
    code: 'policies.ratelimit.FailedToResolveQuotaIntervalReference',
    faultstring: `Failed to resolve quota interval reference ${reference} in quota policy {1}`,
    hint: hint(reference, value, 'Interval', 'a whole number above 0'),
  });
}

/** Apigee prints `{1}` as it is, where it means the policy's name. */
export function timeUnitNotResolved(reference: string, value?: string): Fault {
  return new Fault({
    code: 'policies.ratelimit.FailedToResolveQuotaIntervalTimeUnitReference',
    faultstring: `Failed to resolve quota time unit reference ${reference} in quota policy {1}`,
    hint: hint(reference, value, 'TimeUnit', 'second, minute, hour, day, week or month'),
  });
}

function hint(
  reference: string,
  value: string | undefined,
  element: string,
  wanted: string,
): string {
  return value === undefined
    ? `Set ${reference}, or write ${wanted} in ${element}.`
    : `${reference} is "${value}"; it must be ${wanted}.`;
}
