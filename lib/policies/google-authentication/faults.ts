import { Fault } from '../../fault/fault.ts';

/** Why an Authentication element has no token ("Using Google authentication"). */

/** `policy` is written as `ServiceCallout[P]`. */
export function emptyAudience(policy: string): Fault {
  return new Fault({
    code: 'googletoken.EmptyIDTokenAudience',
    faultstring: `${policy}: ID token audience is empty`,
    hint: 'Write an Audience, a ref to a variable that is set, or useTargetUrl="true".',
  });
}

/** `policy` is written as `ServiceCallout P`. */
export function tokenGenerationFailed(policy: string, cause: unknown): Fault {
  return new Fault({
    code: 'messaging.adaptors.http.filter.GoogleTokenGenerationFailure',
    faultstring: `Failed to generate Google token for ${policy}`,
    cause,
    hint: 'Check that the service account exists, that the runtime may impersonate it, and the scopes.',
  });
}
