import type { FlowValue } from '../../message/flow-value.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import type { Flow } from '../../variables/flow.ts';
import { CacheAccess } from '../caching/cache-access.ts';
import { compileCacheEntry } from '../caching/cache-key.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import type { LookupCachePolicy } from './grammar.ts';

/** Seconds after which nothing counts as found. */
const defaultTimeout = 12;

/** Compiles LookupCache. Where nothing is found, the variable stays as it was. */
export function compileLookupCache(
  policy: LookupCachePolicy,
  { services }: CompileContext,
): Program {
  const { name } = policy;
  const entry = compileCacheEntry(policy);
  const cache = new CacheAccess(services.state.caches, entry.cache, name);
  const timeout = (policy.cacheLookupTimeoutInSeconds?.value ?? defaultTimeout) * 1000;
  const target = variableReference(policy.assignTo?.value ?? '');
  const cacheName = variableReference(`lookupcache.${name}.cachename`);
  const cacheKey = variableReference(`lookupcache.${name}.cachekey`);
  const cacheHit = variableReference(`lookupcache.${name}.cachehit`);
  const assignTo = variableReference(`lookupcache.${name}.assignto`);

  const finish = ({ variables }: Flow, found: FlowValue): void => {
    cacheHit.write(variables, found !== undefined);
    if (found !== undefined) target.write(variables, found);
  };
  return (flow) => {
    const { variables } = flow;
    const key = entry.key(flow);
    cacheName.write(variables, entry.shownCache);
    cacheKey.write(variables, key);
    assignTo.write(variables, target.name);
    const found = cache.get(key, timeout, flow);
    if (found instanceof Promise) {
      return found.then((value) => {
        finish(flow, value);
      });
    }
    finish(flow, found);
    return undefined;
  };
}
