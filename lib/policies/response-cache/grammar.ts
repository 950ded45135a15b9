import { ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { boolean, text } from '../../xml/grammar/value.ts';
import { entryChildren, expiryChildren, lookupChildren } from '../caching/grammar.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

/** Grammar of ResponseCache ("ResponseCache policy"). */
export const responseCacheGrammar = policyElement(
  'Keeps responses of the target, and answers from them. Attached to a request flow and a response flow.',
  {
    ...entryChildren,
    ...expiryChildren,
    ...lookupChildren,
    excludeErrorResponse: optional(
      'ExcludeErrorResponse',
      leaf(boolean, 'true: only responses with a status from 200 to 205 are kept.'),
    ),
    skipCacheLookup: optional(
      'SkipCacheLookup',
      leaf(text, 'Condition; while it holds the target is asked, and the entry renewed.'),
    ),
    skipCachePopulation: optional(
      'SkipCachePopulation',
      leaf(text, 'Condition; while it holds no response is kept.'),
    ),
    useAcceptHeader: optional(
      'UseAcceptHeader',
      leaf(boolean, "true: the request's Accept headers are part of the key."),
    ),
    useResponseCacheHeaders: optional(
      'UseResponseCacheHeaders',
      leaf(boolean, "true: the response's Cache-Control and Expires may shorten its life."),
    ),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type ResponseCachePolicy = PolicyNode<'ResponseCache', typeof responseCacheGrammar>;
