import type { ProxyEndpoint } from './grammar/proxy-endpoint.ts';
import type { SharedFlow } from './grammar/shared-flow.ts';
import type { DirectionNode, StepNode } from './grammar/step.ts';
import type { TargetEndpoint } from './grammar/target-endpoint.ts';
import type { Bundle } from './bundle.ts';

/** A document of a bundle that holds steps. */
export type FlowDocument = ProxyEndpoint | TargetEndpoint | SharedFlow;

type ConditionNode = NonNullable<StepNode['condition']>;

/** All documents with steps: proxy endpoints, then target endpoints, then shared flows. */
export function flowDocuments(bundle: Bundle): readonly FlowDocument[] {
  return [
    ...bundle.proxyEndpoints.values(),
    ...bundle.targetEndpoints.values(),
    ...bundle.sharedFlows.values(),
  ];
}

/** Steps that run one after another, as one list each. */
export function stepLists(document: FlowDocument): readonly (readonly StepNode[])[] {
  if (document.type === 'SharedFlow') return [document.step];
  const { preFlow, flows, postFlow, eventFlow, faultRules, defaultFaultRule } = document;
  const postClientFlow = document.type === 'ProxyEndpoint' ? document.postClientFlow : undefined;
  const directions: readonly (DirectionNode | undefined)[] = [
    preFlow?.request,
    preFlow?.response,
    ...(flows?.flow ?? []).flatMap(({ request, response }) => [request, response]),
    postFlow?.request,
    postFlow?.response,
    eventFlow?.response,
    postClientFlow?.request,
    postClientFlow?.response,
  ];
  const rules = [...(faultRules?.faultRule ?? []), defaultFaultRule];
  return [...directions, ...rules].flatMap((list) => (list === undefined ? [] : [list.step]));
}

/** Every condition of a document, of steps, flows, fault rules and routes. */
export function conditions(document: FlowDocument): readonly ConditionNode[] {
  const holders: readonly ({ readonly condition: ConditionNode | undefined } | undefined)[] = [
    ...stepLists(document).flat(),
    ...(document.type === 'SharedFlow'
      ? []
      : [
          ...(document.flows?.flow ?? []),
          ...(document.faultRules?.faultRule ?? []),
          document.defaultFaultRule,
        ]),
    ...(document.type === 'ProxyEndpoint' ? document.routeRule : []),
  ];
  return holders.flatMap((holder) => (holder?.condition === undefined ? [] : [holder.condition]));
}

/** An empty condition is none. */
export function isUnconditional(holder: {
  readonly condition: ConditionNode | undefined;
}): boolean {
  return (holder.condition?.value ?? '') === '';
}
