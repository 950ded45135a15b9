import { fixedTokenProvider } from '../../connection/google-tokens.ts';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import { listen, type GatewayServer } from '../../gateway/node-server.ts';
import { systemClock } from '../../host/clock.ts';
import { createRedisState } from '../../state/redis-state.ts';
import type { State } from '../../state/state.ts';
import { directoryTraces } from '../../trace/directory-traces.ts';
import { UsageError } from '../exit.ts';
import { loadDeployables } from './load-deployables.ts';
import type { ServeLog } from './log.ts';
import type { ServeOptions } from './options.ts';
import { watchPaths, type Watch } from './watch.ts';

/** A gateway on a port, with its hot reload. */
export interface Serving {
  readonly port: number;
  readonly url: string;
  /** Finishes what is in flight. */
  close(): Promise<void>;
}

export interface ServeSurroundings {
  readonly log: ServeLog;
  /** Takes findings for the operator to see. */
  readonly tell: (diagnostics: readonly Diagnostic[]) => void;
  /** Takes a sentence for the operator to see. */
  readonly say: (line: string) => void;
}

/**
 * Deploys and listens.
 *
 * @throws {DeploymentError} for what cannot be deployed
 * @throws {UsageError} for an address that cannot be had
 */
export async function startServing(
  options: ServeOptions,
  surroundings: ServeSurroundings,
): Promise<Serving> {
  const { log, tell } = surroundings;
  const { bundles, environment, diagnostics } = await loadDeployables(options.paths, options.env);
  tell(diagnostics);
  if (options.undeployable === 'refuse' && diagnostics.some(isError)) {
    throw new DeploymentError([]);
  }
  const traces = options.trace === undefined ? undefined : directoryTraces(options.trace);
  const stores = options.redis === undefined ? undefined : sharedState(options.redis, log);
  const gateway = await createGateway({
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
    options.reloading === 'watch' ? startWatching(gateway, options, surroundings) : undefined;
  return {
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const problem = code === 'EADDRINUSE' ? 'somebody listens there already' : code;
    throw new UsageError(`cannot listen on ${host}:${port}: ${problem}`);
  }
}

/** Bundles are loaded anew; the environment stays as it was at the start. */
function startWatching(
  gateway: Gateway,
  options: ServeOptions,
  { tell, say }: ServeSurroundings,
): Watch {
  let turn: Promise<void> = Promise.resolve();
  const reload = async (): Promise<void> => {
    try {
      const { bundles, diagnostics } = await loadDeployables(options.paths, options.env);
      tell(diagnostics);
      await gateway.reload(bundles);
      say(`reloaded ${gateway.deployed.join(', ')}`);
    } catch (error) {
      if (error instanceof DeploymentError) tell(error.diagnostics);
      else say(error instanceof Error ? error.message : String(error));
      say('reload failed; the revision before it goes on');
    }
  };
  return watchPaths(options.paths, () => {
    turn = turn.then(reload);
  });
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}
