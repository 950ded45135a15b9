import { ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { boolean, template, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

/** Grammar of CORS ("CORS policy"). */
export const corsGrammar = policyElement(
  'Answers preflight requests, and allows browsers to read the responses to other requests.',
  {
    allowOrigins: optional(
      'AllowOrigins',
      leaf(template, 'Origins that may use the API, parted by commas, or * for every one.'),
    ),
    allowMethods: optional(
      'AllowMethods',
      leaf(template, 'Methods, or *; GET, POST, HEAD, OPTIONS unless given.'),
    ),
    allowHeaders: optional(
      'AllowHeaders',
      leaf(template, 'Headers that a request may carry; the usual six unless given.'),
    ),
    exposeHeaders: optional(
      'ExposeHeaders',
      leaf(template, 'Headers of a response that scripts may read, or *.'),
    ),
    maxAge: optional(
      'MaxAge',
      leaf(text, 'Seconds that a preflight holds; 1800 unless given, -1 for none.'),
    ),
    allowCredentials: optional(
      'AllowCredentials',
      leaf(
        boolean,
        'Whether a request may carry credentials; its header is not sent unless given.',
      ),
    ),
    generatePreflightResponse: optional(
      'GeneratePreflightResponse',
      leaf(
        boolean,
        'true, the default: preflights are answered here; false: only variables are set.',
      ),
    ),
    ignoreUnresolvedVariables: optional(
      'IgnoreUnresolvedVariables',
      leaf(boolean, 'true, the default: an unresolved variable is empty text; false: a fault.'),
    ),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type CorsPolicy = PolicyNode<'CORS', typeof corsGrammar>;
