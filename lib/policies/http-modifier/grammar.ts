import { ignored, leaf, optional, ordered } from '../../xml/grammar/element.ts';
import { boolean } from '../../xml/grammar/value.ts';
import { assignTo, messageActions } from '../message-actions/grammar.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const { Add, Set, Remove } = messageActions;

/** Grammar of HTTPModifier ("HTTPModifier policy"). Actions run in the order of the document. */
export const httpModifierGrammar = policyElement('Changes a message that there is.', {
  assignTo: optional('AssignTo', assignTo),
  actions: ordered({ Add, Set, Remove }),
  ignoreUnresolvedVariables: optional(
    'IgnoreUnresolvedVariables',
    leaf(boolean, 'true: an unresolved variable is empty text; false, the default: a fault.'),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type HttpModifierPolicy = PolicyNode<'HTTPModifier', typeof httpModifierGrammar>;
