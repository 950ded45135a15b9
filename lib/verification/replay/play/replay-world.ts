import type { Bundle, RouteRuleNode } from '../../../bundle/bundle.ts';
import { fixedTokenProvider } from '../../../connection/google-tokens.ts';
import type { GivenTransport } from '../../../connection/whole-transport.ts';
import type { ClientResponse } from '../../../flow/client-request.ts';
import { createDeployment, type Deployment } from '../../../flow/deployment.ts';
import type { Environment } from '../../../host/environment.ts';
import { createServices, type Services } from '../../../runtime/services.ts';
import { debugSession } from '../../../trace/debug-session.ts';
import type { TransactionRecord } from '../../../trace/transaction-record.ts';
import { flowValueText } from '../../../variables/flow-variables.ts';
import type { Flow } from '../../../variables/flow.ts';
import { createInProcessTransport } from '../../doubles/in-process-transport.ts';
import type { ObservedCall } from '../../matching/compare-message.ts';
import type { Answer } from '../../suite/case.ts';
import { seededRandom } from '../../play/seeded-random.ts';
import { RecordedEffects, recordedEffectsType } from '../recorded-effects.ts';
import { transactionFromJson } from '../session/from-json.ts';
import { recordedPoint } from '../session/raw-point.ts';
import type { RecordedTransaction } from '../session/recorded-transaction.ts';
import type { LiveAnswers } from './live-answers.ts';
import { RecordedAnswers } from './recorded-answers.ts';
import type { RebuiltRequest } from './rebuilt-request.ts';
import { ReplayRecorder } from './replay-recorder.ts';
import { SessionClock } from './session-clock.ts';

export interface ReplayWorldInit {
  readonly proxy: Bundle;
  readonly sharedFlows: readonly Bundle[];
  readonly environment: Environment;
  readonly live: LiveAnswers;
  /** What is drawn by chance. */
  readonly seed: number;
  /** Milliseconds between the recorded time and this world's. */
  readonly shift: number;
}

/** A way that is taken instead of what the route rules say. */
export interface ForcedRoute {
  readonly name: string;
  /** Undefined for none: the request is echoed. */
  readonly target: string | undefined;
}

/** What became of a transaction. */
export interface Replayed {
  readonly transaction: RecordedTransaction;
  /** The target endpoint that the route led to; empty if it led to none. */
  readonly target: string;
  /** Calls that the recording has no answer for. */
  readonly unanswered: readonly ObservedCall[];
}

/** Everything that transactions of a session are replayed in: what one leaves in caches the next one finds. */
export class ReplayWorld {
  readonly #init: ReplayWorldInit;
  readonly #clock: SessionClock;
  readonly #services: Services;
  readonly #effects = new RecordedEffects();
  readonly #deployments = new Map<string, Deployment>();
  #unanswered: ObservedCall[] = [];
  #recorder: ReplayRecorder | undefined;
  #answers: RecordedAnswers | undefined;

  constructor(init: ReplayWorldInit) {
    this.#init = init;
    this.#clock = new SessionClock(init.shift);
    this.#services = createServices({
      environment: init.environment,
      clock: this.#clock,
      random: seededRandom(init.seed),
      transport: this.#transport(init.live),
      tokens: fixedTokenProvider('token'),
      log: { warn: () => undefined, error: () => undefined },
    });
  }

  /** Runs a transaction; undefined if no proxy endpoint takes its path. */
  async replay(
    recorded: RecordedTransaction,
    rebuilt: RebuiltRequest,
    route?: ForcedRoute,
  ): Promise<Replayed | undefined> {
    this.#clock.startAt(rebuilt.at);
    this.#effects.begin(recorded);
    this.#answers = new RecordedAnswers(recorded, this.#init.proxy);
    this.#unanswered = [];
    this.#init.live.beginReplay();
    let kept: { readonly record: TransactionRecord; readonly flow: Flow } | undefined;
    const recorder = new ReplayRecorder((record, flow) => {
      kept = { record, flow };
    });
    this.#recorder = recorder;
    const receivedAt = this.#clock.now();
    const deployment = this.#deployment(route);
    const handled = await deployment.handle({ ...rebuilt.request, receivedAt }, recorder);
    if (handled === undefined) return undefined;
    const start = this.#clock.now();
    await drain(handled.response);
    await handled.afterSent({ start, end: this.#clock.now() });
    await this.#services.policyServices.background.settled();
    if (kept === undefined) throw new Error('A transaction ended without a record');
    const { record, flow } = kept;
    return {
      transaction: transactionOf(record, recorded),
      target: flowValueText(flow.variables.get('route.target')),
      unanswered: this.#unanswered,
    };
  }

  close(): Promise<void> {
    for (const deployment of this.#deployments.values()) deployment.close();
    return this.#services.close();
  }

  #deployment(route: ForcedRoute | undefined): Deployment {
    const key = route === undefined ? '' : JSON.stringify([route.name, route.target]);
    const known = this.#deployments.get(key);
    if (known !== undefined) return known;
    const { proxy, sharedFlows } = this.#init;
    const { host, identity, policyServices } = this.#services;
    const deployment = createDeployment({
      bundles: [route === undefined ? proxy : routed(proxy, route), ...sharedFlows],
      host,
      services: policyServices,
      identity,
      unsupported: 'skip',
      hostPolicies: new Map([[recordedEffectsType, this.#effects.policy]]),
      report: () => undefined,
    });
    this.#deployments.set(key, deployment);
    return deployment;
  }

  #transport(live: LiveAnswers): GivenTransport {
    let answer: Answer | undefined;
    const recorded = createInProcessTransport({
      book: { answer: () => answer, failureBefore: () => undefined },
      clock: this.#clock,
      onCall: () => undefined,
      onUnexpected: (call) => {
        this.#unanswered.push(call);
      },
    });
    return {
      send: (request) => {
        if (live.serves(request)) return live.send(request);
        const outcome = this.#answers?.next(this.#recorder?.caller ?? 'target');
        if (outcome?.kind === 'failed') return Promise.reject(outcome.error);
        // Asked for before the transport waits for anything.
        answer = outcome?.answer;
        return recorded.send(request);
      },
      close: () => Promise.resolve(),
    };
  }
}

function transactionOf(
  record: TransactionRecord,
  { place }: RecordedTransaction,
): RecordedTransaction {
  const [message] = debugSession(record).Messages;
  const raw = transactionFromJson(message);
  return {
    id: record.messageId,
    place,
    extent: 'whole',
    points: raw?.points.flatMap((point) => recordedPoint(point) ?? []) ?? [],
  };
}

/** A body that is streamed has to be read, or its response never ends. */
async function drain({ body }: ClientResponse): Promise<void> {
  if (body instanceof Uint8Array) return;
  const chunks = body[Symbol.asyncIterator]();
  try {
    while ((await chunks.next()).done !== true) continue;
  } catch {
    // A target that broke off; the record tells what of it was seen.
  }
}

function routed(proxy: Bundle, { name, target }: ForcedRoute): Bundle {
  const proxyEndpoints = new Map(
    [...proxy.proxyEndpoints].map(([key, endpoint]) => {
      const { location } = endpoint;
      const rule: RouteRuleNode = {
        location,
        name,
        description: undefined,
        condition: undefined,
        targetEndpoint:
          target === undefined ? undefined : { location, value: target, textLocation: location },
        url: undefined,
        integrationEndpoint: undefined,
      };
      return [key, { ...endpoint, routeRule: [rule] }] as const;
    }),
  );
  return { ...proxy, proxyEndpoints };
}
