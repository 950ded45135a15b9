import type { Condition } from '../condition/condition.ts';
import type { ConditionOwner } from '../trace/recorder.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';

/**
 * Whether a condition holds now; the recorder is told, also of one that cannot be decided. `name` is that
 * of the step, flow, route or rule that has the condition.
 *
 * @throws {Fault} ConditionUndecided
 */
export function askCondition(
  condition: Condition,
  transaction: ProxyTransaction,
  owner: ConditionOwner,
  name: string,
): boolean {
  const { recorder } = transaction;
  if (recorder === undefined) return condition.holds(transaction);
  let holds = false;
  try {
    holds = condition.holds(transaction);
  } finally {
    recorder.askedCondition(transaction, owner, name, condition, holds);
  }
  return holds;
}
