import type { Matcher } from '../matching/matcher.ts';

/** A header's value, or its values where it stands on several lines. */
export type HeaderValues = Readonly<Record<string, string | readonly string[]>>;

/** A file of cases. What stands beside `cases` holds for each of them that does not say otherwise. */
export interface Suite extends Setting {
  readonly name?: string;
  readonly cases: readonly Case[];
  /** What `apx verify` lets differ; it says so in its report. */
  readonly tolerate?: Tolerances;
}

/** What surrounds a case. */
export interface Setting {
  /** Paths of bundles and shared flow bundles, folders or zips, as seen from the suite's file. */
  readonly bundle?: string | readonly string[];
  /** Path of an environment, or an environment file's content. */
  readonly environment?: string | Readonly<Record<string, unknown>>;
  /** By the origin that the policies name, such as `https://api.test`. */
  readonly upstreams?: Upstreams;
  /** What policies that run alone find in their bundle: texts by URL, such as `jsc://dates.js`. */
  readonly resources?: Readonly<Record<string, string>>;
  /**
   * What policies that run alone find when they call a shared flow: the policies of each in a row, or the
   * path of its bundle.
   */
  readonly sharedFlows?: Readonly<Record<string, string | readonly string[]>>;
  /** The moment at which the virtual clock starts, as an ISO 8601 text. */
  readonly now?: string;
  /** Seed of ids and other chance, so that a run can be repeated exactly. */
  readonly seed?: number;
}

export type Upstreams = Readonly<Record<string, Answer | readonly Answer[]>>;

/** One behaviour: what is under test, what surrounds it, and what is expected of it. */
export interface Case extends Setting {
  readonly name: string;
  /** A policy that runs alone: its XML, or the path of its file. */
  readonly policy?: string;
  /** Policies that run one after another in one transaction. */
  readonly steps?: readonly Step[];
  /** The flow that a lone policy stands in; `request` unless given. */
  readonly phase?: 'request' | 'response';
  /** Set before the first policy; an object with `message: request` or `message: response` is a message. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** What the client sends: `GET /orders?id=1`, or in full. */
  readonly request?: string | RequestInit;
  /** Requests one after another; what one leaves in caches and counters the next one finds. */
  readonly requests?: readonly (string | RequestInit)[];
  readonly expect: Expectation;
  /** Why the case is not run; it is counted and told. */
  readonly skip?: string;
}

export type Step =
  | { readonly policy: string }
  | { readonly set: Readonly<Record<string, unknown>> }
  | { readonly expect: Readonly<Record<string, Matcher>> };

export interface RequestInit {
  readonly method?: string;
  /** Path and query as in the request line. */
  readonly target?: string;
  readonly headers?: HeaderValues;
  readonly query?: HeaderValues;
  readonly body?: BodyInit;
  /** Milliseconds that pass before it is sent. */
  readonly after?: number;
}

/** A text as it is, or what is to be written in a format; that also names the Content-Type. */
export type BodyInit =
  | string
  | { readonly json: unknown }
  | { readonly form: HeaderValues }
  | { readonly xml: string }
  | { readonly base64: string }
  /** Bytes of a body that is nothing but `x`. */
  | { readonly size: number };

/** What a call is answered with; everything left out comes from a 200 with `{"ok":true}`. */
export interface Answer {
  /** Which calls it is for; all of them unless given. Of several answers each serves one call, the last all later ones. */
  readonly when?: ExpectedCall;
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: HeaderValues;
  readonly body?: BodyInit;
  readonly encoding?: 'gzip' | 'deflate';
  /** Milliseconds before the first byte. */
  readonly delay?: number;
  /** Milliseconds of silence in the middle of the body. */
  readonly stall?: number;
  readonly failure?: Failure;
}

/**
 * Instead of an answer. `refused`, `unresolvable` and `tls` end before anything is sent; `hang` never
 * answers, `reset` breaks the connection, `cut` ends inside the body.
 */
export type Failure = 'refused' | 'unresolvable' | 'tls' | 'hang' | 'reset' | 'cut';

/** A call that a policy or a proxy makes. What is left out may be anything. */
export interface ExpectedCall {
  readonly method?: Matcher;
  /** The origin as the policy names it, path and query. */
  readonly url?: Matcher;
  readonly headers?: ExpectedHeaders;
  readonly body?: ExpectedBody;
}

/** Only the headers named; null and `{ absent: true }`: no such header, a list: one line each. */
export type ExpectedHeaders = Readonly<Record<string, Matcher>>;

/** A text is compared as it is, the others as what they are: the order of members makes no difference. */
export type ExpectedBody =
  | string
  | null
  | { readonly pattern: string }
  | { readonly any: true }
  | { readonly absent: true }
  /** Matchers may stand in it in place of any value. */
  | { readonly json: unknown }
  | { readonly form: Readonly<Record<string, Matcher>> }
  | { readonly xml: string }
  | { readonly size: number };

export interface ExpectedResponse {
  readonly status?: Matcher;
  readonly reason?: Matcher;
  readonly headers?: ExpectedHeaders;
  readonly body?: ExpectedBody;
}

export interface ExpectedFault {
  readonly code?: Matcher;
  readonly name?: Matcher;
  readonly faultstring?: Matcher;
  readonly status?: Matcher;
  /** The fault rule that was taken; null: none. */
  readonly rule?: string | null;
}

export interface Expectation {
  /** The client's response; for several requests `responses`. */
  readonly response?: ExpectedResponse;
  readonly responses?: readonly ExpectedResponse[];
  /** All calls that leave. */
  readonly calls?: readonly ExpectedCall[];
  /** `ordered` unless given. */
  readonly order?: 'ordered' | 'any';
  /** Null: there must be none, which is also what is expected where nothing is said. */
  readonly fault?: ExpectedFault | null;
  /** Of the last transaction, at its end. */
  readonly variables?: Readonly<Record<string, Matcher>>;
  /** Names of all policies that ran, in order. */
  readonly steps?: readonly string[];
}

export interface Tolerances {
  /** Headers that may differ, beside those that never matter. */
  readonly headers?: readonly string[];
  /** Paths into JSON bodies whose values may differ, such as `$.id` or `$.items[*].created`. */
  readonly json?: readonly string[];
  /** Milliseconds that response times may differ; they are not compared unless given. */
  readonly time?: number;
}
