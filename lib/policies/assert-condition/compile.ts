import { compileCondition } from '../../condition/condition.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { conditionEvaluationFailed } from './faults.ts';
import type { AssertConditionPolicy } from './grammar.ts';

/** Compiles AssertCondition. The flow goes on whatever the result is ("AssertCondition policy"). */
export function compileAssertCondition(
  { name, condition: node, location }: AssertConditionPolicy,
  { report }: CompileContext,
): Program {
  const condition = compileCondition(node?.value ?? '', {
    location: node?.textLocation ?? location,
    report,
  });
  const truthValue = variableReference(`assertcondition.${name}.truthValue`);
  return (flow) => {
    // Unlike a step's condition, one that cannot be decided does not count as false.
    const { holds, undecided } = condition.explain(flow);
    if (undecided !== undefined) throw conditionEvaluationFailed(name, undecided);
    truthValue.write(flow.variables, holds);
  };
}
