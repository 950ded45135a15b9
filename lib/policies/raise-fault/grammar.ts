import { element, ignored, leaf, optional, ordered } from '../../xml/grammar/element.ts';
import { boolean } from '../../xml/grammar/value.ts';
import { assignVariable } from '../assign-variable/grammar.ts';
import { messageActions } from '../message-actions/grammar.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const faultResponse = element({
  doc: 'The error response: what is set on it, in the order of the document.',
  children: { actions: ordered({ ...messageActions, AssignVariable: assignVariable }) },
});

/** Grammar of RaiseFault ("RaiseFault policy"). Children may stand in any order. */
export const raiseFaultGrammar = policyElement(
  'Ends the flow with an error response of its own making.',
  {
    faultResponse: optional('FaultResponse', faultResponse),
    ignoreUnresolvedVariables: optional(
      'IgnoreUnresolvedVariables',
      leaf(
        boolean,
        'true, the default: an unresolved variable is empty text; false: it is a fault.',
      ),
    ),
    shortFaultReason: optional(
      'ShortFaultReason',
      leaf(boolean, 'true: the default fault string is the name of the policy alone.'),
    ),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type RaiseFaultPolicy = PolicyNode<'RaiseFault', typeof raiseFaultGrammar>;
