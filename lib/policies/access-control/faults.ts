import { Fault } from '../../fault/fault.ts';

/** The faults of AccessControl ("AccessControl policy"); the page's examples have the long form of the codes. */

export function accessDenied(address: string): Fault {
  return new Fault({
    code: 'steps.accesscontrol.IPDeniedAccess',
    faultstring: `Access Denied for client ip : ${address}`,
    status: 403,
  });
}

/** Its text was never captured in public. */
export function invalidAddressInVariable(variable: string): Fault {
  return new Fault({
    code: 'steps.accesscontrol.InvalidIPAddressInVariable',
    faultstring: `Invalid IP address in variable ${variable}`,
    hint: `Set ${variable} to one IPv4 or IPv6 address before this policy runs.`,
  });
}

/** Its text was never captured in public. A block that cannot be understood must not let anybody through. */
export function invalidRule(address: string, mask: string): Fault {
  return new Fault({
    code: 'steps.accesscontrol.InvalidRulePattern',
    faultstring: `Invalid IP address or mask in rule : ${mask === '' ? address : `${address}/${mask}`}`,
    hint: 'Write an IPv4 address with a mask of 1 to 32, or an IPv6 address with one of 1 to 128.',
  });
}
