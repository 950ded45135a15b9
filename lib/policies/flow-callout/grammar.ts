import { attribute, element, ignored, leaf, many, optional } from '../../xml/grammar/element.ts';
import { template, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const parameter = element({
  doc: 'A flow variable that the shared flow sees: the value of ref if that is set, else the text.',
  attributes: {
    name: attribute(text, 'Name of the variable.', ''),
    ref: attribute(text, 'Flow variable that holds the value.'),
    value: attribute(template, 'Another place for the text.'),
  },
  text: template,
});

/** Grammar of FlowCallout ("FlowCallout policy"). */
export const flowCalloutGrammar = policyElement('Runs a shared flow in the middle of a flow.', {
  sharedFlowBundle: optional('SharedFlowBundle', leaf(text, 'Name of the shared flow.')),
  parameters: optional(
    'Parameters',
    element({
      doc: 'Variables that exist while the shared flow runs.',
      children: { parameter: many('Parameter', parameter) },
    }),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type FlowCalloutPolicy = PolicyNode<'FlowCallout', typeof flowCalloutGrammar>;
