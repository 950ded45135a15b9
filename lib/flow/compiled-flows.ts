import type {
  ConditionalFlowNode,
  DirectionNode,
  UnconditionalFlowNode,
} from '../bundle/bundle.ts';
import type { Report } from '../diagnostic/diagnostic.ts';
import { mentionsPayload } from '../policies/payload-use.ts';
import { askCondition } from './asked-condition.ts';
import { withPayload } from './body-streams.ts';
import { compileOptionalCondition, compileSteps, type TransactionPart } from './compiled-steps.ts';
import type { DeployedPolicies } from './deployed-policies.ts';
import type { FlowPlace, ProxyTransaction } from './proxy-transaction.ts';
import { sequence } from './sequence.ts';

/** The flows that proxy endpoints and target endpoints both have. */
export interface EndpointFlows {
  readonly preFlow: UnconditionalFlowNode | undefined;
  readonly flows: { readonly flow: readonly ConditionalFlowNode[] } | undefined;
  readonly postFlow: UnconditionalFlowNode | undefined;
}

type FlowNode = Pick<ConditionalFlowNode, 'description'>;

export type Direction = 'request' | 'response';

/**
 * Compiles one pass through an endpoint: PreFlow, then the first conditional flow that applies, then
 * PostFlow, in a response as in a request ("API proxy configuration reference").
 */
export function compileSegment(
  { preFlow, flows, postFlow }: EndpointFlows,
  direction: Direction,
  endpoint: 'proxy' | 'target',
  policies: DeployedPolicies,
  report: Report,
): TransactionPart {
  const steps = (node: DirectionNode | undefined): TransactionPart =>
    compileSteps(node?.step ?? [], policies, report);
  const entered = (name: string, node: FlowNode, run: TransactionPart): TransactionPart => {
    const flow: FlowPlace = { name, description: node.description?.value ?? null };
    return (transaction) => {
      enterFlow(transaction, flow, endpoint);
      return run(transaction);
    };
  };
  const conditional = compileConditionalFlows(
    flows?.flow ?? [],
    entered,
    (flow) => steps(flow[direction]),
    report,
  );
  return sequence([
    ...(preFlow === undefined ? [] : [entered('PreFlow', preFlow, steps(preFlow[direction]))]),
    direction === 'response'
      ? resumedAfter(conditional, policiesOf({ flows }, direction))
      : conditional,
    ...(postFlow === undefined ? [] : [entered('PostFlow', postFlow, steps(postFlow[direction]))]),
  ]);
}

/** A step that was to be gone on with may stand in a flow that does not apply; what follows it runs all the same. */
function resumedAfter(run: TransactionPart, policies: ReadonlySet<string>): TransactionPart {
  const resume = ({ asked }: ProxyTransaction): void => {
    if (asked?.resumesAt !== undefined && policies.has(asked.resumesAt)) {
      asked.resumesAt = undefined;
    }
  };
  return (transaction) => {
    const pending = run(transaction);
    if (pending !== undefined)
      return pending.then(() => {
        resume(transaction);
      });
    resume(transaction);
    return undefined;
  };
}

/** Names of the policies in the steps of one pass through an endpoint. */
export function policiesOf(
  { preFlow, flows, postFlow }: Partial<EndpointFlows>,
  direction: Direction,
): ReadonlySet<string> {
  const nodes = [preFlow, ...(flows?.flow ?? []), postFlow];
  return new Set(
    nodes.flatMap((node) => (node?.[direction]?.step ?? []).map(({ name }) => name?.value ?? '')),
  );
}

export function enterFlow(
  transaction: ProxyTransaction,
  flow: FlowPlace,
  endpoint: 'proxy' | 'target',
): void {
  transaction.flow = flow;
  if (endpoint === 'proxy') transaction.proxyFlow = flow;
  else transaction.targetFlow = flow;
  transaction.recorder?.enteredFlow(transaction, flow.name, endpoint);
}

/** Flows are asked in the order of the file; a flow without steps for this direction still counts. */
function compileConditionalFlows(
  nodes: readonly ConditionalFlowNode[],
  entered: (name: string, node: FlowNode, run: TransactionPart) => TransactionPart,
  stepsOf: (flow: ConditionalFlowNode) => TransactionPart,
  report: Report,
): TransactionPart {
  const flows = nodes.map((node) => ({
    name: node.name ?? '',
    condition: compileOptionalCondition(node.condition, report),
    run: entered(node.name ?? '', node, stepsOf(node)),
  }));
  const choose: TransactionPart = (transaction) => {
    for (const { name, condition, run } of flows) {
      if (condition === undefined || askCondition(condition, transaction, 'flow', name))
        return run(transaction);
    }
  };
  const readsPayload = flows.some(({ condition }) => mentionsPayload(condition?.source ?? ''));
  return readsPayload ? withPayload(choose) : choose;
}
