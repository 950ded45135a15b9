import { isCacheable } from '../../state/cached-value.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { CacheAccess } from '../caching/cache-access.ts';
import { compileCacheEntry } from '../caching/cache-key.ts';
import { compileLifetime } from '../caching/expiry.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { entryCannotBeCached } from './faults.ts';
import type { PopulateCachePolicy } from './grammar.ts';

/** Compiles PopulateCache. A variable that is not set leaves the entry as it was. */
export function compilePopulateCache(
  policy: PopulateCachePolicy,
  { services }: CompileContext,
): Program {
  const { name } = policy;
  const source = variableReference(policy.source?.value ?? '');
  const entry = compileCacheEntry(policy);
  const lifetime = compileLifetime(policy.expirySettings);
  const cache = new CacheAccess(services.state.caches, entry.cache, name);
  return (flow) => {
    const value = source.read(flow.variables);
    if (value === null || value === undefined) return;
    if (!isCacheable(value)) throw entryCannotBeCached(name, source.name);
    return cache.put(entry.key(flow), value, lifetime(flow), flow);
  };
}
