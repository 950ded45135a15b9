import { checkLookupTimeout } from '../caching/checks.ts';
import type { PolicyType } from '../policy-type.ts';
import { compileResponseCache } from './compile.ts';
import { responseCacheGrammar, type ResponseCachePolicy } from './grammar.ts';

/** ResponseCache: answers from responses that were kept ("ResponseCache policy"). */
export const responseCache: PolicyType<ResponseCachePolicy> = {
  type: 'ResponseCache',
  grammar: responseCacheGrammar,
  variablePrefix: 'responsecache',
  support: 'whole grammar; caches need no declaration',
  touchesPayload: () => true,
  check: checkLookupTimeout,
  compile: compileResponseCache,
};
