import {
  attribute,
  element,
  ignored,
  leaf,
  many,
  optional,
  ordered,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import { boolean, oneOf, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const pattern = element({
  doc: "A regular expression of Java's, searched for anywhere in the text.",
  attributes: { ignoreCase: attribute(boolean, 'true: letters match in any case.', false) },
  text,
});
const patterns = { pattern: many('Pattern', pattern) } as const;

const named = (noun: string) =>
  element({
    doc: `Looks at ${noun}.`,
    attributes: { name: attribute(text, 'Its name.', '') },
    children: patterns,
  });

const xpath = element({
  doc: 'An expression, and patterns for what it finds.',
  children: {
    expression: optional('Expression', leaf(text, 'An XPath 1.0 expression.')),
    type: optional(
      'Type',
      leaf(
        oneOf('boolean', 'double', 'float', 'integer', 'long', 'nodeset', 'number', 'string'),
        'What the expression gives; string unless given.',
      ),
    ),
    ...patterns,
  },
});

const jsonPath = element({
  doc: 'An expression, and patterns for what it finds.',
  children: {
    expression: optional('Expression', leaf(text, 'A JSONPath.')),
    ...patterns,
  },
});

/** Grammar of RegularExpressionProtection ("RegularExpressionProtection policy"). */
export const regularExpressionProtectionGrammar = policyElement(
  'Refuses messages in which a regular expression finds something.',
  {
    source: optional('Source', leaf(text, 'The message to look at; message unless given.')),
    ignoreUnresolvedVariables: optional(
      'IgnoreUnresolvedVariables',
      leaf(boolean, 'true: a Variable that is not set is skipped; false, the default: a fault.'),
    ),
    parts: ordered({
      URIPath: element({ doc: 'Looks at the path of the request.', children: patterns }),
      QueryParam: named('a query parameter'),
      Header: named('a header'),
      FormParam: named('a form parameter'),
      Variable: named('a flow variable'),
      XMLPayload: element({
        doc: 'Looks into an XML body.',
        children: {
          namespaces: optional(
            'Namespaces',
            element({
              doc: 'Namespaces that the expressions use.',
              children: {
                namespace: many(
                  'Namespace',
                  element({
                    doc: 'The namespace of a prefix.',
                    attributes: { prefix: attribute(text, 'The prefix.', '') },
                    text,
                  }),
                ),
              },
            }),
          ),
          xpath: many('XPath', xpath),
        },
      }),
      JSONPayload: element({
        doc: 'Looks into a JSON body.',
        attributes: {
          escapeSlashCharacter: attribute(
            boolean,
            'true: texts are also tested with every slash written as \\/.',
            false,
          ),
        },
        children: { jsonPath: many('JSONPath', jsonPath) },
      }),
    }),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type RegularExpressionProtectionPolicy = PolicyNode<
  'RegularExpressionProtection',
  typeof regularExpressionProtectionGrammar
>;
export type PartNode = RegularExpressionProtectionPolicy['parts'][number];
export type XmlPayloadNode = Extract<PartNode, { readonly type: 'XMLPayload' }>;
export type JsonPayloadNode = Extract<PartNode, { readonly type: 'JSONPayload' }>;
export type PatternNode = NodeOf<typeof pattern>;
