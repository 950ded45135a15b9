import { ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';
import { entryChildren, expiryChildren } from '../caching/grammar.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

/** Grammar of PopulateCache ("PopulateCache policy"). */
export const populateCacheGrammar = policyElement('Keeps the value of a variable in a cache.', {
  ...entryChildren,
  ...expiryChildren,
  source: optional(
    'Source',
    leaf(text, 'Variable whose value is kept, a message or anything else.'),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type PopulateCachePolicy = PolicyNode<'PopulateCache', typeof populateCacheGrammar>;
