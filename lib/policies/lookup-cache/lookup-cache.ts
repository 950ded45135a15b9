import { keyMentionsPayload } from '../caching/cache-key.ts';
import { isTransactionMessage, mentionsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkLookupCache } from './checks.ts';
import { compileLookupCache } from './compile.ts';
import { lookupCacheGrammar, type LookupCachePolicy } from './grammar.ts';

/** LookupCache: reads an entry of a cache ("LookupCache policy"). */
export const lookupCache: PolicyType<LookupCachePolicy> = {
  type: 'LookupCache',
  grammar: lookupCacheGrammar,
  variablePrefix: 'lookupcache',
  support: 'whole grammar; caches need no declaration',
  touchesPayload({ assignTo, ...policy }) {
    const name = assignTo?.value ?? '';
    return isTransactionMessage(name) || mentionsPayload(name) || keyMentionsPayload(policy);
  },
  check: checkLookupCache,
  compile: compileLookupCache,
};
