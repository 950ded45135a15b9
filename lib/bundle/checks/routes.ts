import type { Report } from '../../diagnostic/diagnostic.ts';
import { policyName } from '../../policies/policy-name.ts';
import type { Bundle, ProxyEndpoint, RouteRuleNode } from '../bundle.ts';
import { isUnconditional } from '../walk.ts';
import { error, warn, type Check } from './check-context.ts';

/** Every route leads somewhere, every target has a route, and some route takes what the others do not. */
export const checkRoutes: Check = ({ bundle, report }) => {
  const routed = new Set<string>();
  for (const endpoint of bundle.proxyEndpoints.values()) {
    for (const rule of endpoint.routeRule) {
      routed.add(rule.targetEndpoint?.value ?? '');
      checkRoute(rule, bundle, report);
    }
    checkOrder(endpoint, report);
  }
  for (const { name, location } of bundle.targetEndpoints.values()) {
    if (routed.has(name)) continue;
    const message = `No RouteRule leads to TargetEndpoint ${name}.`;
    const hint = 'Add a RouteRule, or remove the endpoint.';
    warn(location, { code: 'target-not-routed', message, hint }, report);
  }
};

function checkRoute(rule: RouteRuleNode, bundle: Bundle, report: Report): void {
  const { name, location, targetEndpoint, integrationEndpoint, url } = rule;
  if (name !== undefined && name !== '') {
    policyName(name, undefined, { location, type: 'RouteRule', report });
  }
  for (const [node, kind, known] of [
    [targetEndpoint, 'TargetEndpoint', bundle.targetEndpoints] as const,
    [integrationEndpoint, 'IntegrationEndpoint', bundle.integrationEndpoints] as const,
  ]) {
    const target = node?.value ?? '';
    if (node === undefined || target === '') continue;
    if (known.has(target) || bundle.broken.has(target)) continue;
    error(
      node.textLocation,
      {
        code: 'target-not-found',
        message: `${kind} ${target} referenced in RouteRule ${name ?? ''} does not exist`,
        hint: `Add ${kind} ${target} to the bundle, or name one of: ${[...known.keys()].join(', ')}.`,
      },
      report,
    );
  }
  if ((targetEndpoint?.value ?? '') !== '' && (url?.value ?? '') !== '') {
    warn(
      url?.location ?? location,
      {
        code: 'two-targets',
        message: 'The RouteRule has both TargetEndpoint and URL; the TargetEndpoint counts.',
        hint: 'Leave one of them.',
      },
      report,
    );
  }
}

function checkOrder({ name, location, routeRule }: ProxyEndpoint, report: Report): void {
  const catchAll = routeRule.findIndex(isUnconditional);
  const hidden = catchAll < 0 ? undefined : routeRule[catchAll + 1];
  if (catchAll < 0) {
    warn(
      location,
      {
        code: 'no-unconditional-route',
        message: `ProxyEndpoint ${name} has no RouteRule without a Condition: a request that none takes fails.`,
        hint: 'Add a last RouteRule without a Condition.',
      },
      report,
    );
  }
  if (hidden !== undefined) {
    warn(
      hidden.location,
      {
        code: 'route-not-reached',
        message: 'The RouteRule is never reached: one without a Condition stands before it.',
        hint: 'Put the RouteRule without a Condition last.',
      },
      report,
    );
  }
}
