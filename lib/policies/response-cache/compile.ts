import { compileCondition, type Condition } from '../../condition/condition.ts';
import type { Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { FlowValue } from '../../message/flow-value.ts';
import type { Message } from '../../message/message.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import type { Flow } from '../../variables/flow.ts';
import { CacheAccess } from '../caching/cache-access.ts';
import { compileCacheEntry } from '../caching/cache-key.ts';
import { compileLifetime } from '../caching/expiry.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import type { ResponseCachePolicy } from './grammar.ts';
import { lifetimeByHeaders } from './response-lifetime.ts';
import { restoredResponse, storedResponse } from './stored-response.ts';

/** Seconds after which nothing counts as found. */
const defaultTimeout = 30;

/** What the request side leaves for the response side. */
interface Lookup {
  readonly key: string;
  readonly hit: boolean;
}

/**
 * Compiles ResponseCache. In the request it looks the response up, and a hit sends the transaction to the
 * response side's own step; there it keeps what the target answered, under the key of the request side.
 */
export function compileResponseCache(
  policy: ResponseCachePolicy,
  { services, report }: CompileContext,
): Program {
  const { name } = policy;
  const entry = compileCacheEntry(policy);
  const cache = new CacheAccess(services.state.caches, entry.cache, name);
  const timeout = (policy.cacheLookupTimeoutInSeconds?.value ?? defaultTimeout) * 1000;
  const skipsLookup = compileSkip(policy.skipCacheLookup, report);
  const keyOf =
    policy.useAcceptHeader?.value === true
      ? (flow: Flow) => entry.key(flow) + acceptHeaders(flow)
      : (flow: Flow) => entry.key(flow);
  const lifetimeOf = compileResponseLifetime(policy);
  const isKept = compileKept(policy, report);

  const cacheName = variableReference(`responsecache.${name}.cachename`);
  const cacheKey = variableReference(`responsecache.${name}.cachekey`);
  const cacheHit = variableReference(`responsecache.${name}.cachehit`);
  const invalidEntry = variableReference(`responsecache.${name}.invalidentry`);
  const lookups = new WeakMap<Flow, Lookup>();

  const finish = (flow: Flow, key: string, found: FlowValue): void => {
    const { variables, passage } = flow;
    const response = found === undefined ? undefined : restoredResponse(found, flow);
    const hit = response !== undefined;
    lookups.set(flow, { key, hit });
    cacheHit.write(variables, hit);
    invalidEntry.write(variables, found !== undefined && !hit);
    if (!hit) return;
    variables.set('response', response);
    passage.skipTo({ kind: 'step', policy: name });
  };
  const lookUp = (flow: Flow): void | Promise<void> => {
    const key = keyOf(flow);
    cacheName.write(flow.variables, entry.shownCache);
    cacheKey.write(flow.variables, key);
    const found = skipsLookup?.holds(flow) === true ? undefined : cache.get(key, timeout, flow);
    if (found instanceof Promise) {
      return found.then((value) => {
        finish(flow, key, value);
      });
    }
    finish(flow, key, found);
    return undefined;
  };
  const keep = (flow: Flow): void | Promise<void> => {
    const lookup = lookups.get(flow);
    const response = flow.variables.message('response');
    if (lookup?.hit === true || response === undefined || !isKept(response, flow)) return;
    const lifetime = lifetimeOf(response, flow);
    const key = lookup?.key ?? keyOf(flow);
    if (lifetime > 0) return cache.put(key, storedResponse(response, flow), lifetime, flow);
  };
  return (flow) => {
    switch (flow.variables.phase) {
      case 'request':
        return lookUp(flow);
      case 'response':
        return keep(flow);
      case 'error':
        return undefined;
    }
  };
}

interface ConditionNode {
  readonly value: string | undefined;
  readonly textLocation: Location;
}

function compileSkip(node: ConditionNode | undefined, report: Report): Condition | undefined {
  if (node?.value === undefined || node.value === '') return undefined;
  return compileCondition(node.value, {
    location: node.textLocation,
    report(diagnostic) {
      const isError = diagnostic.severity === 'error';
      report(isError ? { ...diagnostic, code: 'InvalidMessagePatternForErrorCode' } : diagnostic);
    },
  });
}

/** Every status is kept unless the policy says otherwise, but for what is no whole answer. */
function compileKept(
  policy: ResponseCachePolicy,
  report: Report,
): (response: Message, flow: Flow) => boolean {
  const skips = compileSkip(policy.skipCachePopulation, report);
  const onlySuccess = policy.excludeErrorResponse?.value === true;
  return (response, flow) => {
    const status = response.statusCode ?? 200;
    if (status === 304 || status === 206 || status < 200) return false;
    if (flow.variables.message('request')?.verb?.toUpperCase() === 'HEAD') return false;
    if (onlySuccess && (status < 200 || status > 205)) return false;
    return skips?.holds(flow) !== true;
  };
}

/** Of two lifetimes the shorter counts. */
function compileResponseLifetime(
  policy: ResponseCachePolicy,
): (response: Message, flow: Flow) => number {
  const bySettings = compileLifetime(policy.expirySettings);
  if (policy.useResponseCacheHeaders?.value !== true) return (_, flow) => bySettings(flow);
  return (response, flow) =>
    Math.min(lifetimeByHeaders(response, flow.host.clock.now()) ?? Infinity, bySettings(flow));
}

const acceptNames = ['accept', 'accept-encoding', 'accept-language', 'accept-charset'] as const;

function acceptHeaders({ variables }: Flow): string {
  const headers = variables.message('request')?.headers;
  return acceptNames.map((name) => `__${headers?.text(name) ?? ''}`).join('');
}
