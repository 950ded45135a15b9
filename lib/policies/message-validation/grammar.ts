import { attribute, element, ignored, leaf, many, optional } from '../../xml/grammar/element.ts';
import { oneOf, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

export const soapVersions = ['1.1', '1.2', '1.1/1.2'] as const;

/** Grammar of MessageValidation ("SOAPMessageValidation policy"). */
export const messageValidationGrammar = policyElement(
  'Validates a message against an XML Schema or a WSDL, or that it is well-formed.',
  {
    source: optional('Source', leaf(text, 'The message that is validated; request unless given.')),
    resourceUrl: optional(
      'ResourceURL',
      leaf(text, 'xsd://file.xsd or wsdl://file.wsdl; without it the body must be well-formed.'),
    ),
    soapMessage: optional(
      'SOAPMessage',
      element({
        doc: 'The message is an envelope of SOAP, and what its body holds is validated.',
        attributes: { version: attribute(oneOf(...soapVersions), 'Versions that may come.') },
      }),
    ),
    element: many(
      'Element',
      element({
        doc: 'An element that may be the root, or of SOAP the content of the body.',
        attributes: { namespace: attribute(text, 'Its namespace.', '') },
        text,
      }),
    ),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type MessageValidationPolicy = PolicyNode<
  'MessageValidation',
  typeof messageValidationGrammar
>;
