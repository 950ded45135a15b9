import { ConnectionError } from '../../connection/connection-error.ts';
import type { HttpConnection } from '../../connection/http-connection.ts';
import { requestTarget } from '../../connection/request-target.ts';
import { hostHeader, parseTargetUrl } from '../../connection/target-url.ts';
import { TransportError, type IncomingResponse } from '../../connection/transport.ts';
import { Message } from '../../message/message.ts';
import { ScriptCallError } from '../../script/sandbox.ts';
import type { Flow } from '../../variables/flow.ts';
import type { PolicyServices } from '../policy-type.ts';
import type { Exchange, ExchangeState } from './exchange.ts';

/** Milliseconds for a whole call, as for a callout that names none. */
const timeout = 55_000;

/** A request as the object model gives it. */
interface ScriptRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
}

/** Starts calls for scripts: over the same transport as callouts, with the same limits. */
export class HttpClient {
  readonly #policy: string;
  readonly #connection: HttpConnection;
  readonly #services: PolicyServices;

  constructor(policy: string, connection: HttpConnection, services: PolicyServices) {
    this.#policy = policy;
    this.#connection = connection;
    this.#services = services;
  }

  /** @throws {ScriptCallError} when too many calls are under way */
  start(flow: Flow, json: string): Exchange {
    const request = readRequest(json);
    let state: ExchangeState = { kind: 'pending' };
    let ended: Promise<void> = Promise.resolve();
    const outcome = this.#services.background.start(
      () => (ended = this.#outcomeOf(flow, request).then((end) => void (state = end))),
      (error) => {
        flow.host.log.error({ policy: this.#policy, error }, 'A call of a script failed');
      },
    );
    if (outcome === 'refused') throw new ScriptCallError('Too many calls are under way');
    return {
      get state() {
        return state;
      },
      ended,
    };
  }

  async #outcomeOf(flow: Flow, request: ScriptRequest): Promise<ExchangeState> {
    try {
      return { kind: 'answered', response: responseMessage(await this.#sent(flow, request)) };
    } catch (error) {
      if (error instanceof TransportError || error instanceof ConnectionError) {
        return { kind: 'failed', error: error.message };
      }
      throw error;
    }
  }

  #sent(flow: Flow, { url, method, headers, body }: ScriptRequest): Promise<IncomingResponse> {
    const parsed = parseTargetUrl(url.trim());
    if (parsed === undefined) {
      return Promise.reject(
        new ConnectionError('malformed-url', `"${url}" is no http or https URL`),
      );
    }
    return this.#connection.send({
      flow,
      address: { kind: 'url', text: url.trim(), url: parsed },
      onUnresolved: 'ignore',
      expectedCommonName: undefined,
      prepare: (destination) => ({
        method,
        target: requestTarget(destination, { path: '', query: '' }),
        headers: [
          ['Host', hostHeader(destination.origin)],
          ...headers.filter(([name]) => !/^(?:host|content-length|transfer-encoding)$/i.test(name)),
        ],
        body: body === null || body === '' ? null : Buffer.from(body),
      }),
      deadline: flow.host.clock.nanoseconds() + timeout * 1e6,
    });
  }
}

function responseMessage({ status, reason, version, headers, body }: IncomingResponse): Message {
  const message = new Message('response');
  message.statusCode = status;
  message.reasonPhrase = reason;
  message.version = `HTTP/${version}`;
  message.headers.addAll(headers);
  message.bytes = body;
  return message;
}

/** The model wrote the text, in a place where scripts could have interfered. */
function readRequest(json: string): ScriptRequest {
  const value: unknown = JSON.parse(json);
  const fields: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  const { url, method, headers, body } = fields;
  const lines = Array.isArray(headers) ? (headers as unknown[]) : [];
  return {
    url: typeof url === 'string' ? url : '',
    method: typeof method === 'string' ? method : 'GET',
    headers: lines.flatMap((line) => {
      const [name, text] = Array.isArray(line) ? (line as unknown[]) : [];
      return typeof name === 'string' && typeof text === 'string' ? [[name, text] as const] : [];
    }),
    body: typeof body === 'string' ? body : null,
  };
}
