import { createBackgroundCalls } from '../../lib/connection/background-calls.ts';
import { sentRequest, type SentRequest } from '../../lib/connection/sent-request.ts';
import {
  TransportError,
  type IncomingResponse,
  type OutgoingRequest,
  type Transport,
} from '../../lib/connection/transport.ts';
import { Fault } from '../../lib/fault/fault.ts';
import { silentLog } from '../../lib/host/log.ts';
import { runKongCallout } from '../../lib/kong/callout.ts';
import type { KongPlugin } from '../../lib/kong/plugin.ts';
import { Message } from '../../lib/message/message.ts';
import type { ServiceCalloutPolicy } from '../../lib/policies/service-callout/grammar.ts';
import { createRuntime } from '../../lib/runtime/runtime.ts';

/** How the service answers; undefined: not at all. */
export type ServiceAnswer =
  | {
      readonly status: number;
      readonly headers: readonly (readonly [string, string])[];
      readonly body: string;
    }
  | undefined;

export interface Client {
  readonly body: string;
  /** Flow variables of one side, shared context of the other. */
  readonly values: Readonly<Record<string, string>>;
}

/** What one form of a callout did, as far as both forms can do it. */
export interface Deed {
  readonly calls: readonly SentRequest[];
  /** Whether the request ends with an error. */
  readonly fails: boolean;
  /** What is kept of an answer that is no failure. */
  readonly kept: { readonly status: unknown; readonly body: string } | undefined;
}

/** Names in lower case and in order, without what says how a body travels. */
function comparable({ method, url, headers, body }: SentRequest): SentRequest {
  const lines = headers
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return { method, url, headers: lines, body: Buffer.from(body) };
}

function recording(answer: ServiceAnswer): {
  readonly transport: Transport;
  readonly sent: OutgoingRequest[];
} {
  const sent: OutgoingRequest[] = [];
  const unused = (): never => {
    throw new Error('Neither form streams or probes.');
  };
  return {
    sent,
    transport: {
      send(request): Promise<IncomingResponse> {
        sent.push(request);
        if (answer === undefined)
          return Promise.reject(new TransportError('unreachable', 'It is down'));
        const { status, headers, body } = answer;
        return Promise.resolve({
          status,
          reason: 'Reason',
          version: '1.1',
          headers,
          body: Buffer.from(body),
        });
      },
      stream: unused,
      reach: unused,
      close: () => Promise.resolve(),
    },
  };
}

export async function runPlugin(
  plugin: KongPlugin,
  client: Client,
  answer: ServiceAnswer,
): Promise<Deed> {
  const { transport, sent } = recording(answer);
  const background = createBackgroundCalls(1);
  const shared = new Map<string, unknown>(Object.entries(client.values));
  const request = { body: Buffer.from(client.body), shared };
  const fails = await failsWith(async () => {
    await runKongCallout(plugin, request, { transport, background, log: silentLog });
  });
  await background.settled();
  const stored = plugin.responseKey === undefined ? undefined : shared.get(plugin.responseKey);
  return { calls: sent.map((one) => comparable(sentRequest(one))), fails, kept: keptOf(stored) };
}

function keptOf(stored: unknown): Deed['kept'] {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const { status, body } = stored as { readonly status: number; readonly body: unknown };
  if (status === 0 || status >= 400) return undefined;
  return { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

export async function runPolicy(
  policy: ServiceCalloutPolicy,
  client: Client,
  answer: ServiceAnswer,
): Promise<Deed> {
  const { transport, sent } = recording(answer);
  const runtime = createRuntime({ transport });
  const compiled = runtime.compile(policy);
  const flow = runtime.newFlow({
    request: { message: 'request', verb: 'POST', content: client.body },
    variables: client.values,
  });
  const fails = await failsWith(async () => {
    await compiled.run(flow);
  });
  await runtime.close();
  const response = flow.variables.get(policy.response?.value ?? '');
  const isKept = response instanceof Message && (response.statusCode ?? 500) < 400;
  return {
    calls: sent.map((one) => comparable(sentRequest(one))),
    fails,
    kept: isKept ? { status: response.statusCode, body: response.content } : undefined,
  };
}

async function failsWith(run: () => Promise<void>): Promise<boolean> {
  try {
    await run();
    return false;
  } catch (error) {
    if (error instanceof Fault) return true;
    throw error;
  }
}
