import { createBackgroundCalls } from '../../lib/connection/background-calls.ts';
import { fixedTokenProvider } from '../../lib/connection/google-tokens.ts';
import type {
  IncomingResponse,
  OutgoingRequest,
  Transport,
} from '../../lib/connection/transport.ts';
import { loadBundle } from '../../lib/bundle/load-bundle.ts';
import type { ClientRequest } from '../../lib/flow/client-request.ts';
import { createMemoryState } from '../../lib/state/memory-state.ts';
import { createDeployment, type Deployment } from '../../lib/flow/deployment.ts';
import { defaultHost, type Host } from '../../lib/host/host.ts';
import { unavailableServices } from '../../lib/policies/unavailable-services.ts';
import type { Recorder } from '../../lib/trace/recorder.ts';
import { inFolder, type Files } from '../bundle/folder.ts';

/** 2015-04-25T20:20:00.187Z, for ever. */
export const fixedHost: Host = {
  ...defaultHost,
  clock: {
    now: () => 1_429_993_200_187,
    nanoseconds: () => 5_000_000,
    after: () => ({ cancel: () => undefined }),
  },
  random: {
    uuid: () => '00000000-0000-4000-8000-000000000001',
    bytes: (count) => new Uint8Array(count),
  },
};

export type Answers = (request: OutgoingRequest) => Partial<IncomingResponse>;

function answering(answers: Answers): Transport {
  return {
    async send(request) {
      // One turn of the event loop, as every real answer takes.
      await Promise.resolve();
      const headers = [['Content-Type', 'application/json']] as const;
      const body = new TextEncoder().encode('{"ok":true}');
      return { status: 200, reason: 'OK', version: '1.1', headers, body, ...answers(request) };
    },
    stream: () => Promise.reject(new Error('Nothing is streamed here.')),
    reach: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

export interface Setting {
  /** The files of an API proxy, below `apiproxy`. */
  readonly proxy: Files;
  /** Of a shared flow named `checks`, below `sharedflowbundle`. */
  readonly sharedFlow?: Files;
  readonly answers?: Answers;
  readonly host?: Host;
}

export async function deploy({
  proxy,
  sharedFlow,
  answers = () => ({}),
  host = fixedHost,
}: Setting): Promise<Deployment> {
  const below = (prefix: string, files: Files): Files =>
    Object.fromEntries(Object.entries(files).map(([path, file]) => [`${prefix}/${path}`, file]));
  const load = (files: Files) => inFolder(files, (folder) => loadBundle(folder));
  const bundles = [await load(below('apiproxy', proxy))];
  if (sharedFlow !== undefined) bundles.push(await load(below('sharedflowbundle', sharedFlow)));
  const errors = bundles
    .flatMap(({ diagnostics }) => diagnostics)
    .filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return createDeployment({
    bundles,
    host,
    services: {
      ...unavailableServices,
      transport: answering(answers),
      tokens: fixedTokenProvider('token'),
      background: createBackgroundCalls(10),
      state: createMemoryState({ clock: host.clock }),
    },
    identity: 'host',
    unsupported: 'skip',
    report: () => undefined,
  });
}

export function clientRequest(init: {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: ClientRequest['headers'];
  readonly body?: string | Uint8Array;
}): ClientRequest {
  const { method = 'GET', target = '/', headers = [['Host', 'api.example.com']], body = '' } = init;
  return {
    method,
    target,
    version: '1.1',
    headers,
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    peer: { ip: '192.0.2.7', port: 4_000, scheme: 'http' },
  };
}

/** Runs a request to its end, the time after its response was sent included. */
export async function runToEnd(
  deployment: Deployment,
  request: ClientRequest,
  recorder: Recorder | undefined,
): Promise<{ readonly status: number; readonly body: string }> {
  const handled = await deployment.handle(request, recorder);
  if (handled === undefined) throw new Error('No proxy has this path');
  await handled.afterSent({ start: 1_429_993_200_250, end: 1_429_993_200_250 });
  const { status, body } = handled.response;
  const chunks: Uint8Array[] = [];
  if (body instanceof Uint8Array) chunks.push(body);
  else for await (const chunk of body) chunks.push(chunk);
  return { status, body: Buffer.concat(chunks).toString() };
}
