import { ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';
import { entryChildren, lookupChildren } from '../caching/grammar.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

/** Grammar of LookupCache ("LookupCache policy"). */
export const lookupCacheGrammar = policyElement('Reads an entry of a cache into a variable.', {
  ...entryChildren,
  ...lookupChildren,
  assignTo: optional('AssignTo', leaf(text, 'Variable that gets the value.')),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type LookupCachePolicy = PolicyNode<'LookupCache', typeof lookupCacheGrammar>;
