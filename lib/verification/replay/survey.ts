import { readSession } from './session/read-session.ts';
import type { RecordedTransaction, SessionHead } from './session/recorded-transaction.ts';

/** The part of a transaction that a flow belongs to. */
export type Segment =
  | 'proxy request'
  | 'target request'
  | 'target response'
  | 'proxy response'
  | 'after the response'
  | 'fault rules';

/** Where a step was shown, and which step of that flow came before it. */
export interface Placement {
  readonly segment: Segment;
  readonly flow: string;
  readonly after: string | undefined;
}

/** What the transactions of a session show together. */
export interface SessionSurvey {
  readonly head: SessionHead;
  readonly transactions: number;
  /** Steps that ran, failed or were skipped, with every place they were shown at. */
  readonly shown: ReadonlyMap<string, readonly Placement[]>;
  /** `flowKey` of the flows that were entered. */
  readonly entered: ReadonlySet<string>;
  /** Names of the proxy endpoints and target endpoints, as far as the session tells them. */
  readonly proxyEndpoints: ReadonlySet<string>;
  readonly targetEndpoints: ReadonlySet<string>;
}

/** A hostile session may name any number of things. */
const mostNames = 20_000;
const mostPlaces = 20;

export function flowKey(segment: Segment, flow: string): string {
  return `${segment}\n${flow}`;
}

/**
 * Reads a whole session once, to know of every step that it shows before anything is run.
 *
 * @throws {UnreadableSession} when it cannot be read to its end
 */
export async function surveySession(file: string): Promise<SessionSurvey> {
  let head: SessionHead = { organization: '', environment: '', proxy: '', revision: '' };
  let transactions = 0;
  const shown = new Map<string, Placement[]>();
  const entered = new Set<string>();
  const proxyEndpoints = new Set<string>();
  const targetEndpoints = new Set<string>();
  for await (const part of readSession(file)) {
    if (part.kind === 'head') {
      head = { ...head, ...part.head };
      continue;
    }
    transactions += 1;
    for (const step of stepsShown(part.transaction)) {
      if (step.kind === 'flow') add(entered, flowKey(step.segment, step.flow));
      else if (step.kind === 'endpoint') {
        add(step.of === 'proxy' ? proxyEndpoints : targetEndpoints, step.name);
      } else place(shown, step.name, step.placement);
    }
  }
  return { head, transactions, shown, entered, proxyEndpoints, targetEndpoints };
}

function add(names: Set<string>, name: string): void {
  if (names.size < mostNames) names.add(name);
}

function place(shown: Map<string, Placement[]>, name: string, placement: Placement): void {
  const places = shown.get(name);
  if (places === undefined) {
    if (shown.size < mostNames) shown.set(name, [placement]);
    return;
  }
  const isKnown = places.some(
    ({ segment, flow }) => segment === placement.segment && flow === placement.flow,
  );
  if (!isKnown && places.length < mostPlaces) places.push(placement);
}

type Shown =
  | { readonly kind: 'flow'; readonly segment: Segment; readonly flow: string }
  | { readonly kind: 'endpoint'; readonly of: 'proxy' | 'target'; readonly name: string }
  | { readonly kind: 'step'; readonly name: string; readonly placement: Placement };

const flowVariables: ReadonlySet<string> = new Set([
  'proxy.flow.name',
  'target.flow.name',
  'faultrule.name',
]);

function* stepsShown({ points }: RecordedTransaction): Generator<Shown> {
  let segment: Segment = 'proxy request';
  let flow = '';
  let after: string | undefined;
  for (const point of points) {
    if (point.kind === 'state') segment = segmentOf(point.to) ?? segment;
    else if (point.kind === 'error') segment = 'fault rules';
    else if (point.kind === 'execution' && point.name !== undefined) {
      yield { kind: 'step', name: point.name, placement: { segment, flow, after } };
      after = point.name;
    } else if (point.kind === 'info') {
      for (const [name, value] of point.variables) {
        if (name === 'proxy.name') yield { kind: 'endpoint', of: 'proxy', name: value };
        if (name === 'route.target' || name === 'target.name') {
          yield { kind: 'endpoint', of: 'target', name: value };
        }
        if (!flowVariables.has(name)) continue;
        flow = value;
        after = undefined;
        yield { kind: 'flow', segment, flow };
      }
    }
  }
}

function segmentOf(state: string): Segment | undefined {
  switch (state) {
    case 'REQ_HEADERS_PARSED':
    case 'PROXY_REQ_FLOW':
      return 'proxy request';
    case 'TARGET_REQ_FLOW':
    case 'REQ_SENT':
      return 'target request';
    case 'RESP_START':
    case 'TARGET_RESP_FLOW':
      return 'target response';
    case 'PROXY_RESP_FLOW':
    case 'RESP_SENT':
      return 'proxy response';
    case 'END':
    case 'PROXY_POST_RESP_SENT':
      return 'after the response';
    case 'ERROR':
      return 'fault rules';
    default:
      return undefined;
  }
}
