import { element, ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { boolean, template, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

/** Grammar of OASValidation ("OASValidation policy"). */
export const oasValidationGrammar = policyElement(
  'Validates a message against an OpenAPI document.',
  {
    source: optional('Source', leaf(text, 'The message that is validated; request unless given.')),
    resource: optional('OASResource', leaf(template, 'The document, such as oas://api.yaml.')),
    options: optional(
      'Options',
      element({
        doc: 'What is validated.',
        children: {
          validateMessageBody: optional(
            'ValidateMessageBody',
            leaf(boolean, 'true: the body is validated too. Default false.'),
          ),
          allowUnspecifiedParameters: optional(
            'AllowUnspecifiedParameters',
            element({
              doc: 'Whether a request may have parameters that the document does not name.',
              children: {
                header: optional(
                  'Header',
                  leaf(boolean, 'false: other headers fail. Default true.'),
                ),
                query: optional('Query', leaf(boolean, 'false: others fail. Default true.')),
                cookie: optional(
                  'Cookie',
                  leaf(boolean, 'false: other cookies fail. Default true.'),
                ),
              },
            }),
          ),
        },
      }),
    ),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type OasValidationPolicy = PolicyNode<'OASValidation', typeof oasValidationGrammar>;
