import { Fault } from '../../fault/fault.ts';

/** The faults of BasicAuthentication ("BasicAuthentication policy"). */

export function unresolvedVariable(variable: string): Fault {
  return new Fault({
    code: 'steps.basicauthentication.UnresolvedVariable',
    faultstring: `Unresolved variable : ${variable}`,
    hint: `Set ${variable}, or set IgnoreUnresolvedVariables to true.`,
  });
}

export function invalidSource(variable: string): Fault {
  return new Fault({
    code: 'steps.basicauthentication.InvalidBasicAuthenticationSource',
    faultstring: `Source variable : ${variable} for basic authentication decode policy is not valid`,
    hint: `${variable} must hold "Basic", a space and the base64 text of USER:PASSWORD.`,
  });
}
