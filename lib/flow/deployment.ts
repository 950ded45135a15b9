import type { Watch } from '../connection/health-monitor.ts';
import {
  checkDepth,
  LocalCallError,
  type LocalProxies,
  type LocalRequest,
  type LocalTarget,
} from '../connection/local-proxies.ts';
import { joinPaths } from '../connection/request-target.ts';
import type { IncomingResponse } from '../connection/transport.ts';
import { BasePathTable, parseBasePath } from '../bundle/base-path.ts';
import type { Bundle, ProxyEndpoint } from '../bundle/bundle.ts';
import type { Report } from '../diagnostic/diagnostic.ts';
import type { Host } from '../host/host.ts';
import type { HeaderLine } from '../message/header-lines.ts';
import type { HostPolicies } from '../policies/host-policy/host-policy.ts';
import type { CompiledPolicy } from '../policies/compiled-policy.ts';
import type { CompileContext, PolicyServices } from '../policies/policy-type.ts';
import type { Recorder } from '../trace/recorder.ts';
import type { ClientRequest, ClientResponse, StreamableBody } from './client-request.ts';
import {
  compileProxyEndpoint,
  compileTargetEndpoint,
  type CompiledTargetEndpoint,
} from './compiled-endpoints.ts';
import { deployPolicies, type UnsupportedSteps } from './deployed-policies.ts';
import { compileFlowHooks, type FlowHooks } from './flow-hooks.ts';
import { runPipeline, runPostClientFlow, type Pipeline } from './pipeline.ts';
import { ProxyTransaction, type PropertySets } from './proxy-transaction.ts';
import type { TargetCall } from './target-call.ts';
import { requestBodyFault } from './target-faults.ts';
import {
  deploySharedFlow,
  runSharedFlow,
  sharedFlowNotFound,
  type DeployedSharedFlow,
} from './shared-flows.ts';

/** What a deployment is made of. */
export interface DeploymentInit {
  /** Proxies and shared flows of one environment. */
  readonly bundles: readonly Bundle[];
  readonly host: Host;
  /** Local calls are the deployment's own affair. */
  readonly services: Omit<PolicyServices, 'localProxies'>;
  readonly identity: CompileContext['identity'];
  readonly unsupported: UnsupportedSteps;
  /** Implementations of policy types that this runtime has not. */
  readonly hostPolicies?: HostPolicies;
  /** Told what compiling finds, beyond what checking a bundle told. */
  readonly report: Report;
}

/** A transaction that has its response, and work left for the time after it was sent. */
export interface Handled {
  readonly proxy: string;
  readonly response: ClientResponse;
  /** Runs the PostClientFlow; the times are milliseconds since 1970. Raises nothing. */
  afterSent(times: { readonly start: number; readonly end: number }): Promise<void>;
}

/** Proxies of one environment, compiled, and found by base path. */
export interface Deployment {
  /**
   * Puts in place what policies bring with them, and starts the health monitors of target endpoints;
   * without it no server is ever probed.
   */
  start(): void;
  /** The endpoint's limit for a body, or undefined if no proxy has this path. */
  requestLimit(path: string): number | undefined;
  /** Whether a request's body may be given while it is still coming; otherwise it is taken in first. */
  streamsRequest(path: string): boolean;
  /**
   * Runs one request; undefined if no proxy has its path. Rejects only for a mistake of this program.
   */
  handle(request: ClientRequest, recorder?: Recorder): Promise<Handled | undefined>;
  /** Stops the health monitors. Transactions that are under way run to their end. */
  close(): void;
}

interface DeployedEndpoint extends Pipeline {
  readonly bundle: Bundle;
  readonly basePath: string;
  readonly propertySets: PropertySets;
}

