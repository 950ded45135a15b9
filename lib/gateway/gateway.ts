import type { IncomingMessage } from 'node:http';
import type { Bundle } from '../bundle/bundle.ts';
import type { Report } from '../diagnostic/diagnostic.ts';
import type { ClientPeer, ClientRequest } from '../flow/client-request.ts';
import type { UnsupportedSteps } from '../flow/deployed-policies.ts';
import type { Environment } from '../host/environment.ts';
import { createServices, type RuntimeOptions } from '../runtime/services.ts';
import type { Recorder } from '../trace/recorder.ts';
import { deployBundles, type Undeployable } from './deploy-bundles.ts';
import { Dispatcher, type AccessRecord } from './dispatcher.ts';
import { InProcessExchange, type RawRequest, type RawResponse } from './in-process.ts';
import { NodeExchange, type Expectation, type NodeHandler } from './node-handler.ts';
import { defaultRequestLimits, type RequestLimits } from './request-limits.ts';
import { WebExchange } from './web-handler.ts';

export interface GatewayOptions extends Omit<RuntimeOptions, 'localProxies'> {
  /** The proxies and shared flows of one environment. */
  readonly bundles: readonly Bundle[];
  /** What a step does whose policy type is not supported; `fault` unless given. */
  readonly unsupported?: UnsupportedSteps;
  /** What becomes of bundles with errors; `refuse` unless given. */
  readonly undeployable?: Undeployable;
  /** Told every finding of every deployment: warnings, and errors of what is left out. */
  readonly report?: Report;
  /** What a client's request may cost, where that is not the proxy's to say. */
  readonly requestLimits?: Partial<RequestLimits>;
  /** Told of each request after its response has left. */
  readonly onAccess?: (record: AccessRecord) => void;
  /** Asked for each request who is to record its transaction. */
  readonly recorderFor?: (request: ClientRequest) => Recorder | undefined;
}

/** Proxies of one environment, ready to answer. */
export interface Gateway {
  /**
   * Answers a request of the web standard: Hono, Bun, Deno, workers, tests. Who sent it is told by
   * `peer`, since such a request does not know. The request's target is as its URL has it, dot segments
   * resolved.
   */
  handle(request: Request, peer?: Partial<ClientPeer>): Promise<Response>;
  /**
   * Answers a request without a socket, for tests and proofs: as over the wire header lines keep their
   * number and spelling, the target its dot segments, and a GET its body.
   *
   * @throws whatever breaks off the response's body
   */
  inject(request: RawRequest): Promise<RawResponse>;
  /**
   * Answers requests of node:http, Express, Connect and the like. The path is `request.url`, so
   * frameworks that mount handlers at a prefix take that off. A body that was read before is taken from
   * `request.body`.
   */
  readonly nodeHandler: NodeHandler;
  /** As `nodeHandler`, for a server's `checkContinue` event. */
  readonly checkContinue: NodeHandler;
  /** Names of the proxies and shared flows that are deployed. */
  readonly deployed: readonly string[];
  /**
   * Deploys other bundles in the place of those before, at once; requests in flight finish as they
   * began. The environment stays as it was unless another is given.
   *
   * @throws {DeploymentError} when they cannot be deployed; then nothing changes
   */
  reload(bundles: readonly Bundle[], environment?: Environment): Promise<void>;
  /** Resolves when no request is in flight. */
  idle(): Promise<void>;
  /**
   * Turns new requests away, finishes those in flight with their PostClientFlow and fire-and-forget
   * callouts, and closes every connection to a target.
   */
  close(): Promise<void>;
}

/**
 * Deploys bundles.
 *
 * @throws {DeploymentError} when one of them cannot be deployed, with every finding
 */
// eslint-disable-next-line @typescript-eslint/require-await -- Deploying may come to wait for files.
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const services = createServices(options);
  const deploy = (bundles: readonly Bundle[], environment: Environment) => {
    const {
      deployment,
      diagnostics,
      bundles: deployed,
    } = deployBundles(bundles, {
      services: { ...services, host: { ...services.host, environment } },
      unsupported: options.unsupported ?? 'fault',
      undeployable: options.undeployable ?? 'refuse',
    });
    for (const diagnostic of diagnostics) options.report?.(diagnostic);
    return { deployment, environment, names: deployed.map(({ name }) => name) };
  };

  let current = deploy(options.bundles, services.host.environment);
  current.deployment.start();
  const dispatcher = new Dispatcher(current.deployment, {
    host: services.host,
    recorderFor: options.recorderFor,
    onAccess: options.onAccess,
  });
  const node = new NodeExchange(dispatcher, { ...defaultRequestLimits, ...options.requestLimits });
  const web = new WebExchange(dispatcher);
  const inProcess = new InProcessExchange(dispatcher);
  const nodeHandler =
    (expectation: Expectation): NodeHandler =>
    (request: IncomingMessage, response) => {
      node.handle(request, response, expectation);
    };
  let closing: Promise<void> | undefined;

  return {
    handle: (request, peer) => web.handle(request, peer),
    inject: (request) => inProcess.inject(request),
    nodeHandler: nodeHandler('none'),
    checkContinue: nodeHandler('continue'),
    get deployed() {
      return current.names;
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- As above.
    async reload(bundles, environment = current.environment) {
      const next = deploy(bundles, environment);
      current.deployment.close();
      next.deployment.start();
      current = next;
      dispatcher.deployment = current.deployment;
    },
    idle: () => dispatcher.inFlight.settled(),
    close() {
      closing ??= (async () => {
        node.close();
        web.close();
        inProcess.close();
        current.deployment.close();
        await dispatcher.inFlight.settled();
        await services.close();
      })();
      return closing;
    },
  };
}
