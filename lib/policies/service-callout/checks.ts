import { checkHttpConnection, checkLocalConnection } from '../../connection/connection-checks.ts';
import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import { checkMessageActions } from '../message-actions/checks.ts';
import type { ServiceCalloutPolicy } from './grammar.ts';

/** The deployment's rules for a callout, and what a linter would say about it. */
export function checkServiceCallout(policy: ServiceCalloutPolicy, report: Report): void {
  checkConnection(policy, report);
  checkVariables(policy, report);
  checkMessageActions(policy.request?.actions ?? [], `ServiceCallout[${policy.name}]`, report);
}

function checkConnection(policy: ServiceCalloutPolicy, report: Report): void {
  const { name, location, httpTargetConnection: http, localTargetConnection: local } = policy;
  if (http === undefined && local === undefined) {
    report(
      diagnosticAt(
        location,
        'error',
        'ConnectionInfoMissing',
        `Connection information is missing in Step ${name}.`,
        'Add an HTTPTargetConnection with a URL, or a LocalTargetConnection.',
      ),
    );
  }
  if (http !== undefined && local !== undefined) {
    report(
      diagnosticAt(
        local.location,
        'error',
        'two-connections',
        `Step ${name} has both HTTPTargetConnection and LocalTargetConnection.`,
        'Leave one of them.',
      ),
    );
  }
  const owner = { subject: `Step ${name}`, kind: 'callout' } as const;
  if (http !== undefined) checkHttpConnection(http, owner, report);
  if (local !== undefined) checkLocalConnection(local, owner, report);
}

function checkVariables({ request, response }: ServiceCalloutPolicy, report: Report): void {
  if (request?.variable === 'request') {
    warn(
      request.location,
      'request-variable-is-request',
      "The callout uses the client's own request, and changes what the target will get.",
      'Name a variable of its own.',
      report,
    );
  }
  if (response === undefined) return;
  const variable = response.value ?? '';
  if (variable === '') {
    warn(
      response.location,
      'response-is-empty',
      'Response names no variable: the callout is fire and forget.',
      'Name a variable, or remove Response if that is meant.',
      report,
    );
  } else if (/\s/.test(variable)) {
    warn(
      response.textLocation,
      'response-has-space',
      `The variable "${variable}" has white space in its name.`,
      'Write one name.',
      report,
    );
  } else if (variable === 'response') {
    warn(
      response.textLocation,
      'response-variable-is-response',
      "The callout's response takes the place of the proxy's own.",
      'Name a variable of its own.',
      report,
    );
  }
}

function warn(place: Location, code: string, message: string, hint: string, report: Report): void {
  report(diagnosticAt(place, 'warning', code, message, hint));
}
