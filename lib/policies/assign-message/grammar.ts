import { authentication } from '../../connection/grammar/authentication.ts';
import { element, ignored, leaf, optional, ordered } from '../../xml/grammar/element.ts';
import { boolean } from '../../xml/grammar/value.ts';
import { assignVariable } from '../assign-variable/grammar.ts';
import { assignTo, messageActions, setParts } from '../message-actions/grammar.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

/** Grammar of AssignMessage ("AssignMessage policy"). Actions run in the order of the document. */
export const assignMessageGrammar = policyElement(
  'Changes or creates a message, and sets flow variables.',
  {
    assignTo: optional('AssignTo', assignTo),
    actions: ordered({
      ...messageActions,
      Set: element({
        doc: 'Replaces or creates parts of the message.',
        children: { ...setParts, authentication: optional('Authentication', authentication) },
      }),
      AssignVariable: assignVariable,
    }),
    ignoreUnresolvedVariables: optional(
      'IgnoreUnresolvedVariables',
      leaf(
        boolean,
        'true: an unresolved variable is empty text; false, the default: it is a fault.',
      ),
    ),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type AssignMessagePolicy = PolicyNode<'AssignMessage', typeof assignMessageGrammar>;