/** Compiles the bundles of an environment. What is wrong with a bundle is for its checks to refuse. */
export function createDeployment(init: DeploymentInit): Deployment {
  const { host, report } = init;
  const sharedFlows = new Map<string, DeployedSharedFlow>();
  const hooks = compileFlowHooks(host.environment.flowHooks ?? new Map(), (name) =>
    sharedFlows.get(name),
  );
  const byPath = new BasePathTable<DeployedEndpoint>();
  const byName = new Map<string, DeployedEndpoint>();
  const calls: TargetCall[] = [];
  const starting: CompiledPolicy[] = [];
  let watches: readonly Watch[] | undefined;

  const localProxies = createLocalProxies(byPath, byName, host);
  const contextOf = (bundle: Bundle): CompileContext => ({
    report,
    environment: host.environment,
    identity: init.identity,
    ...(init.hostPolicies === undefined ? {} : { hostPolicies: init.hostPolicies }),
    services: { ...init.services, localProxies },
    bundle,
    resources: {
      read: (url) => bundle.resources.get(url)?.bytes ?? host.environment.resources?.get(url),
      place: (url) => bundle.resources.get(url)?.file,
    },
    sibling(name) {
      const sibling = bundle.policies.get(name);
      return sibling?.kind === 'supported' ? sibling.policy : undefined;
    },
    sharedFlows: {
      run(name, flow) {
        const shared = sharedFlows.get(name);
        if (shared === undefined || !(flow instanceof ProxyTransaction))
          throw sharedFlowNotFound(name);
        return runSharedFlow(shared, flow);
      },
    },
  });

  for (const bundle of init.bundles) {
    const context = contextOf(bundle);
    const policies = deployPolicies(bundle, context, init.unsupported);
    for (const policy of policies.values()) starting.push(policy);
    if (bundle.kind === 'sharedflowbundle') {
      sharedFlows.set(bundle.name, deploySharedFlow(bundle, policies, report));
      continue;
    }
    const targets = new Map<string, CompiledTargetEndpoint>(
      [...bundle.targetEndpoints].map(([name, target]) => [
        name,
        compileTargetEndpoint(target, policies, context),
      ]),
    );
    for (const { call } of targets.values()) calls.push(call);
    for (const endpoint of bundle.proxyEndpoints.values()) {
      const deployed = deployEndpoint(bundle, endpoint, targets, hooks, context, policies);
      if (deployed === undefined) continue;
      const reading = parseBasePath(deployed.basePath);
      if (reading.kind === 'valid') byPath.add(reading.basePath, deployed);
      byName.set(endpointKey(bundle.name, endpoint.name), deployed);
    }
  }

  return {
    start() {
      for (const policy of starting.splice(0)) policy.start?.();
      watches ??= calls.flatMap((call) => call.watch?.(host) ?? []);
    },
    close() {
      for (const watch of watches ?? []) watch.stop();
      watches = [];
    },
    streamsRequest: (path) => byPath.match(path)?.value.endpoint.streaming.request === true,
    requestLimit: (path) => byPath.match(path)?.value.endpoint.requestLimit,
    async handle(request, recorder) {
      const match = byPath.match(pathOf(request.target));
      if (match === undefined) return undefined;
      return runTransaction(match.value, request, match.suffix, { host, localDepth: 0, recorder });
    },
  };
}

function deployEndpoint(
  bundle: Bundle,
  endpoint: ProxyEndpoint,
  targets: ReadonlyMap<string, CompiledTargetEndpoint>,
  hooks: FlowHooks,
  context: CompileContext,
  policies: Parameters<typeof compileProxyEndpoint>[1],
): DeployedEndpoint | undefined {
  const reading = parseBasePath(endpoint.httpProxyConnection?.basePath?.value ?? '/');
  if (reading.kind === 'invalid') return undefined;
  return {
    bundle,
    basePath: reading.basePath.text,
    endpoint: compileProxyEndpoint(endpoint, policies, context),
    targets,
    hooks,
    propertySets: new Map([...(context.environment?.propertySets ?? []), ...bundle.propertySets]),
  };
}

function endpointKey(proxy: string, endpoint: string): string {
  return JSON.stringify([proxy, endpoint]);
}

function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? target : target.slice(0, mark);
}

