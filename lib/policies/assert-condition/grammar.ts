import { ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

/** Grammar of AssertCondition ("AssertCondition policy"). */
export const assertConditionGrammar = policyElement(
  'Sets a variable to whether a condition holds.',
  {
    condition: optional('Condition', leaf(text, 'A condition, as of a Step.')),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type AssertConditionPolicy = PolicyNode<'AssertCondition', typeof assertConditionGrammar>;
