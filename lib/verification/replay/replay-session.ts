import type { Bundle } from '../../bundle/bundle.ts';
import { checkBundle } from '../../bundle/check-bundle.ts';
import { mapUpstreams } from '../../connection/upstream-map.ts';
import { createUndiciTransport } from '../../connection/undici-transport.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { systemClock } from '../../host/clock.ts';
import { emptyEnvironment, type Environment } from '../../host/environment.ts';
import type { ComparisonContext } from './compare/context.ts';
import { Findings, type Agreed, type CountedFinding } from './compare/finding.ts';
import { compareTransactions } from './compare/compare-transactions.ts';
import { LiveAnswers } from './play/live-answers.ts';
import { rebuiltRequest, type RebuiltRequest } from './play/rebuilt-request.ts';
import { ReplayWorld, type ForcedRoute, type Replayed } from './play/replay-world.ts';
import { adaptBundles, type RevisionDifference } from './revision.ts';
import { readSession } from './session/read-session.ts';
import {
  lastTold,
  type RecordedTransaction,
  type SessionHead,
} from './session/recorded-transaction.ts';
import { withoutTransactions } from './session/unreadable-session.ts';
import { surveySession } from './survey.ts';

export interface ReplayOptions {
  /** The file of the session. */
  readonly session: string;
  /** The proxy that was recorded, alone or among others, and the shared flows that it calls. */
  readonly bundles: readonly Bundle[];
  readonly environment?: Environment;
  /** Whose names organization and environment have; the session's unless given. */
  readonly environmentNames?: 'of the environment' | 'of the session';
  /** Origins whose requests go to services that run, rather than getting the recorded answer. */
  readonly upstreams?: Readonly<Record<string, string>>;
}

/** Known before anything is run. */
export interface ReplayStart {
  readonly kind: 'start';
  readonly head: SessionHead;
  readonly transactions: number;
  /** The bundle of the proxy. */
  readonly proxy: Bundle;
  /** Errors for which the bundle would not be deployed; it is replayed nevertheless. */
  readonly notes: readonly Diagnostic[];
  /** What is another in the bundle than in the recorded revision. */
  readonly revision: readonly RevisionDifference[];
}

/** One transaction, replayed and compared. */
export interface TransactionComparison {
  readonly kind: 'transaction';
  readonly id: string;
  readonly line: number;
  /** `GET /orders?id=1`, as it was sent; undefined if the session does not tell the request. */
  readonly request: string | undefined;
  readonly agreed: Agreed;
  readonly findings: readonly CountedFinding[];
}

/** How far the second replay's clock is ahead: what a clock decides differs then. */
const shift = 3_661_001;

/**
 * Replays a debug session through a bundle and compares point by point: first what is known of both, then
 * each transaction. Every transaction runs twice, with other times and other chance, which tells the
 * values that these decide. No more than one transaction is kept.
 *
 * @throws {UnreadableSession} before anything is run, when the session cannot be read to its end
 * @throws {NoSuchProxy} when it is not clear which bundle was recorded
 * @throws {TypeError} for an upstream that is no origin, or no http or https URL
 */
export async function* replaySession(
  options: ReplayOptions,
): AsyncGenerator<ReplayStart | TransactionComparison> {
  const { session, bundles, upstreams = {} } = options;
  const survey = await surveySession(session);
  if (survey.transactions === 0) throw withoutTransactions(session);
  const proxy = recordedProxy(bundles, survey.head);
  const sharedFlows = bundles.filter(({ kind }) => kind === 'sharedflowbundle');
  const adapted = adaptBundles(proxy, sharedFlows, survey);
  const isNamed = options.environmentNames === 'of the environment';
  const environment = {
    ...(options.environment ?? emptyEnvironment),
    ...(isNamed ? {} : namesOf(survey.head)),
  };
  yield {
    kind: 'start',
    head: survey.head,
    transactions: survey.transactions,
    proxy,
    notes: notesOf([proxy, ...sharedFlows], environment),
    revision: adapted.differences,
  };
  const live = liveAnswers(upstreams);
  const [own, ...others] = adapted.bundles;
  const world = (seed: number, ahead: number): ReplayWorld =>
    new ReplayWorld({
      proxy: own ?? proxy,
      sharedFlows: others,
      environment,
      live,
      seed,
      shift: ahead,
    });
  const worlds = [world(1, 0), world(2, shift)] as const;
  try {
    for await (const part of readSession(session)) {
      if (part.kind === 'head') continue;
      live.beginTransaction();
      yield await compared(part.transaction, proxy, worlds, {
        environment: isNamed ? 'given' : 'taken from the session',
        standIns: adapted.standIns,
      });
    }
  } finally {
    for (const one of worlds) await one.close();
    await live.close();
  }
}

function namesOf({ organization, environment }: SessionHead): Partial<Environment> {
  return {
    ...(organization === '' ? {} : { organization }),
    ...(environment === '' ? {} : { name: environment }),
  };
}

/** No bundle, or too many, could be the recorded proxy. */
export class NoSuchProxy extends Error {
  override readonly name = 'NoSuchProxy';
}

/** The one proxy that there is, whatever its name: it may have been renamed since. */
function recordedProxy(bundles: readonly Bundle[], { proxy: name }: SessionHead): Bundle {
  const proxies = bundles.filter(({ kind }) => kind === 'apiproxy');
  const found = proxies.length === 1 ? proxies[0] : proxies.find((one) => one.name === name);
  if (found !== undefined) return found;
  const held = proxies.map((one) => one.name).join(', ');
  throw new NoSuchProxy(
    proxies.length === 0
      ? 'The bundles hold no API proxy: give the one that was recorded'
      : `The session is of ${name === '' ? 'an unnamed proxy' : name}, and the bundles hold ${held}: give the one that was recorded`,
  );
}

