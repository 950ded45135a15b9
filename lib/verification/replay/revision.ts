import type {
  Bundle,
  BundlePolicy,
  DirectionNode,
  ProxyEndpoint,
  StepNode,
  TargetEndpoint,
  UnconditionalFlowNode,
} from '../../bundle/bundle.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { Explanation } from './explanation.ts';
import { recordedEffectsPolicy } from './recorded-effects.ts';
import { flowKey, type Placement, type Segment, type SessionSurvey } from './survey.ts';

/** What is another in the bundle than in the recorded revision, and what the replay does about it. */
export interface RevisionDifference {
  readonly explanation: Explanation;
  readonly what: string;
  readonly place: Location | undefined;
}

/** By the step's name: whether the bundle has the step, condition and all, or the session alone. */
export type StandIns = ReadonlyMap<string, 'step of the bundle' | 'step of the session'>;

export interface AdaptedBundles {
  readonly bundles: readonly Bundle[];
  readonly differences: readonly RevisionDifference[];
  /** Steps whose recorded effects are applied in place of the policy, and where these hang. */
  readonly standIns: StandIns;
}

/**
 * Makes bundles run what the session shows: without the steps and unconditional flows that no transaction
 * shows where it could have, and with stand-ins for steps that it shows and the bundles cannot run.
 */
export function adaptBundles(
  proxy: Bundle,
  sharedFlows: readonly Bundle[],
  survey: SessionSurvey,
): AdaptedBundles {
  const differences: RevisionDifference[] = [];
  const all = [proxy, ...sharedFlows];
  const attached = new Map(
    all.flatMap((bundle) => stepsOf(bundle).map((step) => [nameOf(step), bundle])),
  );
  const given = new Set(sharedFlows.map(({ name }) => name));
  const standIns = new Map<string, Bundle>();
  const inserted = new Map<string, readonly Placement[]>();
  for (const [name, placements] of survey.shown) {
    const bundle = attached.get(name);
    const why =
      bundle === undefined
        ? 'the bundle has no such step'
        : whyNotRun(bundle.policies.get(name), given);
    if (why === undefined) continue;
    standIns.set(name, bundle ?? proxy);
    if (bundle === undefined) inserted.set(name, placements);
    differences.push({
      explanation: 'step only in the session',
      what: `${name}: ${why}`,
      place: undefined,
    });
  }
  const context: Context = { survey, inserted, differences, placed: new Set() };
  const withStandIns = (bundle: Bundle): Bundle => ({
    ...bundle,
    policies: new Map([
      ...bundle.policies,
      ...[...standIns]
        .filter(([, own]) => own === bundle)
        .map(([name]) => [name, recordedEffectsPolicy(name, bundle.location)] as const),
    ]),
  });
  const adapted = {
    ...withStandIns(proxy),
    proxyEndpoints: mapped(proxy.proxyEndpoints, (endpoint) =>
      isVisited(survey.proxyEndpoints, endpoint.name) ? proxyEndpoint(endpoint, context) : endpoint,
    ),
    targetEndpoints: mapped(proxy.targetEndpoints, (endpoint) =>
      isVisited(survey.targetEndpoints, endpoint.name)
        ? targetEndpoint(endpoint, context)
        : endpoint,
    ),
  };
  return {
    bundles: [adapted, ...sharedFlows.map(withStandIns)],
    differences,
    standIns: new Map(
      [...standIns.keys()].map((name) => [
        name,
        inserted.has(name) ? 'step of the session' : 'step of the bundle',
      ]),
    ),
  };
}

interface Context {
  readonly survey: SessionSurvey;
  /** Steps that the bundle has nowhere, with their places. */
  readonly inserted: ReadonlyMap<string, readonly Placement[]>;
  readonly differences: RevisionDifference[];
  /** Placements that found their flow. */
  readonly placed: Set<Placement>;
}

/** A session that names no endpoint may have visited any. */
function isVisited(names: ReadonlySet<string>, name: string): boolean {
  return names.size === 0 || names.has(name);
}

function whyNotRun(
  policy: BundlePolicy | undefined,
  sharedFlows: ReadonlySet<string>,
): string | undefined {
  if (policy === undefined) return 'the bundle has the step but no such policy';
  if (policy.kind === 'unsupported') return `policies of type ${policy.type} do not run here`;
  const missing = policy.references.find(
    (reference) => reference.kind === 'shared-flow' && !sharedFlows.has(reference.name),
  );
  return missing?.kind === 'shared-flow'
    ? `the shared flow ${missing.name} is not given; add its bundle with another --bundle`
    : undefined;
}

function proxyEndpoint(endpoint: ProxyEndpoint, context: Context): ProxyEndpoint {
  const adapted = flows(endpoint, 'proxy request', 'proxy response', context);
  const { postClientFlow } = endpoint;
  if (postClientFlow === undefined) return { ...endpoint, ...adapted };
  const response = direction(
    postClientFlow.response,
    'after the response',
    'PostClientFlow',
    endpoint.location,
    context,
  );
  return { ...endpoint, ...adapted, postClientFlow: { ...postClientFlow, response } };
}

function targetEndpoint(endpoint: TargetEndpoint, context: Context): TargetEndpoint {
  return { ...endpoint, ...flows(endpoint, 'target request', 'target response', context) };
}

