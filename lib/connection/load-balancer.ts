import type { Clock } from '../host/clock.ts';
import type { Environment, TargetServer } from '../host/environment.ts';

export type Algorithm = 'RoundRobin' | 'Weighted' | 'LeastConnections';

/** A `Server` of a `LoadBalancer`, its name still a name. */
export interface ServerSettings {
  readonly name: string;
  /** Share of the traffic under `Weighted`. */
  readonly weight: number;
  readonly isEnabled: boolean;
  readonly isFallback: boolean;
}

export interface BalancedServer extends Omit<ServerSettings, 'name'> {
  readonly server: TargetServer;
}

export interface LoadBalancerSettings {
  readonly algorithm: Algorithm;
  /** In listed order. */
  readonly servers: readonly BalancedServer[];
  /** Failures after which a server leaves the rotation; 0 never removes one. */
  readonly maxFailures: number;
  readonly retryEnabled: boolean;
  /** Status codes of `ServerUnhealthyResponse`. */
  readonly unhealthyCodes: ReadonlySet<number>;
  readonly clock: Pick<Clock, 'now'>;
  /** How long a server stays out of rotation before it is tried again; 5 minutes unless given. */
  readonly retryAfterMilliseconds?: number;
}

/**
 * One server chosen for one attempt. Its end must be told exactly once, by one of the functions below;
 * further tellings have no effect.
 */
export interface ServerPick {
  readonly server: TargetServer;
  readonly isFallback: boolean;
  /**
   * An HTTP response came. Whatever its code, the server lives, unless the code is listed in
   * `ServerUnhealthyResponse`: that counts as a failure and may be tried on another server.
   */
  answered(status: number): 'healthy' | 'unhealthy';
  /** The attempt ended well; as `answered` with a code that is not listed. */
  succeeded(): void;
  /** No response came: an I/O error or a timeout. */
  failed(): void;
  /** The attempt ended in a way that says nothing about the server, such as a caller that gave up. */
  released(): void;
}

export interface LoadBalancer {
  /** The servers that traffic may go to: those that are switched on, the fallback included. */
  readonly servers: readonly TargetServer[];
  /**
   * The server for the next attempt, or undefined if there is none. `tried` holds the servers that this
   * transaction has tried; with any in it, this is a retry, which `RetryEnabled` and a second server
   * allow. The fallback is chosen only while every other server is disabled or out of rotation.
   */
  pick(tried?: ReadonlySet<TargetServer>): ServerPick | undefined;
  /**
   * Counts what a health monitor found, as an attempt's end is counted: a success brings the server
   * back at once, a failure adds to its count, and keeps it out if it is out already.
   */
  report(server: TargetServer, result: 'success' | 'failure'): void;
}

const fiveMinutes = 5 * 60 * 1000;

interface ServerState extends BalancedServer {
  failures: number;
  /** Time until which it is out of rotation. */
  outUntil: number;
  /** Attempts under way. */
  open: number;
  /** Credit of the smooth weighted rotation; all credits together are zero between picks. */
  credit: number;
}

/**
 * Shares attempts among target servers as Apigee does ("Load balancing across backend servers"). Keep
 * one per policy or target endpoint: its rotation and failure counts live across transactions.
 */
