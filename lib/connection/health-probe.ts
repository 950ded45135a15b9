import type { Report } from '../diagnostic/diagnostic.ts';
import { diagnosticAt } from '../diagnostic/diagnostic.ts';
import type { Environment, TargetServer } from '../host/environment.ts';
import type { Host } from '../host/host.ts';
import { ConnectionError } from './connection-error.ts';
import type { HealthMonitorNode } from './grammar/target-connections.ts';
import { hostHeader } from './target-url.ts';
import { tlsSettings } from './tls-settings.ts';
import type {
  ForwardProxy,
  IncomingResponse,
  Origin,
  TlsSettings,
  Transport,
  TransportLimits,
} from './transport.ts';

/** What probes go through. */
export interface ProbeSurroundings {
  readonly environment: Environment;
  readonly transport: Transport;
  readonly proxy: ForwardProxy | undefined;
}

/** One probe of one server under way. */
export interface ProbeRun {
  readonly server: TargetServer;
  readonly host: Pick<Host, 'clock'>;
  /** Identifies whoever probes in X-Apigee-Healthcheck-Id. */
  readonly probedBy: string;
  readonly signal: AbortSignal;
}

/**
 * Probes a server once.
 * @throws {TransportError} when the server cannot be reached
 * @throws {ConnectionError} when its TLS settings name what the environment lacks
 * @throws {UnhealthyAnswer} when it answers other than a healthy server does
 */
export type Probe = (run: ProbeRun) => Promise<void>;

/** A server answered a probe, but not with what SuccessResponse asks for. */
export class UnhealthyAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnhealthyAnswer';
  }
}

type TcpMonitorNode = NonNullable<HealthMonitorNode['tcpMonitor']>;
type HttpMonitorNode = NonNullable<HealthMonitorNode['httpMonitor']>;
type RequestNode = NonNullable<HttpMonitorNode['request']>;
type SuccessNode = NonNullable<HttpMonitorNode['successResponse']>;

/** Compiles what a HealthMonitor does to a server; undefined, and reported, if it does nothing. */
export function compileProbe(
  { tcpMonitor, httpMonitor, location }: HealthMonitorNode,
  surroundings: ProbeSurroundings,
  report: Report,
): Probe | undefined {
  if (tcpMonitor === undefined && httpMonitor === undefined) {
    report(
      diagnosticAt(
        location,
        'warning',
        'health-monitor-without-probe',
        'HealthMonitor has no effect: it does not say how to probe.',
        'Add a TCPMonitor or an HTTPMonitor.',
      ),
    );
    return undefined;
  }
  if (tcpMonitor !== undefined && httpMonitor !== undefined) {
    report(
      diagnosticAt(
        tcpMonitor.location,
        'warning',
        'two-health-monitors',
        'TCPMonitor has no effect beside HTTPMonitor.',
        'Leave one of them.',
      ),
    );
  }
  if (httpMonitor !== undefined) return httpProbe(httpMonitor, surroundings);
  return tcpMonitor === undefined ? undefined : tcpProbe(tcpMonitor, surroundings);
}

/** Apigee's own time limit where a monitor gives none. */
const defaultSeconds = 30;

function milliseconds(seconds: { readonly value: number | undefined } | undefined): number {
  const value = seconds?.value ?? 0;
  return (value > 0 ? value : defaultSeconds) * 1000;
}

function tcpProbe(
  { connectTimeoutInSec, port }: TcpMonitorNode,
  { transport, proxy }: ProbeSurroundings,
): Probe {
  const connectTimeout = milliseconds(connectTimeoutInSec);
  return async ({ server, signal }) => {
    const origin = originOf(server, server.tls?.enabled === true, port);
    await transport.reach({ origin, proxy, connectTimeout, signal });
  };
}

function originOf(
  { host, port }: TargetServer,
  isSecure: boolean,
  other: { readonly value: number | undefined } | undefined,
): Origin {
  return { scheme: isSecure ? 'https' : 'http', host, port: other?.value ?? port };
}

function httpProbe(
  { request, successResponse }: HttpMonitorNode,
  { environment, transport, proxy }: ProbeSurroundings,
): Probe {
  const connectTimeout = milliseconds(request?.connectTimeoutInSec);
  const idleTimeout = milliseconds(request?.socketReadTimeoutInSec);
  const limits: TransportLimits = {
    connectTimeout,
    idleTimeout,
    // A server that sends its answer byte by byte must not hold a probe for ever.
    total: connectTimeout + idleTimeout,
    // Whether the server still accepts connections is part of the question.
    keepAlive: 0,
    responseBody: mostOfBody,
  };
  const payload = request?.payload?.value ?? '';
  const path = request?.path?.value ?? '';
  return async ({ server, signal, probedBy, host }) => {
    const tls = probeTls(server, request, environment);
    const origin = originOf(server, tls !== undefined, request?.port);
    const headers = (request?.header ?? []).map(({ name, value }): [string, string] => [
      name,
      value ?? '',
    ]);
    if (!headers.some(([name]) => name.toLowerCase() === 'host'))
      headers.unshift(['Host', hostHeader(origin)]);
    if (request?.includeHealthCheckIdHeader?.value === true) {
      const { organization, name } = environment;
      const id = [organization, name, probedBy, host.clock.now()].join('/');
      headers.push(['X-Apigee-Healthcheck-Id', id]);
    }
    const response = await transport.send({
      origin,
      method: request?.verb?.value ?? 'GET',
      target: path.startsWith('/') ? path : `/${path}`,
      headers,
      body: payload === '' ? null : Buffer.from(payload, 'utf8'),
      tls,
      proxy,
      limits,
      signal,
    });
    checkAnswer(response, successResponse);
  };
}

/** A health check answers in a word or two; one that answers with more than this is none. */
const mostOfBody = 10 * 1024 * 1024;

/**
 * How a probe uses TLS: `IsSSL` decides whether, or the target server where there is no `IsSSL`; only
 * `UseTargetServerSSLInfo` brings the server's stores along.
 */
function probeTls(
  server: TargetServer,
  request: RequestNode | undefined,
  environment: Environment,
): TlsSettings | undefined {
  const isSsl = request?.isSsl?.value;
  const ofServer = server.tls?.enabled === true;
  if (!(isSsl ?? ofServer)) return undefined;
  const usesServers = request?.useTargetServerSslInfo?.value === true || isSsl === undefined;
  const security = tlsSettings(
    usesServers && ofServer ? { kind: 'server', server } : { kind: 'url', scheme: 'https' },
    undefined,
    environment,
  );
  if (security.kind === 'missing') throw new ConnectionError('missing-store', security.reason);
  if (security.kind === 'plain') return undefined;
  const { settings } = security;
  return request?.trustAllSsl?.value === true ? { ...settings, verification: 'ignore' } : settings;
}

/** Without SuccessResponse any answer will do: the server lives. */
function checkAnswer(
  { status, headers }: IncomingResponse,
  success: SuccessNode | undefined,
): void {
  const codes = (success?.responseCode ?? []).flatMap(({ value }) => value ?? []);
  if (codes.length > 0 && !codes.includes(status)) {
    throw new UnhealthyAnswer(`It answered ${status}, not ${codes.join(' or ')}`);
  }
  for (const { name, value = '' } of success?.header ?? []) {
    const wanted = name.toLowerCase();
    const isThere = headers.some(
      ([line, text]) => line.toLowerCase() === wanted && text.trim() === value,
    );
    if (!isThere) throw new UnhealthyAnswer(`It answered without the header ${name}: ${value}`);
  }
}
