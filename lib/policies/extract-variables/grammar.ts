import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
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
import { boolean, template, text, type ValueSyntax } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

export const variableTypes = [
  'boolean',
  'double',
  'float',
  'integer',
  'long',
  'nodeset',
  'string',
] as const;

export type VariableType = (typeof variableTypes)[number];

/** Other spellings, even `String`, stop a deployment. */
function variableType(parent: 'JSONPayload' | 'XMLPayload'): ValueSyntax<VariableType> {
  const quoted = variableTypes.map((type) => `"${type}"`);
  const listed = `${quoted.slice(0, -1).join(', ')}, or ${quoted.at(-1) ?? ''}`;
  return {
    title: variableTypes.join(', '),
    content: 'text',
    xsd: variableTypes,
    json: { enum: variableTypes },
    read(raw, { location, report }) {
      const found = variableTypes.find((type) => type === raw);
      if (found === undefined) {
        report(
          diagnosticAt(
            location,
            'error',
            'invalid-variable-type',
            `The ${parent} Variable type attribute "${raw}" must be one of ${listed}.`,
            'Types are written in lower case.',
          ),
        );
      }
      return found;
    },
  };
}

const pattern = element({
  doc: 'Text that must match as a whole; {NAME} captures, * stands for any text, %{ for a brace.',
  attributes: { ignoreCase: attribute(boolean, 'true: letters match in any case.', false) },
  text,
});

const name = attribute(text, 'Its name.', '');

const named = (noun: string) =>
  element({
    doc: `Extracts from ${noun}.`,
    attributes: { name },
    children: { pattern: many('Pattern', pattern) },
  });

const jsonPayload = element({
  doc: 'Extracts from a JSON body.',
  children: {
    variable: many(
      'Variable',
      element({
        doc: 'A variable and where its value is.',
        attributes: {
          name,
          type: attribute(variableType('JSONPayload'), 'Type of the variable.', 'string'),
        },
        children: {
          jsonPath: optional('JSONPath', leaf(template, 'A JSONPath; a message template.')),
        },
      }),
    ),
  },
});

const xmlPayload = element({
  doc: 'Extracts from an XML body.',
  attributes: {
    stopPayloadProcessing: attribute(
      boolean,
      'true: the first variable found is the only one.',
      false,
    ),
  },
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
    variable: many(
      'Variable',
      element({
        doc: 'A variable and where its value is.',
        attributes: {
          name,
          type: attribute(variableType('XMLPayload'), 'Type of the variable.', 'string'),
        },
        children: { xpath: optional('XPath', leaf(text, 'An XPath 1.0 expression.')) },
      }),
    ),
  },
});

/** Grammar of ExtractVariables ("ExtractVariables policy"). */
export const extractVariablesGrammar = policyElement(
  'Sets flow variables from parts of a message.',
  {
    source: optional(
      'Source',
      element({
        doc: 'Variable to extract from, a message or text; message unless given.',
        attributes: {
          clearPayload: attribute(boolean, 'true: the body is dropped afterwards.', false),
        },
        text,
      }),
    ),
    variablePrefix: optional('VariablePrefix', leaf(text, 'Names become PREFIX.NAME.')),
    ignoreUnresolvedVariables: optional(
      'IgnoreUnresolvedVariables',
      leaf(boolean, 'true: what is not found is skipped; false, the default: it may be a fault.'),
    ),
    extractions: ordered({
      URIPath: element({
        doc: 'Extracts from the path behind the base path.',
        children: { pattern: many('Pattern', pattern) },
      }),
      QueryParam: named('a query parameter'),
      Header: named('a header'),
      FormParam: named('a form parameter'),
      Variable: named('a flow variable'),
      JSONPayload: jsonPayload,
      XMLPayload: xmlPayload,
    }),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type ExtractVariablesPolicy = PolicyNode<'ExtractVariables', typeof extractVariablesGrammar>;
export type ExtractionNode = ExtractVariablesPolicy['extractions'][number];
export type JsonPayloadNode = NodeOf<typeof jsonPayload>;
export type XmlPayloadNode = NodeOf<typeof xmlPayload>;
export type PatternNode = NodeOf<typeof pattern>;
