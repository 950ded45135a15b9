import { attribute, element, ignored, leaf, many, optional } from '../../xml/grammar/element.ts';
import { boolean, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const given = (doc: string) =>
  element({
    doc,
    attributes: { ref: attribute(text, 'Variable that holds it; the text stands in if unset.') },
    text,
  });

/** Grammar of ReadPropertySet ("ReadPropertySet policy"). */
export const readPropertySetGrammar = policyElement('Sets variables from property sets.', {
  read: many(
    'Read',
    element({
      doc: 'Reads one value.',
      children: {
        name: optional('Name', given('The property set: the name of its file without extension.')),
        key: optional('Key', given('The key in the property set.')),
        assignTo: optional('AssignTo', leaf(text, 'Variable that gets the value.')),
        defaultValue: optional('DefaultValue', leaf(text, 'The value where there is no such key.')),
      },
    }),
  ),
  ignoreUnresolvedVariables: optional(
    'IgnoreUnresolvedVariables',
    leaf(boolean, 'true: what is not found stays unset; false, the default: it is a fault.'),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type ReadPropertySetPolicy = PolicyNode<'ReadPropertySet', typeof readPropertySetGrammar>;
export type ReadNode = ReadPropertySetPolicy['read'][number];
