import type { Report } from '../diagnostic/diagnostic.ts';
import { diagnosticAt } from '../diagnostic/diagnostic.ts';
import type { Clock } from '../host/clock.ts';
import type { Environment, TargetServer } from '../host/environment.ts';
import type { OnUnresolved } from '../template/template.ts';
import type { Flow } from '../variables/flow.ts';
import { ConnectionError } from './connection-error.ts';
import { connectionProperties, type ConnectionProperties } from './connection-properties.ts';
import { compileSecurity, type ConnectionSecurity } from './connection-security.ts';
import type { HttpTargetConnectionNode, LoadBalancerNode } from './grammar/target-connections.ts';
import { compileHealthMonitor, type MonitorHost, type Watch } from './health-monitor.ts';
import {
  createLoadBalancer,
  resolveTargetServers,
  type LoadBalancer,
  type ServerPick,
} from './load-balancer.ts';
import { byDeadline, millisecondsUntil, unlimited } from './deadline.ts';
import { compileAddress, type AddressOf, type TargetAddress } from './target-address.ts';
import { hostHeader } from './target-url.ts';
import {
  TransportError,
  type ForwardProxy,
  type IncomingResponse,
  type Origin,
  type OutgoingRequest,
  type ResponseHead,
  type StreamedResponse,
  type TlsSettings,
  type Transport,
} from './transport.ts';

/** Where one attempt of a call goes. */
export interface Destination {
  readonly origin: Origin;
  /** The URL as the policy gives it, or the server's origin with the connection's Path. */
  readonly baseUrl: string;
  readonly path: string;
  readonly query: string;
  readonly tls: TlsSettings | undefined;
  /** The load balancer's choice; undefined where a URL decides. */
  readonly server: { readonly name: string; readonly isFallback: boolean } | undefined;
}

/** What a caller makes of a destination: the request line's target, the headers, the body. */
export type PreparedRequest = Pick<OutgoingRequest, 'method' | 'target' | 'headers' | 'body'>;

export type Prepare = (destination: Destination) => PreparedRequest | Promise<PreparedRequest>;

export interface HttpConnection {
  readonly properties: ConnectionProperties;
  /**
   * Resolves where a call goes.
   * @throws {Fault} of `onUnresolved`
   * @throws {ConnectionError} for what is no URL
   */
  readonly address: AddressOf;
  /**
   * Sends a request, on another server too if the load balancer says so; `prepare` is asked anew for
   * each attempt.
   * @throws {ConnectionError} when there is nothing to connect to
   * @throws {TransportError} when no whole response came
   */
  send(call: ConnectionCall): Promise<IncomingResponse>;
  /**
   * As `send`, but answers once the headers are in, and may send a body that is still coming. Such a body
   * is sent once: after its first byte no other server is tried.
   */
  stream(
    call: ConnectionCall,
    body: AsyncIterable<Uint8Array> | undefined,
  ): Promise<StreamedResponse>;
  /**
   * Starts the connection's HealthMonitor; undefined if there is none that has an effect. Only target
   * endpoints do: the monitor of a callout never runs.
   */
  watch(host: MonitorHost): Watch | undefined;
}

export interface ConnectionCall {
  readonly flow: Flow;
  readonly address: TargetAddress;
  readonly onUnresolved: OnUnresolved;
  /** Common name that the certificate must hold, instead of the policy's own. */
  readonly expectedCommonName: string | undefined;
  readonly prepare: Prepare;
  /** When the whole call must have ended, retries included: nanoseconds of the flow's clock. */
  readonly deadline: number | undefined;
  /** Told each target server whose attempt failed, by connection or by an unhealthy status. */
  readonly onServerFailure?: (server: string) => void;
}

export interface ConnectionContext {
  readonly report: Report;
  readonly environment: Environment | undefined;
  readonly transport: Transport;
}

