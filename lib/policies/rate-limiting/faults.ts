import { Fault } from '../../fault/fault.ts';

export function invalidMessageWeight(value: string, variable: string): Fault {
  return new Fault({
    code: 'policies.ratelimit.InvalidMessageWeight',
    faultstring: `Invalid message weight value ${value}`,
    hint: `${variable} must hold a whole number, 0 or more.`,
  });
}