function notesOf(bundles: readonly Bundle[], environment: Environment): readonly Diagnostic[] {
  return bundles
    .flatMap((bundle) => checkBundle(bundle, { environment }))
    .filter(({ severity }) => severity === 'error');
}

function liveAnswers(upstreams: Readonly<Record<string, string>>): LiveAnswers {
  const urls = new Map(Object.entries(upstreams).map(([origin, url]) => [origin, new URL(url)]));
  const transport = mapUpstreams(createUndiciTransport({ clock: systemClock }), urls);
  return new LiveAnswers(transport, [...urls.keys()]);
}

type Surroundings = Pick<ComparisonContext, 'environment' | 'standIns'>;

async function compared(
  recorded: RecordedTransaction,
  proxy: Bundle,
  [first, second]: readonly [ReplayWorld, ReplayWorld],
  surroundings: Surroundings,
): Promise<TransactionComparison> {
  const { id, place } = recorded;
  const core = { kind: 'transaction', id, line: place.line } as const;
  const rebuilt = rebuiltRequest(recorded, proxy);
  if (rebuilt === undefined) {
    const { agreed, list } = failed('request', 'The session does not show it', undefined);
    return { ...core, request: undefined, agreed, findings: list };
  }
  const request = `${rebuilt.request.method} ${rebuilt.request.target}`;
  const context = { ...surroundings, ...rebuilt };
  const one = await replayed(recorded, rebuilt, proxy, first, context);
  const other = await replayed(recorded, rebuilt, proxy, second, context);
  return { ...core, request, agreed: one.agreed, findings: told(one.list, other.list) };
}

function failed(what: string, recorded: string | undefined, found: string | undefined): Findings {
  const findings = new Findings();
  findings.add({ where: 'REQ_START', what, recorded, replayed: found, explanation: undefined });
  return findings;
}

/** Replays once, or again on the recorded way if the bundle routes elsewhere. */
async function replayed(
  recorded: RecordedTransaction,
  rebuilt: RebuiltRequest,
  proxy: Bundle,
  world: ReplayWorld,
  context: ComparisonContext,
): Promise<Findings> {
  const { recordedBasePath, basePath } = rebuilt;
  const found = await world.replay(recorded, rebuilt);
  if (found === undefined) {
    return failed('proxy endpoint', 'takes the request', `none takes ${rebuilt.request.target}`);
  }
  const way = recordedWay(recorded, found, proxy);
  const again = way === undefined ? undefined : await world.replay(recorded, rebuilt, way);
  const last = again ?? found;
  const findings = compareTransactions(recorded, last.transaction, context);
  if (way !== undefined) {
    findings.add({
      where: 'PROXY_REQ_FLOW',
      what: 'route',
      recorded: way.target ?? 'no target',
      replayed: proxy.targetEndpoints.has(found.target)
        ? found.target
        : `${found.target}, which the bundle has not`,
      explanation: 'route',
    });
  }
  if (recordedBasePath !== '' && recordedBasePath !== basePath) {
    findings.add({
      where: 'REQ_START',
      what: 'base path',
      recorded: recordedBasePath,
      replayed: basePath,
      explanation: 'base path',
    });
  }
  for (const { method, url } of last.unanswered) {
    findings.add({
      where: 'upstream',
      what: `call ${method} ${url}`,
      recorded: undefined,
      replayed: 'made, and the session has no answer for it',
      explanation: undefined,
    });
  }
  return findings;
}

/**
 * The way that the session shows, where the bundle's routes lead elsewhere for another reason than a
 * condition: to a target although the session shows none, or to a target that the bundle has not.
 */
function recordedWay(
  recorded: RecordedTransaction,
  { target }: Replayed,
  { proxyEndpoints, targetEndpoints }: Bundle,
): ForcedRoute | undefined {
  const hasCalled = recorded.points.some(
    (point) => point.kind === 'state' && point.to === 'TARGET_REQ_FLOW',
  );
  const hasFaulted = recorded.points.some(({ kind }) => kind === 'error');
  if (target === '') return undefined;
  const rules = [...proxyEndpoints.values()].flatMap(({ routeRule }) => routeRule);
  const rule = lastTold(recorded, 'route.name');
  // A name that the bundle has not would be one more deployment for each that a session makes up.
  const name = rules.find((one) => one.name === rule)?.name ?? '';
  if (!hasCalled) return hasFaulted ? undefined : { name, target: undefined };
  const wanted = lastTold(recorded, 'route.target') ?? lastTold(recorded, 'target.name') ?? '';
  const isMissing = !targetEndpoints.has(target);
  return isMissing && targetEndpoints.has(wanted) ? { name, target: wanted } : undefined;
}

/** The findings of one replay; what another one found otherwise is the clock's or chance's doing. */
function told(
  findings: readonly CountedFinding[],
  others: readonly CountedFinding[],
): readonly CountedFinding[] {
  const other = new Map(others.map((finding) => [keyOf(finding), finding.replayed]));
  return findings.map((finding) => {
    const { explanation, recorded, replayed: value } = finding;
    if (explanation !== undefined || recorded === undefined || value === undefined) return finding;
    const again = other.get(keyOf(finding));
    return again === undefined || again === value
      ? finding
      : { ...finding, explanation: 'clock or chance' };
  });
}

function keyOf({ where, what, recorded }: CountedFinding): string {
  return JSON.stringify([where, what, recorded ?? null]);
}
