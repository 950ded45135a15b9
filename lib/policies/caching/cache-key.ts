import {
  flowValueText,
  variableReference,
  type VariableReference,
} from '../../variables/flow-variables.ts';
import type { Flow } from '../../variables/flow.ts';
import { isTransactionMessage, mentionsPayload } from '../payload-use.ts';
import type { EntryNode, Scope } from './grammar.ts';

/** Which entry of which cache a policy means. */
export interface CacheEntry {
  /** Empty for the cache that all share. */
  readonly cache: string;
  /** The cache's name, for flow variables. */
  readonly shownCache: string;
  key(flow: Flow): string;
}

/** Where an entry belongs: names of a proxy and of its parts, or the running one's where undefined. */
export interface KeyPlace {
  readonly proxy?: (flow: Flow) => string;
  readonly proxyEndpoint?: (flow: Flow) => string;
  readonly targetEndpoint?: (flow: Flow) => string;
}

type Part = (flow: Flow) => string;

const proxyName = textOf(variableReference('apiproxy.name'));
const revision = textOf(variableReference('apiproxy.revision'));
const proxyEndpointName = textOf(variableReference('proxy.name'));
const targetEndpointName = textOf(variableReference('target.name'));

/** Compiles a cache key ("Working with cache keys"). A fragment that is not set is an empty part. */
export function compileCacheEntry(
  { cacheKey, cacheResource, scope }: EntryNode,
  place: KeyPlace = {},
): CacheEntry {
  const prefix = cacheKey?.prefix?.value ?? '';
  const fragments = (cacheKey?.keyFragment ?? []).map(({ ref, value }) => fragment(ref, value));
  const start = prefix === '' ? scopePrefix(scope?.value ?? 'Exclusive', place) : () => prefix;
  const cache = cacheResource?.value ?? '';
  return {
    cache,
    shownCache: cache === '' ? 'default' : cache,
    key(flow) {
      let key = start(flow);
      for (const part of fragments) key += `__${part(flow)}`;
      return key;
    },
  };
}

function fragment(ref: string | undefined, value: string | undefined): Part {
  const literal = value ?? '';
  if (ref === undefined || ref === '') return () => literal;
  const reference = variableReference(ref);
  return ({ variables }) => {
    const read = reference.read(variables);
    return read === null || read === undefined ? literal : flowValueText(read);
  };
}

function scopePrefix(scope: Scope, place: KeyPlace): Part {
  const proxy = place.proxy ?? proxyName;
  const proxyEndpoint = place.proxyEndpoint ?? proxyEndpointName;
  const targetEndpoint = place.targetEndpoint ?? targetEndpointName;
  const global: Part = ({ host: { environment } }) =>
    `${environment.organization}__${environment.name}`;
  const application: Part = (flow) => `${global(flow)}__${proxy(flow)}`;
  const endpoint =
    (name: Part): Part =>
    (flow) =>
      `${application(flow)}__${revision(flow)}__${name(flow)}`;
  switch (scope) {
    case 'Global':
      return global;
    case 'Application':
      return application;
    case 'Proxy':
      return endpoint(proxyEndpoint);
    case 'Target':
      return endpoint(targetEndpoint);
    case 'Exclusive':
      return endpoint((flow) =>
        flow.passage.endpoint === 'proxy' ? proxyEndpoint(flow) : targetEndpoint(flow),
      );
  }
}

function textOf(reference: VariableReference): Part {
  return ({ variables }) => flowValueText(reference.read(variables));
}

/** Whether the key is made of a body. */
export function keyMentionsPayload({ cacheKey }: Pick<EntryNode, 'cacheKey'>): boolean {
  return (cacheKey?.keyFragment ?? []).some(
    ({ ref = '' }) => isTransactionMessage(ref) || mentionsPayload(ref),
  );
}
