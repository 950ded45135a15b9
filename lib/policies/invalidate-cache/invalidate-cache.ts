import { keyMentionsPayload } from '../caching/cache-key.ts';
import type { PolicyType } from '../policy-type.ts';
import { compileInvalidateCache } from './compile.ts';
import { invalidateCacheGrammar, type InvalidateCachePolicy } from './grammar.ts';

/** InvalidateCache: removes entries of a cache ("InvalidateCache policy"). */
export const invalidateCache: PolicyType<InvalidateCachePolicy> = {
  type: 'InvalidateCache',
  grammar: invalidateCacheGrammar,
  variablePrefix: 'invalidatecache',
  support: 'whole grammar; caches need no declaration',
  touchesPayload: keyMentionsPayload,
  check: () => undefined,
  compile: compileInvalidateCache,
};
