import { fixedTokenProvider } from '../../connection/google-tokens.ts';
import { TransportError, type Transport } from '../../connection/transport.ts';
import { createUndiciTransport } from '../../connection/undici-transport.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { listen } from '../../gateway/node-server.ts';
import { systemClock } from '../../host/clock.ts';
import type { Environment } from '../../host/environment.ts';
import { defaultLimits } from '../../host/limits.ts';
import { AnswerBook } from '../doubles/answers.ts';
import { LoopbackUpstreams } from '../doubles/loopback-upstreams.ts';
import type { ObservedCall } from '../matching/compare-message.ts';
import type { Observation } from '../play/observation.ts';
import { StepNotes } from '../play/step-notes.ts';
import type { RequestInit, Upstreams } from '../suite/case.ts';
import { ask, type AskOptions, type Exchange } from './ask.ts';
import type { PlayedSide } from './compare-sides.ts';

export interface InterpreterTask {
  readonly bundles: readonly Bundle[];
  readonly environment: Environment;
  readonly requests: readonly RequestInit[];
  readonly upstreams: Upstreams;
  readonly asking: Omit<AskOptions, 'url'>;
}

/** What the interpreter did, to be compared, and to be judged by what the case expects. */
export interface InterpreterPlay {
  readonly side: PlayedSide;
  readonly observation: Observation;
}

/**
 * Serves bundles on loopback, as the candidate is served, and asks them. Calls go to upstreams on loopback
 * of their own; an origin that has no answers is never called.
 * @throws {DeploymentError} when they cannot be deployed
 */
export async function playInterpreter(task: InterpreterTask): Promise<InterpreterPlay> {
  const origins = Object.keys(task.upstreams);
  const upstreams = await LoopbackUpstreams.listen(
    origins.map((origin, index) => ({ port: 0, prefix: `/${index}`, origin })),
  );
  const { calls, unexpected } = upstreams.play(new AnswerBook(task.upstreams));
  const strays: ObservedCall[] = [];
  const notes: StepNotes[] = [];
  try {
    const gateway = await createGateway({
      bundles: task.bundles,
      environment: task.environment,
      tokens: fixedTokenProvider('token'),
      log: { warn: () => undefined, error: () => undefined },
      transport: loopbackOnly(upstreams.url(0), strays),
      upstreams: Object.fromEntries(
        origins.map((origin, index) => [origin, `${upstreams.url(0)}/${index}`] as const),
      ),
      recorderFor: () => {
        const note = new StepNotes(undefined);
        notes.push(note);
        return note;
      },
    });
    const server = await listen(gateway, { port: 0 });
    const exchanges: Exchange[] = [];
    try {
      for (const request of task.requests) {
        await pauseBefore(request);
        exchanges.push(await ask(request, { ...task.asking, url: new URL(server.url) }));
        if (exchanges.at(-1)?.kind === 'unanswered') upstreams.hangUp();
        await gateway.idle();
      }
    } finally {
      upstreams.hangUp();
      await server.close();
    }
    const side = { exchanges, calls: [...calls, ...strays] };
    return {
      side,
      observation: {
        calls: side.calls,
        unexpected: [...unexpected, ...strays],
        log: [],
        transactions: exchanges.map((exchange, index) => ({
          response: exchange.kind === 'answered' ? exchange.response : undefined,
          fault: notes[index]?.fault,
          faultRule: notes[index]?.faultRule,
          steps: notes[index]?.steps ?? [],
          variables: notes[index]?.variables,
          checks: [],
        })),
      },
    };
  } finally {
    await upstreams.close();
  }
}

/** Time that a case lets pass before a request, for both sides. */
export function pauseBefore({ after = 0 }: RequestInit): Promise<void> {
  if (after === 0) return Promise.resolve();
  return new Promise((resolve) => {
    systemClock.after(after, resolve);
  });
}

/** Calls to anywhere else are noted and fail as if nobody listened. */
function loopbackOnly(url: string, strays: ObservedCall[]): Transport {
  const transport = createUndiciTransport({
    clock: systemClock,
    responseHeaders: defaultLimits.responseHeaders,
  });
  const home = new URL(url);
  const isHome = ({ host, port }: { readonly host: string; readonly port: number }): boolean =>
    host === home.hostname && String(port) === home.port;
  const guard = (request: Parameters<Transport['stream']>[0]): void => {
    if (isHome(request.origin)) return;
    const { scheme, host, port } = request.origin;
    const { origin } = new URL(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`);
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    const { method, headers } = request;
    strays.push({ method, url: `${origin}${request.target}`, headers, body });
    throw new TransportError('unreachable', `No answer is given for ${method} ${origin}`);
  };
  return {
    async send(request) {
      guard(request);
      return await transport.send(request);
    },
    async stream(request) {
      guard(request);
      return await transport.stream(request);
    },
    async reach(request) {
      if (!isHome(request.origin)) throw new TransportError('unreachable', 'It has no answers');
      await transport.reach(request);
    },
    close: () => transport.close(),
  };
}
