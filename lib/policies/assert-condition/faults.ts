import { Fault } from '../../fault/fault.ts';

/** The fault of AssertCondition ("AssertCondition policy"); its text was never captured in public. */
export function conditionEvaluationFailed(policy: string, reason: string): Fault {
  return new Fault({
    code: 'steps.assertcondition.ConditionEvaluationFailed',
    faultstring: `AssertCondition[${policy}]: failed to evaluate the condition`,
    cause: reason,
    hint: reason,
  });
}
