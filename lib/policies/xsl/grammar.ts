import { attribute, element, ignored, leaf, many, optional } from '../../xml/grammar/element.ts';
import { boolean, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const parameter = element({
  doc: 'A parameter of the stylesheet.',
  attributes: {
    name: attribute(text, 'Name of the xsl:param.', ''),
    ref: attribute(text, 'Variable that holds the value.', ''),
    value: attribute(text, 'The value, where no variable has one.'),
  },
});

/** Grammar of XSL ("XSLTransform policy"). */
export const xslGrammar = policyElement('Transforms XML with a stylesheet.', {
  source: optional(
    'Source',
    leaf(text, 'What is transformed, a message or text; message unless given.'),
  ),
  resourceUrl: optional('ResourceURL', leaf(text, 'The stylesheet, such as xsl://file.xsl.')),
  outputVariable: optional(
    'OutputVariable',
    leaf(text, 'Variable that takes the result; without it the content of the source does.'),
  ),
  parameters: optional(
    'Parameters',
    element({
      doc: 'Parameters of the stylesheet.',
      attributes: {
        ignoreUnresolvedVariables: attribute(
          boolean,
          'true: a parameter without a value is left out; false: it is a fault.',
          false,
        ),
      },
      children: { parameter: many('Parameter', parameter) },
    }),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type XslPolicy = PolicyNode<'XSL', typeof xslGrammar>;
export type ParametersNode = NonNullable<XslPolicy['parameters']>;
