import { readBundle } from '../../lib/bundle/read-bundle.ts';
import { createBackgroundCalls } from '../../lib/connection/background-calls.ts';
import { createUndiciTransport } from '../../lib/connection/undici-transport.ts';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import type { ClientRequest } from '../../lib/flow/client-request.ts';
import { createMemoryState } from '../../lib/state/memory-state.ts';
import { createDeployment, type Deployment } from '../../lib/flow/deployment.ts';
import {
  emptyEnvironment,
  type Environment,
  type TargetServer,
} from '../../lib/host/environment.ts';
import { defaultHost, type Host } from '../../lib/host/host.ts';
import { unavailableServices } from '../../lib/policies/unavailable-services.ts';

/** The files of one proxy, by path below `apiproxy`. */
export type ProxyFiles = Readonly<Record<string, string>>;

export interface Deployed {
  readonly deployment: Deployment;
  readonly diagnostics: readonly Diagnostic[];
  readonly close: () => Promise<void>;
}

/** Deploys proxies whose target servers are real ones on loopback. */
export async function deployed(
  proxies: Readonly<Record<string, ProxyFiles>>,
  given: Partial<Host> = {},
): Promise<Deployed> {
  const diagnostics: Diagnostic[] = [];
  const host: Host = { ...defaultHost, ...given };
  const transport = createUndiciTransport({ clock: host.clock });
  const bundles = await Promise.all(
    Object.entries(proxies).map(([name, files]) =>
      readBundle(
        'apiproxy',
        name,
        Object.entries({ [`${name}.xml`]: `<APIProxy name="${name}"/>`, ...files }).map(
          ([path, text]) => ({
            path,
            file: {
              path,
              name: `${name}/${path}`,
              bytes: () => Promise.resolve(Buffer.from(text)),
            },
          }),
        ),
      ),
    ),
  );
  diagnostics.push(...bundles.flatMap((bundle) => bundle.diagnostics));
  const deployment = createDeployment({
    bundles,
    host,
    services: {
      ...unavailableServices,
      transport,
      tokens: unavailableServices.tokens,
      background: createBackgroundCalls(10),
      state: createMemoryState({ clock: host.clock }),
    },
    identity: 'host',
    unsupported: 'fault',
    report: (diagnostic) => diagnostics.push(diagnostic),
  });
  return {
    deployment,
    diagnostics,
    async close() {
      deployment.close();
      await transport.close();
    },
  };
}

/** A proxy at `/` in front of one target endpoint. */
export function proxyTo(
  connection: string,
  parts: {
    readonly proxy?: string;
    readonly target?: string;
    readonly proxyProperties?: string;
    readonly policies?: ProxyFiles;
  } = {},
): ProxyFiles {
  return {
    'proxies/default.xml': `<ProxyEndpoint name="default">${parts.proxy ?? ''}
      <HTTPProxyConnection><BasePath>/</BasePath>
        <Properties>${parts.proxyProperties ?? ''}</Properties></HTTPProxyConnection>
      <RouteRule name="only"><TargetEndpoint>default</TargetEndpoint></RouteRule>
    </ProxyEndpoint>`,
    'targets/default.xml': `<TargetEndpoint name="default">${parts.target ?? ''}
      <HTTPTargetConnection>${connection}</HTTPTargetConnection></TargetEndpoint>`,
    ...parts.policies,
  };
}

/** An environment with these target servers. */
export function environmentOf(
  servers: Readonly<Record<string, Partial<TargetServer>>>,
  given: Partial<Environment> = {},
): Environment {
  return {
    ...emptyEnvironment,
    targetServers: new Map(
      Object.entries(servers).map(([name, server]) => [
        name,
        { name, host: '127.0.0.1', port: 1, isEnabled: true, protocol: 'HTTP', ...server },
      ]),
    ),
    ...given,
  };
}

/** A client's request to a proxy, with what a test wants different. */
export function clientRequest(changes: Partial<ClientRequest> = {}): ClientRequest {
  return {
    method: 'GET',
    target: '/',
    version: '1.1',
    headers: [['Host', 'api.test']],
    body: new Uint8Array(),
    peer: { ip: '127.0.0.1', port: 40_000, scheme: 'http' },
    ...changes,
  };
}
