import type { DefaultFaultRuleNode, FaultRuleNode } from '../bundle/bundle.ts';
import type { Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { Fault } from '../fault/fault.ts';
import { mentionsPayload } from '../policies/payload-use.ts';
import { askCondition } from './asked-condition.ts';
import { compileOptionalCondition, compileSteps, type TransactionPart } from './compiled-steps.ts';
import type { Condition } from '../condition/condition.ts';
import type { DeployedPolicies } from './deployed-policies.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';

/** Runs the fault rules of an endpoint on a transaction that is in its error state. Raises nothing. */
export type FaultHandler = (transaction: ProxyTransaction) => Promise<void>;

interface CompiledRule {
  readonly name: string;
  readonly location: Location;
  readonly condition: Condition | undefined;
  readonly run: TransactionPart;
}

interface FaultRules {
  readonly faultRules: { readonly faultRule: readonly FaultRuleNode[] } | undefined;
  readonly defaultFaultRule: DefaultFaultRuleNode | undefined;
}

/**
 * Compiles the fault rules of an endpoint ("Handling faults"). At most one rule runs: of a proxy endpoint
 * the last in the file that holds, of a target endpoint the first. The default rule runs if none did, or
 * with AlwaysEnforce, unless the rule that ran raised a fault of its own by RaiseFault. A fault inside a
 * rule ends it and takes the place of the one that is handled.
 */
export function compileFaultHandler(
  { faultRules, defaultFaultRule }: FaultRules,
  order: 'last-first' | 'first-first',
  policies: DeployedPolicies,
  report: Report,
): FaultHandler {
  const compiled = (node: FaultRuleNode | DefaultFaultRuleNode): CompiledRule => ({
    name: node.name ?? '',
    location: node.location,
    condition: compileOptionalCondition(node.condition, report),
    run: compileSteps(node.step, policies, report),
  });
  const inFileOrder = (faultRules?.faultRule ?? []).map(compiled);
  const rules = order === 'last-first' ? inFileOrder.toReversed() : inFileOrder;
  const fallback = defaultFaultRule === undefined ? undefined : compiled(defaultFaultRule);
  const alwaysEnforce = defaultFaultRule?.alwaysEnforce?.value === true;

  const readsPayload = [...rules, fallback].some((rule) =>
    mentionsPayload(rule?.condition?.source ?? ''),
  );

  return async (transaction) => {
    if (readsPayload) await takeIn(transaction);
    const rule = rules.find((candidate) => applies(candidate, transaction));
    const raised = rule === undefined ? undefined : await runRule(rule, transaction);
    if (fallback === undefined) return;
    const wanted = rule === undefined || (alwaysEnforce && raised?.name !== 'RaiseFault');
    if (wanted && applies(fallback, transaction)) await runRule(fallback, transaction);
  };
}

/** A body that cannot be read leaves conditions about it without an answer, and the first fault in force. */
async function takeIn(transaction: ProxyTransaction): Promise<void> {
  try {
    await transaction.bodies.takeIn();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    transaction.recorder?.raisedFault(transaction, error);
  }
}

/** A condition that cannot be decided does not hold here: nothing handles faults of choosing a rule. */
function applies({ name, condition }: CompiledRule, transaction: ProxyTransaction): boolean {
  if (condition === undefined) return true;
  try {
    return askCondition(condition, transaction, 'fault-rule', name);
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** Runs a rule's steps; gives the fault that ended them, if one did. */
async function runRule(
  rule: CompiledRule,
  transaction: ProxyTransaction,
): Promise<Fault | undefined> {
  transaction.faultRule = rule.name;
  transaction.flow = { name: rule.name, description: null };
  transaction.recorder?.enteredFlow(transaction, rule.name, 'fault-rule', rule.location);
  try {
    await rule.run(transaction);
    await transaction.asked?.settled();
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    transaction.recorder?.raisedFault(transaction, error);
    return error;
  }
}
