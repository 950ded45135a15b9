import { Fault } from '../../fault/fault.ts';

/** The faults of SpikeArrest ("SpikeArrest policy runtime error troubleshooting"). */

export function spikeArrestViolation(rate: string): Fault {
  return new Fault({
    code: 'policies.ratelimit.SpikeArrestViolation',
    faultstring: `Spike arrest violation. Allowed rate : ${rate}`,
    status: 429,
  });
}

export function rateNotResolved(policy: string, reference: string, value?: string): Fault {
  return new Fault({
    code: 'policies.ratelimit.FailedToResolveSpikeArrestRate',
    faultstring: `Failed to resolve Spike Arrest Rate reference ${reference} in SpikeArrest policy ${policy}`,
    hint:
      value === undefined
        ? `Set ${reference}, or write a rate such as 30ps in Rate.`
        : `${reference} is "${value}"; it must be a rate such as 30ps or 12pm.`,
  });
}
