import { attribute, element, ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { boolean, oneOf, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const variableOf = (what: string) =>
  element({
    doc: `The ${what}: read by Encode, set by Decode.`,
    attributes: { ref: attribute(text, 'Name of the variable.') },
    text,
  });

/** Grammar of BasicAuthentication ("BasicAuthentication policy"). Nothing in it is a template. */
export const basicAuthenticationGrammar = policyElement(
  'Makes the header of HTTP basic authentication, or takes it apart.',
  {
    operation: optional(
      'Operation',
      leaf(oneOf('Encode', 'Decode'), 'Encode makes the header; Decode takes it apart.'),
    ),
    user: optional('User', variableOf('user name')),
    password: optional('Password', variableOf('password')),
    source: optional('Source', leaf(text, 'Decode: the variable with the header.')),
    assignTo: optional(
      'AssignTo',
      element({
        doc: 'Encode: the variable that gets the header.',
        attributes: {
          createNew: attribute(
            boolean,
            'true: set always; false: only if the variable is not set yet.',
            false,
          ),
        },
        text,
      }),
    ),
    ignoreUnresolvedVariables: optional(
      'IgnoreUnresolvedVariables',
      leaf(boolean, 'true, the default: an unset variable is empty text; false: a fault.'),
    ),
    unused: ignored(['Properties', 'GenerateResponse'], 'Present in old bundles; not used.'),
  },
);

export type BasicAuthenticationPolicy = PolicyNode<
  'BasicAuthentication',
  typeof basicAuthenticationGrammar
>;
