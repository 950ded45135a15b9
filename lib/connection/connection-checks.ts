import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type {
  AuthenticationNode,
  HttpTargetConnectionNode,
  LoadBalancerNode,
  LocalTargetConnectionNode,
} from './grammar/target-connections.ts';

/** Whose connection is checked. */
export interface ConnectionOwner {
  /** For the reader of a finding: `Step SC-1`, `TargetEndpoint default`. */
  readonly subject: string;
  /** A target endpoint probes its servers and is refused with two fallbacks; a callout does neither. */
  readonly kind: 'callout' | 'target-endpoint';
}

/** The deployment's rules for an HTTPTargetConnection, and what a linter would say about it. */
export function checkHttpConnection(
  http: HttpTargetConnectionNode,
  owner: ConnectionOwner,
  report: Report,
): void {
  const { url, loadBalancer, authentication, healthMonitor, path, location } = http;
  if (loadBalancer === undefined && isBlank(url)) {
    report(
      diagnosticAt(
        url?.location ?? location,
        'error',
        'URLMissing',
        `URL is missing in ${owner.subject}.`,
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
        `HTTPTargetConnection has both URL and LoadBalancer in ${owner.subject}.`,
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
  if (loadBalancer !== undefined) checkLoadBalancer(loadBalancer, owner, report);
  if (authentication !== undefined) checkAuthentication(authentication, report);
}

function checkLoadBalancer(
  { server, location }: LoadBalancerNode,
  owner: ConnectionOwner,
  report: Report,
): void {
  if (server.length === 0) {
    report(
      diagnosticAt(
        location,
        'error',
        'no-server',
        `LoadBalancer names no Server in ${owner.subject}.`,
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
    report(
      diagnosticAt(
        place,
        owner.kind === 'callout' ? 'warning' : 'error',
        'two-fallback-servers',
        'More than one server is a fallback.',
        'Leave one IsFallback.',
      ),
    );
  }
}

/** The rules for an Authentication element, of a connection or of AssignMessage. */
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

/** A LocalTargetConnection must name something. */
export function checkLocalConnection(
  local: LocalTargetConnectionNode,
  { subject }: ConnectionOwner,
  report: Report,
): void {
  if (![local.apiProxy, local.proxyEndpoint, local.path].every(isBlank)) return;
  report(
    diagnosticAt(
      local.location,
      'error',
      'local-target-missing',
      `LocalTargetConnection names no proxy in ${subject}.`,
      'Write APIProxy and ProxyEndpoint, or Path.',
    ),
  );
}

function isBlank(node: { readonly value: string | undefined } | undefined): boolean {
  return (node?.value ?? '') === '';
}

function warn(place: Location, code: string, message: string, hint: string, report: Report): void {
  report(diagnosticAt(place, 'warning', code, message, hint));
}
