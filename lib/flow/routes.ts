import type { RouteRuleNode } from '../bundle/bundle.ts';
import { mentionsPayload } from '../policies/payload-use.ts';
import type { CompileContext } from '../policies/policy-type.ts';
import { askCondition } from './asked-condition.ts';
import { withPayload } from './body-streams.ts';
import { compileOptionalCondition } from './compiled-steps.ts';
import { compileHttpTarget } from './http-target.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';
import type { TargetCall } from './target-call.ts';
import { routeFailed } from './target-faults.ts';

/** Where a request goes after the proxy request flow. */
export type Route =
  | { readonly kind: 'target'; readonly name: string; readonly target: string }
  /** A URL of the rule itself: a call without a target endpoint's flows. */
  | { readonly kind: 'direct'; readonly name: string; readonly call: TargetCall }
  /** No target: the request is echoed. */
  | { readonly kind: 'none'; readonly name: string };

/** Chooses the first rule that applies. @throws {Fault} RouteFailed when there is none */
export type RouteChoice = (transaction: ProxyTransaction) => Route | Promise<Route>;

/** Compiles the RouteRules of a proxy endpoint ("API proxy configuration reference"). */
export function compileRoutes(
  rules: readonly RouteRuleNode[],
  context: CompileContext,
): RouteChoice {
  const routes = rules.map((rule) => ({
    location: rule.location,
    condition: compileOptionalCondition(rule.condition, context.report),
    route: compileRoute(rule, context),
  }));
  const choose = (transaction: ProxyTransaction): Route => {
    const chosen = routes.find(
      ({ condition, route }) =>
        condition === undefined || askCondition(condition, transaction, 'route', route.name),
    );
    if (chosen === undefined) throw routeFailed();
    const { route, location } = chosen;
    transaction.recorder?.choseRoute?.(transaction, route.name, location);
    return route;
  };
  const readsPayload = routes.some(({ condition }) => mentionsPayload(condition?.source ?? ''));
  return readsPayload ? withPayload(choose) : choose;
}

function compileRoute(rule: RouteRuleNode, context: CompileContext): Route {
  const name = rule.name ?? '';
  const target = rule.targetEndpoint?.value ?? '';
  if (target !== '') return { kind: 'target', name, target };
  if (rule.url !== undefined && (rule.url.value ?? '') !== '') {
    const node = {
      location: rule.url.location,
      url: rule.url,
      loadBalancer: undefined,
      path: undefined,
      sslInfo: undefined,
      properties: undefined,
      authentication: undefined,
      healthMonitor: undefined,
    };
    return { kind: 'direct', name, call: compileHttpTarget(node, context) };
  }
  return { kind: 'none', name };
}
