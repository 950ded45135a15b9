import type { AuthenticationNode } from '../../connection/grammar/target-connections.ts';
import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import type { CompileContext } from '../policy-type.ts';

/** Apigee refuses a deployment whose policies need a token and which carries no service account. */
export function checkServiceAccount(
  policy: string,
  { location }: AuthenticationNode,
  { bundle, environment, identity, report }: CompileContext,
): void {
  if (identity === 'host') return;
  if (environment === undefined || environment.serviceAccount !== undefined) return;
  const deployment = `organizations/${environment.organization}/apis/${bundle?.name ?? policy}/revisions/1`;
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
