import { fixedTokenProvider } from '../../connection/google-tokens.ts';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import { listen, type GatewayServer } from '../../gateway/node-server.ts';
import { systemClock } from '../../host/clock.ts';
import { createRedisState } from '../../state/redis-state.ts';
import type { State } from '../../state/state.ts';
import { directoryTraces } from '../../trace/directory-traces.ts';
import { UsageError } from '../exit.ts';
import { cannotListen } from './address.ts';
import { loadDeployables } from './load-deployables.ts';
import { loggedMessages } from './logged-messages.ts';
import type { ServeLog } from './log.ts';
import type { ServeOptions } from './options.ts';
import { orRefused, type Refused, type Tell } from './outcome.ts';
import { watchPaths, type Watch } from './watch.ts';

/** A gateway on a port, with its hot reload. */
export interface Serving {
  readonly kind: 'serving';
  readonly port: number;
  readonly url: string;
  /** Finishes what is in flight. */
  close(): Promise<void>;
}

export interface ServeSurroundings {
  readonly log: ServeLog;
  /** Takes findings for the operator to see. */
  readonly tell: Tell;
  /** Takes a sentence for the operator to see. */
  readonly say: (line: string) => void;
}

/**
 * Deploys and listens, unless something cannot be deployed; what is found is told.
 *
 * @throws {UsageError} for an address that cannot be had
 */
export function startServing(
  options: ServeOptions,
  surroundings: ServeSurroundings,
): Promise<Serving | Refused> {
  return orRefused(() => serving(options, surroundings), surroundings.tell);
}

/** @throws {DeploymentError} for what cannot be deployed */
async function serving(options: ServeOptions, surroundings: ServeSurroundings): Promise<Serving> {
  const { log, tell } = surroundings;
  const { bundles, environment, sources } = await loadDeployables(options, tell);
  const traces = options.trace === undefined ? undefined : directoryTraces(options.trace);
  const stores = options.redis === undefined ? undefined : sharedState(options.redis, log);
  const gateway = await createGateway({
    ...loggedMessages(options, log),
    ...(stores === undefined ? {} : { stores }),
    ...(traces === undefined ? {} : { recorderFor: traces.recorderFor }),
    bundles,
    environment,
    log,
    upstreams: options.upstreams,
    unsupported: options.unsupported,
    undeployable: options.undeployable,
    report: (diagnostic) => {
      tell([diagnostic]);
    },
    ...(options.accessLog === 'written'
      ? {
          onAccess: (record) => {
            log.access(record);
          },
        }
      : {}),
    ...(options.googleToken === undefined
      ? {}
      : { tokens: fixedTokenProvider(options.googleToken) }),
  }).catch(async (error: unknown) => {
    // Its connection would keep the process alive.
    await stores?.close();
    throw error;
  });
  const server = await listening(gateway, options);
  const watch =
    options.reloading === 'watch'
      ? startWatching(gateway, sources, options, surroundings)
      : undefined;
  return {
    kind: 'serving',
    port: server.port,
    url: server.url,
    async close() {
      watch?.close();
      await server.close();
      await traces?.settled();
    },
  };
}

/** @throws {UsageError} for a URL that names no Redis */
function sharedState(url: string, log: ServeLog): State {
  try {
    return createRedisState(url, { log, clock: systemClock });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`--state ${error.message}`);
  }
}

async function listening(gateway: Gateway, { host, port }: ServeOptions): Promise<GatewayServer> {
  try {
    return await listen(gateway, { host, port });
  } catch (error) {
    await gateway.close();
    throw cannotListen('--port', host, port, error);
  }
}

/** Loads everything anew when a file changes: the bundles, and the environment. */
function startWatching(
  gateway: Gateway,
  sources: readonly string[],
  options: ServeOptions,
  { tell, say }: ServeSurroundings,
): Watch {
  let turn: Promise<void> = Promise.resolve();
  const reload = async (): Promise<void> => {
    try {
      const { bundles, environment } = await loadDeployables(options, tell);
      await gateway.reload(bundles, environment);
      say(`reloaded ${gateway.deployed.join(', ')}`);
    } catch (error) {
      if (error instanceof DeploymentError) tell(error.diagnostics);
      else say(error instanceof Error ? error.message : String(error));
      say('reload failed; the revision before it goes on');
    }
  };
  return watchPaths(sources, () => {
    turn = turn.then(reload);
  });
}
