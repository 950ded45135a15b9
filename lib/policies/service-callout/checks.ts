import type {
  HttpTargetConnectionNode,
  LoadBalancerNode,
} from '../../connection/grammar/target-connections.ts';
import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import { checkAuthentication } from '../google-authentication/checks.ts';
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
  if (http !== undefined) checkHttpConnection(http, name, report);
  if (local !== undefined && [local.apiProxy, local.proxyEndpoint, local.path].every(isBlank)) {
    report(
      diagnosticAt(
        local.location,
        'error',
        'local-target-missing',
        `LocalTargetConnection names no proxy in Step ${name}.`,
        'Write APIProxy and ProxyEndpoint, or Path.',
      ),
    );
  }
}

function isBlank(node: { readonly value: string | undefined } | undefined): boolean {
  return (node?.value ?? '') === '';
}

function checkHttpConnection(http: HttpTargetConnectionNode, policy: string, report: Report): void {
  const { url, loadBalancer, authentication, healthMonitor, path, location } = http;
  if (loadBalancer === undefined && isBlank(url)) {
    report(
      diagnosticAt(
        url?.location ?? location,
        'error',
        'URLMissing',
        `URL is missing in Step ${policy}.`,
        'Write the address of the service, or a LoadBalancer with a Server.',
      ),
    );
  }
  if (loadBalancer !== undefined && !isBlank(url)) {
    report(
      diagnosticAt(
        url?.location ?? location,
        'error',
        'url-and-load-balancer',
        `HTTPTargetConnection has both URL and LoadBalancer in Step ${policy}.`,
        'Leave one of them.',
      ),
    );
  }
  if (loadBalancer === undefined && path !== undefined) {
    warn(
      path.location,
      'path-without-load-balancer',
      'Path has no effect without LoadBalancer.',
      'Write the path in URL.',
      report,
    );
  }
  if (loadBalancer === undefined && healthMonitor !== undefined) {
    warn(
      healthMonitor.location,
      'health-monitor-without-load-balancer',
      'HealthMonitor has no effect without LoadBalancer.',
      'Remove it.',
      report,
    );
  }
  if (loadBalancer !== undefined) checkLoadBalancer(loadBalancer, policy, report);
  if (authentication !== undefined) checkAuthentication(authentication, report);
}

function checkLoadBalancer(
  { server, location }: LoadBalancerNode,
  policy: string,
  report: Report,
): void {
  if (server.length === 0) {
    report(
      diagnosticAt(
        location,
        'error',
        'no-server',
        `LoadBalancer names no Server in Step ${policy}.`,
        'Add a Server whose name is a target server of the environment.',
      ),
    );
  }
  const seen = new Set<string>();
  for (const { name, location: place } of server) {
    if (seen.has(name)) {
      warn(
        place,
        'duplicate-server',
        `The server ${name} is listed twice.`,
        'List each server once.',
        report,
      );
    }
    seen.add(name);
  }
  for (const { location: place } of server
    .filter(({ isFallback }) => isFallback?.value === true)
    .slice(1)) {
    warn(
      place,
      'two-fallback-servers',
      'More than one server is a fallback.',
      'Leave one IsFallback.',
      report,
    );
  }
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
