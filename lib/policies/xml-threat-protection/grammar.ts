import { attribute, element, ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { boolean, integer, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const limit = (doc: string) => leaf(integer, `${doc} No limit if it is negative or not given.`);

const includes = (what: string) => attribute(boolean, `Whether ${what} count as children.`, true);

/** Grammar of XMLThreatProtection ("XMLThreatProtection policy"). */
export const xmlThreatProtectionGrammar = policyElement('Refuses XML beyond given limits.', {
  source: optional('Source', leaf(text, 'The message to look at; request unless given.')),
  nameLimits: optional(
    'NameLimits',
    element({
      doc: 'Characters of names, prefixes left out.',
      children: {
        element: optional('Element', limit('Of the name of an element.')),
        attribute: optional('Attribute', limit('Of the name of an attribute.')),
        namespacePrefix: optional('NamespacePrefix', limit('Of a prefix.')),
        processingInstructionTarget: optional(
          'ProcessingInstructionTarget',
          limit('Of the target of a processing instruction.'),
        ),
      },
    }),
  ),
  structureLimits: optional(
    'StructureLimits',
    element({
      doc: 'How many of something there may be.',
      children: {
        nodeDepth: optional('NodeDepth', limit('Elements inside one another.')),
        attributeCountPerElement: optional(
          'AttributeCountPerElement',
          limit('Attributes of one element.'),
        ),
        namespaceCountPerElement: optional(
          'NamespaceCountPerElement',
          limit('Namespaces that one element declares.'),
        ),
        childCount: optional(
          'ChildCount',
          element({
            doc: 'Children of one element. No limit if it is negative or not given.',
            attributes: {
              includeComment: includes('comments'),
              includeElement: includes('elements'),
              includeProcessingInstruction: includes('processing instructions'),
              includeText: includes('texts'),
            },
            text: integer,
          }),
        ),
      },
    }),
  ),
  valueLimits: optional(
    'ValueLimits',
    element({
      doc: 'Characters of values.',
      children: {
        text: optional('Text', limit('Of a text.')),
        attribute: optional('Attribute', limit('Of the value of an attribute.')),
        namespaceUri: optional('NamespaceURI', limit('Of the name of a namespace.')),
        comment: optional('Comment', limit('Of a comment.')),
        processingInstructionData: optional(
          'ProcessingInstructionData',
          limit('Of what is behind the target of a processing instruction.'),
        ),
      },
    }),
  ),
  failOnEmptyXml: optional(
    'FailOnEmptyXml',
    leaf(boolean, 'true: an empty body is a fault; false, the default: it is left alone.'),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type XmlThreatProtectionPolicy = PolicyNode<
  'XMLThreatProtection',
  typeof xmlThreatProtectionGrammar
>;
