import {
  attribute,
  element,
  leaf,
  many,
  optional,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import { boolean, template, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const pattern = element({
  doc: 'Text that must match as a whole; {$} captures.',
  attributes: { ignoreCase: attribute(boolean, 'true: letters match in any case.', false) },
  text,
});

const patterns = (noun: string) =>
  element({
    doc: `Captures from ${noun}.`,
    attributes: { name: attribute(text, 'Its name.', '') },
    children: { pattern: many('Pattern', pattern) },
  });

const collect = element({
  doc: 'Where the value is: a variable, or a part of a message.',
  attributes: {
    ref: attribute(text, 'The variable.', ''),
    default: attribute(text, 'The value where there is none; not a template.'),
  },
  children: {
    source: optional('Source', leaf(text, 'The message; message unless given.')),
    uriPath: optional('URIPath', patterns('the path behind the base path')),
    queryParam: optional('QueryParam', patterns('a query parameter')),
    header: optional('Header', patterns('a header')),
    formParam: optional('FormParam', patterns('a form parameter')),
    jsonPayload: optional(
      'JSONPayload',
      element({
        doc: 'Captures from a JSON body.',
        children: {
          jsonPath: optional('JSONPath', leaf(template, 'A JSONPath; a message template.')),
        },
      }),
    ),
    xmlPayload: optional(
      'XMLPayload',
      element({
        doc: 'Captures from an XML body.',
        children: {
          namespaces: optional(
            'Namespaces',
            element({
              doc: 'Namespaces that the expression uses.',
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
          xpath: optional('XPath', leaf(text, 'An XPath 1.0 expression.')),
        },
      }),
    ),
  },
});

/** Grammar of DataCapture ("DataCapture policy"). */
export const dataCaptureGrammar = policyElement('Captures values for analytics.', {
  capture: many(
    'Capture',
    element({
      doc: 'One value.',
      children: {
        dataCollector: optional(
          'DataCollector',
          element({
            doc: 'Name of the data collector that takes it.',
            attributes: { scope: attribute(text, 'monetization, or nothing.', '') },
            text,
          }),
        ),
        collect: optional('Collect', collect),
      },
    }),
  ),
  ignoreUnresolvedVariables: optional(
    'IgnoreUnresolvedVariables',
    leaf(boolean, 'false, the default: an unresolved variable is noted as an error.'),
  ),
  throwExceptionOnLimit: optional(
    'ThrowExceptionOnLimit',
    leaf(boolean, 'true: a value too long, or one too many, is a fault.'),
  ),
});

export type DataCapturePolicy = PolicyNode<'DataCapture', typeof dataCaptureGrammar>;
export type CollectNode = NodeOf<typeof collect>;