type Endpoint = Pick<
  ProxyEndpoint,
  'preFlow' | 'flows' | 'postFlow' | 'faultRules' | 'defaultFaultRule' | 'location'
>;

function flows(
  endpoint: Endpoint,
  request: Segment,
  response: Segment,
  context: Context,
): Omit<Endpoint, 'location'> {
  const { location, faultRules, defaultFaultRule } = endpoint;
  const unconditional = (
    flow: UnconditionalFlowNode | undefined,
    name: string,
  ): UnconditionalFlowNode | undefined => {
    const adapted = {
      request: direction(flow?.request, request, name, location, context),
      response: direction(flow?.response, response, name, location, context),
    };
    if (flow !== undefined) return { ...flow, ...adapted };
    if (adapted.request === undefined && adapted.response === undefined) return undefined;
    return { location, name, description: undefined, ...adapted };
  };
  return {
    preFlow: unconditional(endpoint.preFlow, 'PreFlow'),
    flows:
      endpoint.flows === undefined
        ? undefined
        : {
            ...endpoint.flows,
            flow: endpoint.flows.flow
              .filter((flow) => {
                const name = flow.name ?? '';
                const hasCondition = (flow.condition?.value ?? '') !== '';
                const { entered } = context.survey;
                const isKnown =
                  hasCondition ||
                  entered.has(flowKey(request, name)) ||
                  entered.has(flowKey(response, name)) ||
                  !entered.has(flowKey(request, 'PostFlow'));
                if (isKnown) return true;
                leaveOut(context, 'flow only in the bundle', `flow ${name}`, flow.location);
                return false;
              })
              .map((flow) => ({
                ...flow,
                request: direction(flow.request, request, flow.name ?? '', location, context),
                response: direction(flow.response, response, flow.name ?? '', location, context),
              })),
          },
    postFlow: unconditional(endpoint.postFlow, 'PostFlow'),
    faultRules:
      faultRules === undefined
        ? undefined
        : {
            ...faultRules,
            faultRule: faultRules.faultRule.map((rule) => ({
              ...rule,
              step: steps(rule.step, 'fault rules', rule.name ?? '', location, context),
            })),
          },
    defaultFaultRule:
      defaultFaultRule === undefined
        ? undefined
        : {
            ...defaultFaultRule,
            step: steps(
              defaultFaultRule.step,
              'fault rules',
              defaultFaultRule.name ?? '',
              location,
              context,
            ),
          },
  };
}

function direction(
  node: DirectionNode | undefined,
  segment: Segment,
  flow: string,
  location: Location,
  context: Context,
): DirectionNode | undefined {
  const adapted = steps(node?.step ?? [], segment, flow, location, context);
  if (node !== undefined) return { ...node, step: adapted };
  return adapted.length === 0 ? undefined : { location, step: adapted };
}

function steps(
  nodes: readonly StepNode[],
  segment: Segment,
  flow: string,
  location: Location,
  context: Context,
): readonly StepNode[] {
  const { survey, inserted, placed } = context;
  if (!survey.entered.has(flowKey(segment, flow))) return nodes;
  const kept = nodes.filter((node) => {
    const name = nameOf(node);
    if (survey.shown.has(name)) return true;
    const what = name === '' ? `a step without a name (${segment}, ${flow})` : name;
    leaveOut(context, 'step only in the bundle', what, node.location);
    return false;
  });
  for (const [name, placements] of inserted) {
    for (const placement of placements) {
      if (placement.segment !== segment || placement.flow !== flow) continue;
      const { after } = placement;
      const before =
        after === undefined ? -1 : kept.findLastIndex((node) => nameOf(node) === after);
      kept.splice(before + 1, 0, stepNamed(name, location));
      placed.add(placement);
    }
  }
  return kept;
}

function leaveOut(
  { differences }: Context,
  explanation: Explanation,
  what: string,
  place: Location,
): void {
  differences.push({ explanation, what, place });
}

function stepNamed(name: string, location: Location): StepNode {
  return {
    location,
    name: { location, value: name, textLocation: location },
    condition: undefined,
  };
}

function nameOf({ name }: StepNode): string {
  return name?.value ?? '';
}

/** Every step of a bundle, whatever it hangs on. */
function stepsOf({ proxyEndpoints, targetEndpoints, sharedFlows }: Bundle): readonly StepNode[] {
  const ofEndpoint = (endpoint: ProxyEndpoint | TargetEndpoint): readonly StepNode[] => [
    ...[
      endpoint.preFlow,
      ...(endpoint.flows?.flow ?? []),
      endpoint.postFlow,
      'postClientFlow' in endpoint ? endpoint.postClientFlow : undefined,
    ].flatMap((flow) => [...(flow?.request?.step ?? []), ...(flow?.response?.step ?? [])]),
    ...(endpoint.faultRules?.faultRule ?? []).flatMap(({ step }) => step),
    ...(endpoint.defaultFaultRule?.step ?? []),
  ];
  return [
    ...[...proxyEndpoints.values()].flatMap(ofEndpoint),
    ...[...targetEndpoints.values()].flatMap(ofEndpoint),
    ...[...sharedFlows.values()].flatMap(({ step }) => step),
  ];
}

function mapped<Value>(
  values: ReadonlyMap<string, Value>,
  change: (value: Value) => Value,
): ReadonlyMap<string, Value> {
  return new Map([...values].map(([name, value]) => [name, change(value)]));
}
