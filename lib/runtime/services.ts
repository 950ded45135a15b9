import {
  noDataCapture,
  noStatistics,
  type DataCapture,
  type Statistics,
} from '../analytics/analytics.ts';
import { createBackgroundCalls } from '../connection/background-calls.ts';
import type { EgressPolicy } from '../connection/egress.ts';
import type { TokenProvider } from '../connection/google-tokens.ts';
import { createGoogleTokenProvider } from '../connection/google-tokens/impersonated-tokens.ts';
import { LocalCallError, type LocalProxies } from '../connection/local-proxies.ts';
import type { Transport } from '../connection/transport.ts';
import { createUndiciTransport } from '../connection/undici-transport.ts';
import { mapUpstreams } from '../connection/upstream-map.ts';
import { wholeTransport, type GivenTransport } from '../connection/whole-transport.ts';
import { noEntities, type Entities } from '../entities/entities.ts';
import { defaultHost, type Host } from '../host/host.ts';
import { defaultLimits, type Limits } from '../host/limits.ts';
import { createMessageDelivery } from '../message-log/delivery.ts';
import { hostMessageLog, type MessageLog } from '../message-log/message-log.ts';
import type { HostPolicies, HostPolicy } from '../policies/host-policy/host-policy.ts';
import { registeredPolicies } from '../policies/host-policy/registration.ts';
import type { CompileContext, PolicyServices } from '../policies/policy-type.ts';
import { pubSubPublisher } from '../publisher/pub-sub.ts';
import { noPublisher, type Publisher } from '../publisher/publisher.ts';
import type { Environment, KeyValueMapSeed } from '../host/environment.ts';
import { mapIn } from '../policies/key-value-map-operations/map-id.ts';
import type { MapId } from '../state/key-value-maps.ts';
import { MapCopies } from '../state/map-copies.ts';
import { createMemoryState } from '../state/memory-state.ts';
import type { State } from '../state/state.ts';

/** The outside world, for whoever wants another one than the machine's own. */
export interface RuntimeOptions extends Partial<Omit<Host, 'limits'>> {
  readonly limits?: Partial<Limits>;
  /** Sends requests; HTTP/1.1 over undici unless given. */
  readonly transport?: GivenTransport;
  /** Mints tokens for Authentication; Google's, for the environment's service account, unless given. */
  readonly tokens?: TokenProvider;
  /** Answers LocalTargetConnection; nothing is found unless given. */
  readonly localProxies?: LocalProxies;
  /** Implementations, by root element, of policy types that Apigee has and this runtime has not. */
  readonly policies?: Readonly<Record<string, HostPolicy>>;
  /** Key-value maps, caches and counters; memory of this process unless given. */
  readonly stores?: State;
  /**
   * Whether a Get of KeyValueMapOperations reads the map itself, or a copy that is as old as the policy's
   * ExpiryTimeInSecs lets it be, as on Apigee; `none` unless given.
   */
  readonly keyValueMapCopies?: 'none' | 'until-expiry';
  /**
   * Takes what MessageLogging policies log; the `info` of `log` unless given. `deliver` brings each entry to
   * where its policy says, files to a directory.
   */
  readonly messageLog?: MessageLog | { readonly deliver: { readonly directory: string } };
  /** Takes what StatisticsCollector policies collect; they are in traces only unless given. */
  readonly statistics?: Statistics;
  /** Takes what DataCapture policies capture; they are in traces only unless given. */
  readonly dataCapture?: DataCapture;
  /** Publishes for PublishMessage policies, which fail unless it is given; `pub-sub` is Google's. */
  readonly publisher?: Publisher | 'pub-sub';
  /** Finds entities for AccessEntity policies; nothing is found unless given. */
  readonly entities?: Entities;
  /** Origin (`https://maps.googleapis.com`) to the URL that its requests go to instead. */
  readonly upstreams?: Readonly<Record<string, string | URL>>;
  /** Where requests may go; anywhere unless given. */
  readonly egress?: EgressPolicy;
}

/** What compiled policies work with, and what ends it. */
export interface Services {
  readonly host: Host;
  readonly identity: CompileContext['identity'];
  readonly policyServices: PolicyServices;
  readonly hostPolicies: HostPolicies;
  /** Waits for fire-and-forget callouts, then closes every connection; again and at once changes nothing. */
  close(): Promise<void>;
}

const noLocalProxies: LocalProxies = {
  call: () =>
    Promise.reject(new LocalCallError('not-found', 'No proxies are deployed in this runtime')),
};

/**
 * @throws {TypeError} for an upstream that is no origin, or no http or https URL, and for an implementation
 *   of a policy type that cannot have one
 */
export function createServices(options: RuntimeOptions): Services {
  const host: Host = {
    clock: options.clock ?? defaultHost.clock,
    random: options.random ?? defaultHost.random,
    log: options.log ?? defaultHost.log,
    limits: { ...defaultLimits, ...options.limits },
    environment: options.environment ?? defaultHost.environment,
  };
  const { clock, environment, limits } = host;
  const hostPolicies = registeredPolicies(options.policies);
  const transport = mapUpstreams(
    options.transport === undefined
      ? createUndiciTransport({
          clock,
          responseHeaders: limits.responseHeaders,
          ...(options.egress === undefined ? {} : { egress: options.egress }),
        })
      : wholeTransport(options.transport, clock),
    upstreamMap(options.upstreams),
  );
  const background = createBackgroundCalls(limits.backgroundCalls);
  const state = options.stores ?? createMemoryState({ clock });
  const tokens = options.tokens ?? createGoogleTokenProvider({ environment, clock });
  const messageLog = messageLogOf(options, { host, transport, tokens });
  for (const { map, entries } of seededMaps(environment)) state.maps.seed(map, entries, 'keep');
  let closed: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await background.settled();
    await messageLog.close?.();
    await transport.close();
    await state.close();
  };
  return {
    host,
    identity: options.tokens === undefined ? 'service-account' : 'host',
    hostPolicies,
    policyServices: {
      transport,
      tokens,
      localProxies: options.localProxies ?? noLocalProxies,
      background,
      state,
      mapCopies:
        options.keyValueMapCopies === 'until-expiry' ? new MapCopies(state.maps, clock) : undefined,
      messageLog,
      statistics: options.statistics ?? noStatistics,
      dataCapture: options.dataCapture ?? noDataCapture,
      publisher:
        options.publisher === 'pub-sub'
          ? pubSubPublisher({ transport, tokens })
          : (options.publisher ?? noPublisher),
      entities: options.entities ?? noEntities,
    },
    close: () => (closed ??= end()),
  };
}

function messageLogOf(
  { messageLog, egress }: RuntimeOptions,
  world: {
    readonly host: Host;
    readonly transport: Transport;
    readonly tokens: TokenProvider;
  },
): MessageLog {
  if (messageLog === undefined) return hostMessageLog(world.host.log);
  if (!('deliver' in messageLog)) return messageLog;
  return createMessageDelivery({ ...world, egress, directory: messageLog.deliver.directory });
}

function seededMaps(
  environment: Environment,
): readonly { readonly map: MapId; readonly entries: KeyValueMapSeed['entries'] }[] {
  return (environment.keyValueMaps ?? []).map(({ scope, proxy = '', name, entries }) => ({
    map: mapIn(scope, name, { environment, proxy, policy: '' }),
    entries,
  }));
}

function upstreamMap(upstreams: RuntimeOptions['upstreams']): ReadonlyMap<string, URL> {
  return new Map(Object.entries(upstreams ?? {}).map(([origin, url]) => [origin, new URL(url)]));
}
