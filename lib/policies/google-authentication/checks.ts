import type { AuthenticationNode } from '../../connection/grammar/target-connections.ts';
import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { CompileContext } from '../policy-type.ts';

/** The rules for an Authentication element, of a target or of AssignMessage. */
export function checkAuthentication({ token, location }: AuthenticationNode, report: Report): void {
  if (token.length !== 1) {
    report(
      diagnosticAt(
        token[1]?.location ?? location,
        'error',
        'invalid-authentication',
        token.length === 0
          ? 'Authentication needs one of GoogleIDToken, GoogleAccessToken.'
          : 'Authentication has more than one token element.',
        'Write exactly one of GoogleIDToken, GoogleAccessToken.',
      ),
    );
  }
  for (const element of token) {
    if (element.type === 'GoogleAccessToken' && (element.scopes?.scope ?? []).every(isBlank)) {
      warn(
        element.location,
        'scopes-missing',
        'GoogleAccessToken names no scope.',
        'Add Scopes with a Scope.',
        report,
      );
    }
    if (element.type === 'GoogleIDToken' && element.audience === undefined) {
      warn(
        element.location,
        'audience-missing',
        'GoogleIDToken has no Audience.',
        'Add an Audience.',
        report,
      );
    }
  }
}

/** Apigee refuses a deployment whose policies need a token and which carries no service account. */
export function checkServiceAccount(
  policy: string,
  { location }: AuthenticationNode,
  { environment, identity, report }: CompileContext,
): void {
  if (identity === 'host') return;
  if (environment === undefined || environment.serviceAccount !== undefined) return;
  const deployment = `organizations/${environment.organization}/apis/${policy}/revisions/1`;
  report(
    diagnosticAt(
      location,
      'error',
      'FAILED_PRECONDITION',
      `Deployment of "${deployment}" requires a service account identity, but one was not provided with the request.`,
      'Give the environment a serviceAccount.',
    ),
  );
}

function isBlank(node: { readonly value: string | undefined } | undefined): boolean {
  return (node?.value ?? '') === '';
}

function warn(place: Location, code: string, message: string, hint: string, report: Report): void {
  report(diagnosticAt(place, 'warning', code, message, hint));
}
