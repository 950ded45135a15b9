import { authentication } from '../../connection/grammar/authentication.ts';
import { attribute, element, ignored, leaf, optional, ordered } from '../../xml/grammar/element.ts';
import { boolean, oneOf, text } from '../../xml/grammar/value.ts';
import { assignVariable } from '../assign-variable/grammar.ts';
import { messageActions, setParts } from '../message-actions/grammar.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const assignTo = element({
  doc: 'Variable that holds the message; empty: the request in a request flow, else the response.',
  attributes: {
    createNew: attribute(
      boolean,
      'true: a new message; false: one that exists; not given: one that exists, else a new one.',
    ),
    type: attribute(
      oneOf('request', 'response'),
      'Kind of a new message; by the flow if not given.',
    ),
    transport: attribute(text, 'Only http exists; has no effect.'),
  },
  text,
});

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
