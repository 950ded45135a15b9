import { attribute, element, ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { boolean, text } from '../../xml/grammar/value.ts';
import { entryChildren } from '../caching/grammar.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const named = (doc: string) =>
  element({
    doc,
    attributes: { ref: attribute(text, 'Flow variable to take instead, if it is set.') },
    text,
  });

/** Grammar of InvalidateCache ("InvalidateCache policy"). */
export const invalidateCacheGrammar = policyElement('Removes entries of a cache.', {
  ...entryChildren,
  cacheContext: optional(
    'CacheContext',
    element({
      doc: 'Whose entries are meant, where the key has no prefix of its own; the running ones unless given.',
      children: {
        apiProxyName: optional('APIProxyName', named('The API proxy.')),
        proxyName: optional('ProxyName', named('The proxy endpoint.')),
        targetName: optional('TargetName', named('The target endpoint.')),
      },
    }),
  ),
  purgeChildEntries: optional(
    'PurgeChildEntries',
    leaf(boolean, 'true: every entry goes whose key begins like this one.'),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type InvalidateCachePolicy = PolicyNode<'InvalidateCache', typeof invalidateCacheGrammar>;
