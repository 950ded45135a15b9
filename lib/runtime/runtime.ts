import { createBackgroundCalls } from '../connection/background-calls.ts';
import type { EgressPolicy } from '../connection/egress.ts';
import type { TokenProvider } from '../connection/google-tokens.ts';
import { createGoogleTokenProvider } from '../connection/google-tokens/impersonated-tokens.ts';
import { LocalCallError, type LocalProxies } from '../connection/local-proxies.ts';
import type { Transport } from '../connection/transport.ts';
import { createUndiciTransport } from '../connection/undici-transport.ts';
import { mapUpstreams } from '../connection/upstream-map.ts';
import { DeploymentError } from '../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Environment } from '../host/environment.ts';
import { defaultHost, type Host } from '../host/host.ts';
import { defaultLimits, type Limits } from '../host/limits.ts';
import type { MessageInit } from '../message/message-init.ts';
import { compilePolicy } from '../policies/compile-policy.ts';
import type { CompiledPolicy } from '../policies/compiled-policy.ts';
import type { CompileContext } from '../policies/policy-type.ts';
import type { Policy } from '../policies/registry.ts';
import { newFlow, type Flow } from '../variables/flow.ts';

/** The outside world, for whoever wants another one than the machine's own. */
export interface RuntimeOptions extends Partial<Omit<Host, 'limits'>> {
  readonly limits?: Partial<Limits>;
  /** Sends requests; HTTP/1.1 over undici unless given. */
  readonly transport?: Transport;
  /** Mints tokens for Authentication; Google's, for the environment's service account, unless given. */
  readonly tokens?: TokenProvider;
  /** Answers LocalTargetConnection; nothing is found unless given. */
  readonly localProxies?: LocalProxies;
  /** Origin (`https://maps.googleapis.com`) to the URL that its requests go to instead. */
  readonly upstreams?: Readonly<Record<string, string | URL>>;
  /** Where requests may go; anywhere unless given. */
  readonly egress?: EgressPolicy;
}

/** Compiles policies and starts transactions, all within one outside world. */
export interface Runtime {
  readonly environment: Environment;
  /** @throws {DeploymentError} when the policy cannot run in the runtime's environment */
  compile(policy: Policy, surroundings?: PolicySurroundings): CompiledPolicy;
  /** Starts a transaction; `variables` may hold messages, and replace predefined variables. */
  newFlow(seed?: FlowSeed): Flow;
  /** Waits for fire-and-forget callouts, then closes every connection. */
  close(): Promise<void>;
}

/** What a policy finds beside it in its bundle; nothing unless given. */
export type PolicySurroundings = Pick<CompileContext, 'resources' | 'sharedFlows'>;

export interface FlowSeed {
  /** The client's request; an empty `GET /` unless given. */
  readonly request?: MessageInit;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const noLocalProxies: LocalProxies = {
  call: () =>
    Promise.reject(new LocalCallError('not-found', 'No proxies are deployed in this runtime')),
};

export function createRuntime(options: RuntimeOptions = {}): Runtime {
  const host: Host = {
    clock: options.clock ?? defaultHost.clock,
    random: options.random ?? defaultHost.random,
    log: options.log ?? defaultHost.log,
    limits: { ...defaultLimits, ...options.limits },
    environment: options.environment ?? defaultHost.environment,
  };
  const { clock, environment, limits } = host;
  const transport = mapUpstreams(
    options.transport ??
      createUndiciTransport({
        clock,
        responseHeaders: limits.responseHeaders,
        ...(options.egress === undefined ? {} : { egress: options.egress }),
      }),
    upstreamMap(options.upstreams),
  );
  const background = createBackgroundCalls(limits.backgroundCalls);
  const services = {
    transport,
    tokens: options.tokens ?? createGoogleTokenProvider({ environment, clock }),
    localProxies: options.localProxies ?? noLocalProxies,
    background,
  };
  const identity = options.tokens === undefined ? 'service-account' : 'host';

  return {
    environment,
    compile(policy, surroundings) {
      const diagnostics: Diagnostic[] = [];
      const compiled = compilePolicy(policy, {
        report: (diagnostic) => diagnostics.push(diagnostic),
        environment,
        identity,
        services,
        ...surroundings,
      });
      if (diagnostics.some(({ severity }) => severity === 'error'))
        throw new DeploymentError(diagnostics);
      return compiled;
    },
    newFlow: (seed = {}) => newFlow({ host, ...seed }),
    async close() {
      await background.settled();
      await transport.close();
    },
  };
}

function upstreamMap(upstreams: RuntimeOptions['upstreams']): ReadonlyMap<string, URL> {
  return new Map(Object.entries(upstreams ?? {}).map(([origin, url]) => [origin, new URL(url)]));
}
