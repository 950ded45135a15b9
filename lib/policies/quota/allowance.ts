import { flowValueText, type FlowValue } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference, type VariableReference } from '../../variables/flow-variables.ts';
import { wholeNumber } from '../../xml/grammar/value.ts';
import type { AllowNode, LimitNode } from './grammar.ts';

/** What a Quota allows that says nothing of it. */
export const defaultLimit = 2_000;

/** How much a message's client may use. */
export interface Allowance {
  readonly limit: number;
  /** The client's class, if the policy has a limit for it. */
  readonly class: string | undefined;
}

/** Finds the limit of a message. */
export function compileAllowance(allow: AllowNode | undefined): (flow: Flow) => Allowance {
  const general = compileLimit(allow);
  const node = allow?.class;
  const ref = node?.ref ?? '';
  if (node === undefined || ref === '') {
    return (flow) => ({ limit: general(flow) ?? defaultLimit, class: undefined });
  }
  const variable = variableReference(ref);
  const byClass = new Map(node.allow.map((one) => [one.class, compileLimit(one)] as const));
  return (flow) => {
    const name = flowValueText(variable.read(flow.variables));
    const limit = byClass.get(name)?.(flow);
    return limit === undefined
      ? { limit: general(flow) ?? defaultLimit, class: undefined }
      : { limit, class: name };
  };
}

/** The limit that a count or its variable gives; undefined if neither does. */
export function compileLimit(node: LimitNode | undefined): (flow: Flow) => number | undefined {
  const count = wholeNumber(node?.count ?? '');
  const ref = node?.countRef ?? '';
  if (ref === '') return () => count;
  const variable: VariableReference = variableReference(ref);
  return ({ variables }) => limitOf(variable.read(variables)) ?? count;
}

/** The limit that a variable holds; undefined if it holds no whole number. */
export function limitOf(value: FlowValue): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  return value === null || value === undefined ? undefined : wholeNumber(flowValueText(value));
}
