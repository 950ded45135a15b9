import { mentionsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkAssertCondition } from './checks.ts';
import { compileAssertCondition } from './compile.ts';
import { assertConditionGrammar, type AssertConditionPolicy } from './grammar.ts';

/** AssertCondition: a condition as a variable ("AssertCondition policy"). */
export const assertCondition: PolicyType<AssertConditionPolicy> = {
  type: 'AssertCondition',
  grammar: assertConditionGrammar,
  variablePrefix: 'AssertCondition',
  support: 'whole grammar',
  touchesPayload: ({ condition }) => mentionsPayload(condition?.value ?? ''),
  check: checkAssertCondition,
  compile: compileAssertCondition,
};
