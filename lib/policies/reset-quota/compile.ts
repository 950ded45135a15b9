import { flowValueText } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import type { CompileContext, PolicyCore, Program } from '../policy-type.ts';
import { compileQuotaCounter, type QuotaCounter } from '../quota/counter.ts';
import type { QuotaPolicy } from '../quota/grammar.ts';
import { defaultIdentifier } from '../rate-limiting/identifier.ts';
import { readCount } from './count.ts';
import { allowNotResolved, invalidQuota, quotaNotResolved } from './faults.ts';
import type { AllowNode, IdentifierNode, ResetQuotaPolicy } from './grammar.ts';

/** Gives back to one counter; what it returns is to be waited for. */
type GiveBack = (flow: Flow, counter: QuotaCounter) => void | Promise<void>;

/** Compiles ResetQuota: what it gives back may be used again before the window of the Quota ends. */
export function compileResetQuota(policy: ResetQuotaPolicy, context: CompileContext): Program {
  const quotaOf = compileQuotaName(policy);
  const counterOf = compileCounterLookUp(context);
  const steps = (policy.quota?.identifier ?? []).flatMap((node) =>
    compileGiveBack(node, policy.name),
  );
  return (flow) => {
    const counter = counterOf(quotaOf(flow));
    const pending: Promise<void>[] = [];
    for (const giveBack of steps) {
      const wait = giveBack(flow, counter);
      if (wait !== undefined) pending.push(wait);
    }
    if (pending.length === 0) return undefined;
    return Promise.all(pending).then(() => undefined);
  };
}

/** The counters of each Quota that was asked for; names that no Quota has are not remembered. */
function compileCounterLookUp({
  sibling,
  services,
}: CompileContext): (quota: string) => QuotaCounter {
  const counters = new Map<string, QuotaCounter>();
  return (name) => {
    const known = counters.get(name);
    if (known !== undefined) return known;
    const quota = sibling?.(name);
    if (quota === undefined || !isQuota(quota)) throw invalidQuota(name);
    const counter = compileQuotaCounter(quota, services.state.counters);
    counters.set(name, counter);
    return counter;
  };
}

function isQuota(policy: PolicyCore): policy is QuotaPolicy {
  return policy.type === 'Quota';
}

function compileQuotaName({ quota }: ResetQuotaPolicy): (flow: Flow) => string {
  const nameOf = compileName(quota);
  return (flow) => {
    const name = nameOf(flow);
    if (name === undefined) throw quotaNotResolved();
    return name;
  };
}

interface NameNode {
  readonly name: string | undefined;
  readonly ref: string | undefined;
}

/** A name whose variable comes first; undefined where neither says anything. */
function compileName(node: NameNode | undefined): (flow: Flow) => string | undefined {
  const literal = node?.name === '' ? undefined : node?.name;
  const ref = node?.ref ?? '';
  if (ref === '') return () => literal;
  const variable = variableReference(ref);
  return ({ variables }) => {
    const value = flowValueText(variable.read(variables));
    return value === '' ? literal : value;
  };
}

function compileGiveBack(node: IdentifierNode, policy: string): readonly GiveBack[] {
  const allow = node.class?.allow ?? node.allow;
  if (allow === undefined) return [];
  const identifierOf = compileName(node);
  const classOf = compileName(node.class);
  const countOf = compileCount(allow, policy);
  return [
    (flow, { id, kind, counting }) => {
      const identifier = identifierOf(flow) ?? defaultIdentifier;
      const count = countOf(flow, identifier);
      const counter = id(flow, identifier, classOf(flow));
      return counting(flow, (store) => store.giveBack(counter, kind, count));
    },
  ];
}

function compileCount(
  allow: AllowNode,
  policy: string,
): (flow: Flow, identifier: string) => number {
  const literal = readCount(allow.value ?? '');
  const ref = allow.ref ?? '';
  const variable = ref === '' ? undefined : variableReference(ref);
  return ({ variables }, identifier) => {
    const value = variable?.read(variables);
    const isSet = value !== null && value !== undefined;
    const count = isSet ? readCount(flowValueText(value)) : literal;
    if (count === undefined) {
      throw allowNotResolved(policy, ref === '' ? 'null' : ref, identifier, variables);
    }
    return count;
  };
}
