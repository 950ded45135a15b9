import type { BackgroundCalls } from '../connection/background-calls.ts';
import { hostHeader, parseTargetUrl } from '../connection/target-url.ts';
import {
  TransportError,
  type IncomingResponse,
  type OutgoingRequest,
  type Transport,
} from '../connection/transport.ts';
import { Fault } from '../fault/fault.ts';
import type { Log } from '../host/log.ts';
import type { KongPlugin } from './plugin.ts';

/** What `kong.ctx.shared` gets of an answer. `body` is decoded where it is JSON. */
export interface StoredAnswer {
  readonly status: number;
  /** Names in lower case; of several lines of one name a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: unknown;
}

/** One request on its way through Kong, as far as the plugin sees it. */
export interface KongRequest {
  /** The client's raw body. */
  readonly body: Uint8Array;
  /** `kong.ctx.shared`: texts, numbers, tables. */
  readonly shared: Map<string, unknown>;
}

export interface KongServices {
  readonly transport: Transport;
  readonly background: BackgroundCalls;
  readonly log: Log;
}

/** Fixed in the plugin; milliseconds. */
const connectTimeout = 5_000;
const totalTimeout = 10_000;
const largestResponse = 10 * 1024 * 1024;

/**
 * Runs the plugin on a request, as its access phase does: sends, and in synchronous mode waits, stores
 * the answer, and decides what becomes of the request. No answer, and a status of 400 and above, is a
 * failure; 3xx is not, and is not followed.
 *
 * @throws {Fault} when the callout failed and the request ends: `on_error_status`, `on_error_body`
 */
export async function runKongCallout(
  plugin: KongPlugin,
  request: KongRequest,
  services: KongServices,
): Promise<void> {
  if (!plugin.enabled) return;
  const outgoing = requestOf(plugin, request);
  if (plugin.mode === 'fire-and-forget') {
    startInBackground(plugin, outgoing, services);
    return;
  }
  const outcome = await answerOf(outgoing, services.transport);
  if (plugin.responseKey !== undefined) request.shared.set(plugin.responseKey, stored(outcome));
  const failure = failureOf(outcome);
  if (failure === undefined) return;
  services.log.warn({ plugin: plugin.name, reason: failure }, 'A callout failed');
  if (plugin.onError === 'continue') return;
  throw new Fault({
    code: 'kong.service-callout.CalloutFailed',
    faultstring: plugin.onError.body,
    status: plugin.onError.status,
    cause: outcome.kind === 'failed' ? outcome.error : undefined,
    hint: failure,
  });
}

function startInBackground(
  plugin: KongPlugin,
  outgoing: OutgoingRequest,
  { transport, background, log }: KongServices,
): void {
  const tell = (error: unknown): void => {
    log.warn({ plugin: plugin.name, error }, 'A callout that nobody waits for failed');
  };
  const fate = background.start(async () => {
    const outcome = await answerOf(outgoing, transport);
    if (outcome.kind === 'failed') tell(outcome.error);
    else if (outcome.response.status >= 400) tell(new Error(failureOf(outcome)));
  }, tell);
  if (fate === 'refused') tell(new Error('Too many callouts are under way'));
}

type Outcome =
  | { readonly kind: 'answered'; readonly response: IncomingResponse }
  | { readonly kind: 'failed'; readonly error: TransportError };

async function answerOf(request: OutgoingRequest, transport: Transport): Promise<Outcome> {
  try {
    return { kind: 'answered', response: await transport.send(request) };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { kind: 'failed', error };
  }
}

function failureOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'failed') return outcome.error.message;
  const { status } = outcome.response;
  return status < 400 ? undefined : `The service answered with status ${status}`;
}

function stored(outcome: Outcome): StoredAnswer {
  if (outcome.kind === 'failed') return { status: 0, headers: {}, body: outcome.error.message };
  const { status, headers, body } = outcome.response;
  const text = Buffer.from(body).toString('utf8');
  return { status, headers: named(headers), body: decoded(text) };
}

function named(lines: IncomingResponse['headers']): StoredAnswer['headers'] {
  const values = new Map<string, string[]>();
  for (const [line, value] of lines) {
    const name = line.toLowerCase();
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else before.push(value);
  }
  return Object.fromEntries(
    [...values].map(([name, list]) => [name, list.length === 1 ? (list[0] ?? '') : list] as const),
  );
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function requestOf(plugin: KongPlugin, request: KongRequest): OutgoingRequest {
  const target = parseTargetUrl(plugin.url);
  if (target === undefined) throw new TypeError(`${plugin.url} was not checked`);
  const { origin, path, query } = target;
  const names = new Set([...plugin.headers.keys()].map((name) => name.toLowerCase()));
  return {
    origin,
    method: plugin.method,
    target: `${path === '' ? '/' : path}${query === undefined ? '' : `?${query}`}`,
    headers: [
      ...(names.has('host') ? [] : [['Host', hostHeader(origin)] as const]),
      ...plugin.headers,
    ],
    body: bodyOf(plugin, request),
    tls:
      origin.scheme === 'https'
        ? {
            certificateAuthorities: undefined,
            verification: 'verify',
            ciphers: [],
            protocols: [],
          }
        : undefined,
    limits: {
      connectTimeout,
      idleTimeout: totalTimeout,
      total: totalTimeout,
      keepAlive: 0,
      responseBody: largestResponse,
    },
    signal: undefined,
  };
}

/** A table goes as JSON, anything else as its text; what is not there sends no body. */
function bodyOf(
  { body }: KongPlugin,
  { body: clientBody, shared }: KongRequest,
): Uint8Array | null {
  switch (body.kind) {
    case 'none':
      return null;
    case 'request':
      return clientBody.byteLength === 0 ? null : clientBody;
    case 'shared': {
      const value = shared.get(body.key);
      if (value === undefined || value === null) return null;
      return Buffer.from(typeof value === 'object' ? JSON.stringify(value) : luaText(value));
    }
  }
}

function luaText(value: unknown): string {
  return typeof value === 'string' ? value : `${value as number | boolean}`;
}
