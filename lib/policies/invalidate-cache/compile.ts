import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import type { Flow } from '../../variables/flow.ts';
import { CacheAccess } from '../caching/cache-access.ts';
import { compileCacheEntry, type KeyPlace } from '../caching/cache-key.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import type { InvalidateCachePolicy } from './grammar.ts';

/** Compiles InvalidateCache. An entry that is not there is no failure. */
export function compileInvalidateCache(
  policy: InvalidateCachePolicy,
  { services }: CompileContext,
): Program {
  const { apiProxyName, proxyName, targetName } = policy.cacheContext ?? {};
  const entry = compileCacheEntry(policy, {
    ...named('proxy', 'apiproxy.name', apiProxyName),
    ...named('proxyEndpoint', 'proxy.name', proxyName),
    ...named('targetEndpoint', 'target.name', targetName),
  });
  const cache = new CacheAccess(services.state.caches, entry.cache, policy.name);
  return policy.purgeChildEntries?.value === true
    ? (flow) => cache.deletePrefix(entry.key(flow))
    : (flow) => cache.delete(entry.key(flow));
}

interface NameNode {
  readonly ref: string | undefined;
  readonly value: string | undefined;
}

/** A name that is given, else the running one's. */
function named(part: keyof KeyPlace, running: string, node: NameNode | undefined): KeyPlace {
  const { ref = '', value = '' } = node ?? {};
  if (ref === '' && value === '') return {};
  const given = variableReference(ref);
  const own = variableReference(running);
  const read = ({ variables }: Flow): string => {
    const name = ref === '' ? '' : flowValueText(given.read(variables));
    if (name !== '') return name;
    return value === '' ? flowValueText(own.read(variables)) : value;
  };
  return { [part]: read };
}