export function createLoadBalancer(settings: LoadBalancerSettings): LoadBalancer {
  const { clock, maxFailures, retryAfterMilliseconds = fiveMinutes } = settings;
  const states = settings.servers.map((server): ServerState => ({
    ...server,
    failures: 0,
    outUntil: -Infinity,
    open: 0,
    credit: 0,
  }));
  const ordinary = states.filter(({ isFallback }) => !isFallback);
  const fallbacks = states.filter(({ isFallback }) => isFallback);
  const rotation = rotations[settings.algorithm](ordinary);

  function inRotation(state: ServerState): boolean {
    return isSwitchedOn(state) && clock.now() >= state.outUntil;
  }

  function choose(tried: ReadonlySet<TargetServer>): ServerState | undefined {
    const alive = new Set(ordinary.filter(inRotation));
    const untried = (state: ServerState) => !tried.has(state.server);
    if (alive.size === 0) return fallbacks.find((state) => inRotation(state) && untried(state));
    if (tried.size === 0) return rotation.next((state) => alive.has(state));
    return rotation.another((state) => alive.has(state) && untried(state));
  }

  function countFailure(state: ServerState): void {
    if (maxFailures <= 0) return;
    // The count stays up while the server is out: its first attempt after that is a probe.
    state.failures = Math.min(state.failures + 1, maxFailures);
    if (state.failures === maxFailures) state.outUntil = clock.now() + retryAfterMilliseconds;
  }

  function countSuccess(state: ServerState): void {
    state.failures = 0;
    state.outUntil = -Infinity;
  }

  function begin(state: ServerState): ServerPick {
    state.open += 1;
    let ended = false;
    const end = (count?: (state: ServerState) => void) => {
      if (ended) return;
      ended = true;
      state.open -= 1;
      count?.(state);
    };
    return {
      server: state.server,
      isFallback: state.isFallback,
      answered(status) {
        const verdict = settings.unhealthyCodes.has(status) ? 'unhealthy' : 'healthy';
        end(verdict === 'healthy' ? countSuccess : countFailure);
        return verdict;
      },
      succeeded() {
        end(countSuccess);
      },
      failed() {
        end(countFailure);
      },
      released() {
        end();
      },
    };
  }

  return {
    servers: states.filter(isSwitchedOn).map(({ server }) => server),
    pick(tried = new Set()) {
      const retry = tried.size > 0;
      if (retry && (!settings.retryEnabled || states.length < 2)) return undefined;
      const state = choose(tried);
      return state === undefined ? undefined : begin(state);
    },
    report(server, result) {
      // A server that is listed twice is one server.
      for (const state of states.filter((candidate) => candidate.server === server)) {
        if (result === 'success') countSuccess(state);
        else countFailure(state);
      }
    },
  };
}

function isSwitchedOn({ isEnabled, server }: BalancedServer): boolean {
  return isEnabled && server.isEnabled;
}

type Eligible = (state: ServerState) => boolean;

/** The order in which servers come, by one algorithm. */
interface Rotation {
  /** The server whose turn it is. Servers that are not eligible are passed over and use no turn. */
  next(eligible: Eligible): ServerState | undefined;
  /** A server for a retry; it takes nobody's turn. */
  another(eligible: Eligible): ServerState | undefined;
}

const rotations: Record<Algorithm, (states: readonly ServerState[]) => Rotation> = {
  RoundRobin: roundRobin,
  Weighted: weighted,
  LeastConnections: leastConnections,
};

function roundRobin(states: readonly ServerState[]): Rotation {
  let turn = 0;
  const from = (eligible: Eligible) =>
    [...states.slice(turn), ...states.slice(0, turn)].find(eligible);
  return {
    next(eligible) {
      const chosen = from(eligible);
      if (chosen !== undefined) turn = (states.indexOf(chosen) + 1) % states.length;
      return chosen;
    },
    another: from,
  };
}

/**
 * Smooth weighted rotation: every turn each server earns its weight, the richest is chosen and pays what
 * all earned together. Weights 1 and 2 give the order b, a, b over and over.
 */
function weighted(states: readonly ServerState[]): Rotation {
  const richest = (eligible: Eligible) =>
    first(states.filter(eligible), (state, best) => state.credit > best.credit);
  return {
    next(eligible) {
      let earned = 0;
      for (const state of states.filter(eligible)) {
        const weight = Math.max(state.weight, 0);
        state.credit += weight;
        earned += weight;
      }
      const chosen = richest(eligible);
      if (chosen !== undefined) chosen.credit -= earned;
      return chosen;
    },
    another: richest,
  };
}

function leastConnections(states: readonly ServerState[]): Rotation {
  const idlest = (eligible: Eligible) =>
    first(states.filter(eligible), (state, best) => state.open < best.open);
  return { next: idlest, another: idlest };
}

/** The best of the states; among equals the one listed first. */
function first(
  states: readonly ServerState[],
  isBetter: (state: ServerState, best: ServerState) => boolean,
): ServerState | undefined {
  let best: ServerState | undefined;
  for (const state of states) if (best === undefined || isBetter(state, best)) best = state;
  return best;
}

export type ResolvedServers =
  | { readonly kind: 'resolved'; readonly servers: readonly BalancedServer[] }
  /** Names that the environment does not know, each once, in listed order. */
  | { readonly kind: 'missing'; readonly names: readonly string[] };

/** Finds the target servers that a load balancer names. */
export function resolveTargetServers(
  servers: readonly ServerSettings[],
  { targetServers }: Pick<Environment, 'targetServers'>,
): ResolvedServers {
  const missing = new Set<string>();
  const resolved: BalancedServer[] = [];
  for (const { name, ...settings } of servers) {
    const server = targetServers.get(name);
    if (server === undefined) missing.add(name);
    else resolved.push({ server, ...settings });
  }
  return missing.size > 0
    ? { kind: 'missing', names: [...missing] }
    : { kind: 'resolved', servers: resolved };
}
