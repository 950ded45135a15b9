import { sslInfo } from '../../connection/grammar/ssl-info.ts';
import { attribute, element, leaf, many, optional } from '../../xml/grammar/element.ts';
import { integer, text, verbatim } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const property = element({
  doc: 'A setting of the script. Its text is taken as it is: it is no template.',
  attributes: { name: attribute(text, 'Name: scripts read properties.NAME.', '') },
  text,
});

/** Grammar of Javascript ("JavaScript policy"). Children may stand in any order. */
export const javascriptGrammar = policyElement(
  'Runs a script that reads and writes variables and messages.',
  {
    resourceUrl: optional('ResourceURL', leaf(text, 'The script: jsc:// and the name of a file.')),
    includeUrl: many('IncludeURL', leaf(text, 'A script that is evaluated before, in order.')),
    source: optional('Source', leaf(verbatim, 'The script itself, instead of ResourceURL.')),
    properties: optional(
      'Properties',
      element({
        doc: 'Settings of the script, which it reads as strings.',
        children: { property: many('Property', property) },
      }),
    ),
    sslInfo: optional('SSLInfo', sslInfo),
  },
  {
    timeLimit: attribute(
      integer,
      'Milliseconds that the script may take; 0 or none: no limit but that of the runtime.',
    ),
  },
);

export type JavascriptPolicy = PolicyNode<'Javascript', typeof javascriptGrammar>;
