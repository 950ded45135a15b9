import { attribute, element, leaf, optional, type NodeOf } from '../../xml/grammar/element.ts';
import { template, text, verbatim, verbatimTemplate } from '../../xml/grammar/value.ts';

/** AssignVariable of AssignMessage and RaiseFault ("AssignMessage policy"). */
export const assignVariable = element({
  doc: 'Sets a flow variable: to the first of ResourceURL, Template, Ref, Value and PropertySetRef that has a value.',
  children: {
    name: optional('Name', leaf(text, 'The variable to set.')),
    resourceUrl: optional(
      'ResourceURL',
      leaf(template, 'A resource file, such as jsc://config.json; the variable receives its text.'),
    ),
    template: optional(
      'Template',
      element({
        doc: 'A message template; the text of the variable ref, if that is set.',
        attributes: { ref: attribute(text, 'Flow variable that holds the template.') },
        text: verbatimTemplate,
      }),
    ),
    ref: optional('Ref', leaf(text, 'A flow variable, without braces; its type is kept.')),
    value: optional('Value', leaf(verbatim, 'Literal text; braces in it mean nothing.')),
    propertySetRef: optional(
      'PropertySetRef',
      leaf(template, 'SET.KEY of a property set; a message template.'),
    ),
  },
});

export type AssignVariableNode = NodeOf<typeof assignVariable>;