async function runTransaction(
  deployed: DeployedEndpoint,
  request: ClientRequest,
  pathSuffix: string,
  place: {
    readonly host: Host;
    readonly localDepth: number;
    readonly recorder: Recorder | undefined;
    /** Of whoever calls this proxy in process, in nanoseconds of the host's clock. */
    readonly deadline?: number | undefined;
  },
): Promise<Handled> {
  const { bundle, basePath, endpoint, propertySets } = deployed;
  const { host, localDepth, recorder } = place;
  const proxy = {
    name: bundle.name,
    revision: bundle.revision,
    endpoint: endpoint.name,
    basePath,
    pathSuffix,
  };
  const transaction = new ProxyTransaction({
    host,
    request,
    proxy,
    localDepth,
    propertySets,
    recorder,
    streaming: endpoint.streaming,
  });
  const ownDeadline =
    endpoint.timeout === undefined ? Infinity : host.clock.nanoseconds() + endpoint.timeout * 1e6;
  const deadline = Math.min(ownDeadline, place.deadline ?? Infinity);
  if (deadline !== Infinity) transaction.deadline = deadline;
  const message = transaction.variables.message('request');
  const { body } = request;
  if (message !== undefined && body !== 'too-big' && !(body instanceof Uint8Array)) {
    transaction.bodies.add({
      message,
      kind: 'body',
      chunks: body,
      limit: endpoint.requestLimit,
      fault: requestBodyFault,
      keep(compressed) {
        transaction.keepRequest(compressed);
      },
    });
  }
  let response: ClientResponse;
  try {
    response = await runPipeline(deployed, transaction);
  } catch (error) {
    recorder?.ended(transaction, 'aborted');
    throw error;
  }
  return {
    proxy: bundle.name,
    response,
    async afterSent({ start, end }) {
      transaction.sentStart = start;
      transaction.sentEnd = end;
      await runPostClientFlow(deployed, transaction);
      recorder?.ended(transaction, 'completed');
    },
  };
}

/** A call in process is answered in one piece. */
async function whole(body: StreamableBody): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts);
}

/** Within the process nothing is framed, but the proxy that is called may ask for the length. */
function withLength({ method, headers, body }: LocalRequest): readonly HeaderLine[] {
  const needsNone = body === null && method !== 'POST' && method !== 'PUT';
  if (needsNone || headers.some(([name]) => name.toLowerCase() === 'content-length'))
    return headers;
  return [...headers, ['Content-Length', String(body?.byteLength ?? 0)]];
}

/** Calls between proxies of one deployment: in process, each a transaction of its own. */
function createLocalProxies(
  byPath: BasePathTable<DeployedEndpoint>,
  byName: ReadonlyMap<string, DeployedEndpoint>,
  host: Host,
): LocalProxies {
  const find = (
    target: LocalTarget,
  ): { readonly deployed: DeployedEndpoint; readonly path: string } | undefined => {
    if (target.kind === 'path') {
      const deployed = byPath.match(pathOf(target.path))?.value;
      return deployed === undefined ? undefined : { deployed, path: target.path };
    }
    const deployed = byName.get(endpointKey(target.proxy, target.endpoint));
    return deployed === undefined ? undefined : { deployed, path: deployed.basePath };
  };
  return {
    async call(target, request, depth): Promise<IncomingResponse> {
      checkDepth(depth, host.limits.localDepth);
      const found = find(target);
      if (found === undefined) {
        throw new LocalCallError('not-found', `No proxy is deployed for ${JSON.stringify(target)}`);
      }
      const [base = '', ...ownQuery] = found.path.split('?');
      const path = joinPaths(base, request.path);
      const query = [ownQuery.join('?'), request.query].filter((part) => part !== '').join('&');
      const { basePath } = found.deployed;
      const suffix =
        target.kind === 'path'
          ? (byPath.match(path)?.suffix ?? '')
          : path.slice(basePath === '/' ? 0 : basePath.length);
      const handled = await runTransaction(
        found.deployed,
        {
          method: request.method,
          target: query === '' ? path : `${path}?${query}`,
          version: '1.1',
          headers: withLength(request),
          body: request.body ?? new Uint8Array(),
          peer: { ip: '127.0.0.1', port: 0, scheme: 'http' },
        },
        suffix,
        { host, localDepth: depth, recorder: undefined, deadline: request.deadline },
      );
      const now = host.clock.now();
      await handled.afterSent({ start: now, end: now });
      const { status, reason, headers, body } = handled.response;
      return { status, reason, version: '1.1', headers, body: await whole(body) };
    },
  };
}