/** Compiles an HTTPTargetConnection. Its load balancer's state lives as long as what is returned. */
export function compileHttpConnection(
  node: HttpTargetConnectionNode,
  { report, environment, transport }: ConnectionContext,
): HttpConnection {
  const properties = connectionProperties(node.properties, report);
  const security = compileSecurity(node.sslInfo, environment, report);
  const balancer = compileBalancer(node.loadBalancer, environment, report);
  const proxy = properties.useProxy ? forwardProxy(environment, properties) : undefined;
  const monitor =
    node.healthMonitor === undefined || balancer === undefined || environment === undefined
      ? undefined
      : compileHealthMonitor(
          node.healthMonitor,
          node.loadBalancer?.maxFailures?.value ?? 0,
          { environment, transport, proxy },
          report,
        );

  const { connectTimeout, idleTimeout, keepAlive, responseBody } = properties.limits;
  const limitsWithin = (total: number) => ({
    connectTimeout,
    idleTimeout,
    total,
    keepAlive,
    responseBody,
  });
  const unlimitedInAll = limitsWithin(unlimited);

  const sent = <Response>(
    { origin, tls }: Destination,
    { method, target, headers, body }: PreparedRequest,
    { flow, deadline }: ConnectionCall,
    transmit: Transmit<Response>,
  ): Promise<Response> => {
    const total = millisecondsUntil(flow.host.clock, deadline);
    return transmit({
      origin,
      method,
      target,
      headers,
      body,
      tls,
      proxy,
      limits: total === unlimited ? unlimitedInAll : limitsWithin(total),
      signal: undefined,
    });
  };

  const attempt = <Response>(
    destination: Destination,
    call: ConnectionCall,
    transmit: Transmit<Response>,
  ): Promise<Response> => {
    const prepared = call.prepare(destination);
    if (!(prepared instanceof Promise)) return sent(destination, prepared, call, transmit);
    return byDeadline(prepared, call.flow.host.clock, call.deadline).then((request) =>
      sent(destination, request, call, transmit),
    );
  };

  const exchanged = <Response extends ResponseHead>(
    call: ConnectionCall,
    transmission: Transmission<Response>,
  ): Promise<Response> => {
    const { address } = call;
    const { transmit } = transmission;
    if (address.kind === 'url') {
      return attempt(urlDestination(address, call, security), call, transmit);
    }
    if (balancer === undefined) throw new ConnectionError('no-server', 'There is no load balancer');
    return balanced(balancer(call.flow.host.clock), call, {
      ...transmission,
      transmit: (pick) => attempt(serverDestination(pick, address, call, security), call, transmit),
    });
  };

  const whole: Transmission<IncomingResponse> = {
    transmit: (request) => transport.send(request),
    discard: () => undefined,
    canRepeat: () => true,
  };

  return {
    properties,
    address: compileAddress(node, report),
    send: (call) => exchanged(call, whole),
    stream(call, body) {
      let isBegun = false;
      async function* begun(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        isBegun = true;
        yield* chunks;
      }
      return exchanged(call, {
        transmit: (request) =>
          transport.stream(body === undefined ? request : { ...request, body: begun(body) }),
        discard: (response) => {
          void response.body[Symbol.asyncIterator]().return?.();
        },
        canRepeat: () => !isBegun,
      });
    },
    watch: (host) =>
      balancer === undefined ? undefined : monitor?.watch(balancer(host.clock), host),
  };
}

type UrlAddress = Extract<TargetAddress, { kind: 'url' }>;
type ServersAddress = Extract<TargetAddress, { kind: 'servers' }>;

function urlDestination(
  { text, url }: UrlAddress,
  { flow, onUnresolved, expectedCommonName }: ConnectionCall,
  security: ConnectionSecurity,
): Destination {
  const { origin, path, query = '' } = url;
  const tls = security(flow, { kind: 'url', scheme: origin.scheme }, onUnresolved);
  return {
    origin,
    baseUrl: text,
    path,
    query,
    tls: withCommonName(tls, expectedCommonName),
    server: undefined,
  };
}

function serverDestination(
  { server, isFallback }: ServerPick,
  { path, query }: ServersAddress,
  { flow, onUnresolved, expectedCommonName }: ConnectionCall,
  security: ConnectionSecurity,
): Destination {
  const tls = security(flow, { kind: 'server', server }, onUnresolved);
  const origin: Origin = {
    scheme: tls === undefined ? 'http' : 'https',
    host: server.host,
    port: server.port,
  };
  const baseUrl = `${origin.scheme}://${hostHeader(origin)}${path}${query === '' ? '' : `?${query}`}`;
  return {
    origin,
    baseUrl,
    path,
    query,
    tls: withCommonName(tls, expectedCommonName),
    server: { name: server.name, isFallback },
  };
}

