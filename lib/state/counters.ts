import type { Awaitable } from './state.ts';

/** Which counter. Families are as many as policies; buckets may be as many as clients make up. */
export interface CounterId {
  /** Names from the organization down to the policy, joined so that no two policies have the same. */
  readonly family: string;
  readonly bucket: string;
}

/** The time that a counter counts in. All times are milliseconds since 1970, lengths milliseconds. */
export type Window =
  /** Blocks of one length, counted from an origin; what comes before the origin is in the first block. */
  | { readonly kind: 'aligned'; readonly origin: number; readonly length: number }
  /** Blocks of calendar months, counted from January 1970, UTC. */
  | { readonly kind: 'months'; readonly count: number }
  /** Begins with the first use. */
  | { readonly kind: 'flexi'; readonly length: number }
  /** The time up to now, at any moment. */
  | { readonly kind: 'rolling'; readonly length: number };

/** Counts of rolling windows and of all others are kept apart. */
export type WindowKind = 'rolling' | 'fixed';

/**
 * - `enforce`: counts what the limit has room for
 * - `check`: says whether there is room, and counts nothing
 * - `count`: counts, whatever the limit
 */
export type ChargeMode = 'enforce' | 'check' | 'count';

export interface Charge {
  readonly window: Window;
  /** A whole number; 0 is always allowed. */
  readonly weight: number;
  readonly limit: number;
  readonly mode: ChargeMode;
}

export interface Usage {
  readonly allowed: boolean;
  /** What is used of the window, this charge included if it was counted. */
  readonly used: number;
  /** When the window ends; of a rolling one, when the first use leaves it. Milliseconds since 1970. */
  readonly end: number;
}

/** A token bucket: it holds `burst` tokens and gets `messages` new ones in `period` milliseconds. */
export interface Rate {
  readonly messages: number;
  readonly period: number;
  readonly burst: number;
}

/** Counters in one place. Each call is atomic: of two at the same time one comes first. */
export interface CounterStore {
  /**
   * Uses up some of a window. Windows that differ in all but `rolling` share one count: it goes on in the
   * window that is asked for.
   * @throws {StateUnavailableError}
   */
  charge(counter: CounterId, charge: Charge): Awaitable<Usage>;
  /** Has `amount` less used in the window under way, but not less than nothing. @throws {StateUnavailableError} */
  giveBack(counter: CounterId, kind: WindowKind, amount: number): Awaitable<void>;
  /**
   * Takes `weight` tokens if the bucket holds as many, or if it is full and never could; it owes the rest
   * then. Otherwise it takes none.
   * @throws {StateUnavailableError}
   */
  take(bucket: CounterId, rate: Rate, weight: number): Awaitable<boolean>;
}

/** Counters of Quota and SpikeArrest. */
export interface Counters {
  /** Those of all processes that share a store. */
  readonly shared: CounterStore;
  /** Those of this process alone, which are always at hand. */
  readonly local: CounterStore;
}
