import { isTransactionMessage, mentionsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { keyMentionsPayload } from '../caching/cache-key.ts';
import { checkPopulateCache } from './checks.ts';
import { compilePopulateCache } from './compile.ts';
import { populateCacheGrammar, type PopulateCachePolicy } from './grammar.ts';

/** PopulateCache: keeps a value in a cache ("PopulateCache policy"). */
export const populateCache: PolicyType<PopulateCachePolicy> = {
  type: 'PopulateCache',
  grammar: populateCacheGrammar,
  variablePrefix: 'populatecache',
  support: 'whole grammar; caches need no declaration',
  touchesPayload({ source, ...policy }) {
    const name = source?.value ?? '';
    return isTransactionMessage(name) || mentionsPayload(name) || keyMentionsPayload(policy);
  },
  check: checkPopulateCache,
  compile: compilePopulateCache,
};