function withCommonName(
  tls: TlsSettings | undefined,
  name: string | undefined,
): TlsSettings | undefined {
  if (tls === undefined || name === undefined || name === tls.commonName?.name) return tls;
  return { ...tls, commonName: { name, wildcard: tls.commonName?.wildcard ?? 'exact' } };
}

type Transmit<Response, To = OutgoingRequest> = (to: To) => Promise<Response>;

/** One way of sending requests and getting responses. */
interface Transmission<Response, To = OutgoingRequest> {
  readonly transmit: Transmit<Response, To>;
  /** Gives up a response in favour of another server's. */
  readonly discard: (response: Response) => void;
  readonly canRepeat: () => boolean;
}

/** Tries servers until one answers with a code that is not listed as unhealthy, or none is left to try. */
async function balanced<Response extends ResponseHead>(
  balancer: LoadBalancer,
  call: ConnectionCall,
  { transmit, discard, canRepeat }: Transmission<Response, ServerPick>,
): Promise<Response> {
  const tried = new Set<TargetServer>();
  let pick = balancer.pick();
  if (pick === undefined) throw new ConnectionError('no-server', 'Every server is out of rotation');
  for (;;) {
    tried.add(pick.server);
    let failure: TransportError | undefined;
    let response: Response | undefined;
    try {
      response = await transmit(pick);
    } catch (error) {
      if (!(error instanceof TransportError) || !blamesServer(error)) {
        pick.released();
        throw error;
      }
      pick.failed();
      failure = error;
    }
    if (response !== undefined && pick.answered(response.status) === 'healthy') return response;
    call.onServerFailure?.(pick.server.name);
    const isOver = call.flow.host.clock.nanoseconds() >= (call.deadline ?? Infinity);
    const next = isOver || !canRepeat() ? undefined : balancer.pick(tried);
    if (next !== undefined) {
      pick = next;
      if (response !== undefined) discard(response);
    } else if (response !== undefined) return response;
    else throw failure ?? new ConnectionError('no-server', 'No server answered');
  }
}

/** Whether a failure counts against the server ("Load balancing across backend servers"). */
function blamesServer({ kind }: TransportError): boolean {
  switch (kind) {
    case 'unreachable':
    case 'connect-timeout':
    case 'tls':
    case 'idle-timeout':
    case 'aborted':
    case 'broken':
      return true;
    case 'forbidden':
    case 'too-large':
    case 'undecodable':
    case 'illegal-request':
      return false;
  }
}

type BalancerOf = (clock: Clock) => LoadBalancer;

function compileBalancer(
  node: LoadBalancerNode | undefined,
  environment: Environment | undefined,
  report: Report,
): BalancerOf | undefined {
  if (node === undefined || environment === undefined) return undefined;
  const resolved = resolveTargetServers(
    node.server.map(({ name, weight, isEnabled, isFallback }) => ({
      name,
      weight: weight?.value ?? 1,
      isEnabled: isEnabled?.value ?? true,
      isFallback: isFallback?.value ?? false,
    })),
    environment,
  );
  if (resolved.kind === 'missing') {
    for (const name of resolved.names) {
      const place = node.server.find((server) => server.name === name)?.location ?? node.location;
      report(
        diagnosticAt(
          place,
          'error',
          'unknown-target-server',
          `The target server ${name} is not in the environment ${environment.name}.`,
          'Add it to the environment, or correct the name.',
        ),
      );
    }
    return undefined;
  }
  const { servers } = resolved;
  const codes =
    node.serverUnhealthyResponse?.responseCode.flatMap(({ value }) => value ?? []) ?? [];
  let balancer: LoadBalancer | undefined;
  return (clock) =>
    (balancer ??= createLoadBalancer({
      algorithm: node.algorithm?.value ?? 'RoundRobin',
      servers,
      maxFailures: node.maxFailures?.value ?? 0,
      retryEnabled: node.retryEnabled?.value ?? true,
      unhealthyCodes: new Set(codes),
      clock,
    }));
}

function forwardProxy(
  environment: Environment | undefined,
  { useProxyTunneling }: ConnectionProperties,
): ForwardProxy | undefined {
  const parts = /^(.+):(\d{1,5})$/.exec(environment?.forwardProxy ?? '');
  const host = parts?.[1];
  if (host === undefined) return undefined;
  return { host, port: Number(parts?.[2]), tunnel: useProxyTunneling ? 'always' : 'https-only' };
}
