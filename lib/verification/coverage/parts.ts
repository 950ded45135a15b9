import type {
  Bundle,
  ConditionalFlowNode,
  DefaultFaultRuleNode,
  DirectionNode,
  FaultRuleNode,
  ProxyEndpoint,
  StepNode,
  TargetEndpoint,
} from '../../bundle/bundle.ts';
import type { Location } from '../../diagnostic/location.ts';

export const partKinds = [
  'policy',
  'step',
  'condition',
  'flow',
  'fault rule',
  'route rule',
  'shared flow',
] as const;

export type PartKind = (typeof partKinds)[number];

/** Something in a bundle that cases may reach. */
export interface Part {
  readonly kind: PartKind;
  /** Its own, or that of what the condition belongs to. */
  readonly name: string;
  readonly location: Location;
  /** Of a step, its policy's place: where a step ran its policy did. */
  readonly policy?: Location;
}

/** Everything in a bundle that cases may reach, in no order. */
export function* partsOf(bundle: Bundle): Generator<Part> {
  const policies = new Map<string, Location>();
  for (const [name, each] of bundle.policies) {
    const location = each.kind === 'supported' ? each.policy.location : each.location;
    policies.set(name, location);
    yield { kind: 'policy', name, location };
  }
  for (const endpoint of bundle.proxyEndpoints.values()) {
    yield* endpointParts(endpoint, policies);
    yield* stepsParts(endpoint.postClientFlow?.response?.step, policies);
    for (const rule of endpoint.routeRule) {
      const name = rule.name ?? '';
      yield { kind: 'route rule', name, location: rule.location };
      yield* conditionParts(rule, name);
    }
  }
  for (const endpoint of bundle.targetEndpoints.values()) yield* endpointParts(endpoint, policies);
  for (const flow of bundle.sharedFlows.values()) {
    yield { kind: 'shared flow', name: flow.name, location: flow.location };
    yield* stepsParts(flow.step, policies);
  }
}

type Policies = ReadonlyMap<string, Location>;

function* endpointParts(
  endpoint: ProxyEndpoint | TargetEndpoint,
  policies: Policies,
): Generator<Part> {
  const { preFlow, flows, postFlow, eventFlow, faultRules, defaultFaultRule } = endpoint;
  for (const flow of [preFlow, postFlow]) yield* directionParts(flow, policies);
  for (const flow of flows?.flow ?? []) yield* flowParts(flow, policies);
  yield* stepsParts(eventFlow?.response?.step, policies);
  for (const rule of faultRules?.faultRule ?? []) yield* ruleParts(rule, policies);
  if (defaultFaultRule !== undefined) yield* ruleParts(defaultFaultRule, policies);
}

function* flowParts(flow: ConditionalFlowNode, policies: Policies): Generator<Part> {
  const name = flow.name ?? '';
  yield { kind: 'flow', name, location: flow.location };
  yield* conditionParts(flow, name);
  yield* directionParts(flow, policies);
}

function* directionParts(
  flow:
    | {
        readonly request: DirectionNode | undefined;
        readonly response: DirectionNode | undefined;
      }
    | undefined,
  policies: Policies,
): Generator<Part> {
  yield* stepsParts(flow?.request?.step, policies);
  yield* stepsParts(flow?.response?.step, policies);
}

function* ruleParts(
  rule: FaultRuleNode | DefaultFaultRuleNode,
  policies: Policies,
): Generator<Part> {
  const name = rule.name ?? '';
  yield { kind: 'fault rule', name, location: rule.location };
  yield* conditionParts(rule, name);
  yield* stepsParts(rule.step, policies);
}

function* stepsParts(steps: readonly StepNode[] | undefined, policies: Policies): Generator<Part> {
  for (const step of steps ?? []) {
    const name = step.name?.value ?? '';
    const policy = policies.get(name);
    const { location } = step;
    yield { kind: 'step', name, location, ...(policy === undefined ? {} : { policy }) };
    yield* conditionParts(step, name);
  }
}

function* conditionParts(
  { condition }: Pick<StepNode, 'condition'>,
  name: string,
): Generator<Part> {
  if (condition === undefined || (condition.value ?? '') === '') return;
  yield { kind: 'condition', name, location: condition.textLocation };
}
