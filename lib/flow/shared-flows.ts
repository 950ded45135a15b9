import type { Bundle } from '../bundle/bundle.ts';
import type { Report } from '../diagnostic/diagnostic.ts';
import { Fault } from '../fault/fault.ts';
import { compileSteps, type TransactionPart } from './compiled-steps.ts';
import type { DeployedPolicies } from './deployed-policies.ts';
import type { ProxyTransaction, PropertySets } from './proxy-transaction.ts';

/** A shared flow bundle, ready to run in any proxy's transaction. */
export interface DeployedSharedFlow {
  readonly name: string;
  readonly run: TransactionPart;
  readonly propertySets: PropertySets;
}

export function deploySharedFlow(
  bundle: Bundle,
  policies: DeployedPolicies,
  report: Report,
): DeployedSharedFlow {
  // Of several the one named default is the entry ("Reusable shared flows").
  const [first] = bundle.sharedFlows.values();
  const entry = bundle.sharedFlows.get('default') ?? first;
  return {
    name: bundle.name,
    run: compileSteps(entry?.step ?? [], policies, report),
    propertySets: bundle.propertySets,
  };
}

export function sharedFlowNotFound(name: string): Fault {
  return new Fault({
    code: 'flow.SharedFlowNotFound',
    faultstring: `Shared Flow ${name} Not Found`,
    hint: `Deploy the shared flow ${name} in the same environment.`,
  });
}

/**
 * Runs a shared flow in the transaction of whoever calls it; FlowCallout bounds how deep they nest.
 * @throws {Fault} of a step
 */
export function runSharedFlow(
  { name, run, propertySets }: DeployedSharedFlow,
  transaction: ProxyTransaction,
): void | Promise<void> {
  transaction.sharedFlows.push(propertySets);
  const left = transaction.recorder?.enteredSharedFlow(transaction, name);
  const leave = (): void => {
    left?.();
    transaction.sharedFlows.pop();
  };
  let pending: void | Promise<void>;
  try {
    pending = run(transaction);
  } catch (error) {
    leave();
    throw error;
  }
  if (pending !== undefined) return pending.finally(leave);
  leave();
}
