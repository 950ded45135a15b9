import { readdir, readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { knownPolicyTypes } from '../../lib/policies/known-policy-types.ts';
import type { IssuedTokens, TokenRequest } from '../support/google.ts';
import type { Answer, HeaderLinesInit } from '../support/upstream.ts';
import type { ExpectedHandOvers, KnownEntity } from './hand-overs.ts';

/** What a value must be: itself (null is absent), or a condition. Types count: 200 is not "200". */
export type Expectation = string | number | boolean | null | Condition;

export type Condition =
  | { readonly pattern: string }
  | { readonly present: true }
  | { readonly type: 'integer'; readonly above: number };

export type ExpectedVariables = Readonly<Record<string, Expectation>>;
/** null: no such header; a list: one line each. */
export type ExpectedHeaders = Readonly<
  Record<string, string | readonly string[] | null | { readonly pattern: string }>
>;

export interface ExpectedCall {
  readonly method: string;
  /** The origin as the policy means it and the request target as it was sent. */
  readonly url: string;
  /** Others may be sent too; Host is always checked. */
  readonly headers?: ExpectedHeaders;
  /** No body unless given. */
  readonly body?: string;
}

export interface ExpectedLocalCall {
  readonly endpoint?: string;
  readonly path?: string;
  readonly method: string;
  readonly query?: string;
  readonly headers?: ExpectedHeaders;
  readonly body?: string;
}

export interface ExpectedFault {
  readonly code: string;
  readonly name?: string;
  readonly faultstring: string;
  readonly status?: number;
}

export interface ExpectedDiagnostic {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code?: string;
  readonly message?: string | { readonly pattern: string };
  /** Texts that message or hint hold. */
  readonly mentions?: readonly string[];
}

export interface ExpectedOutcome {
  readonly fault?: ExpectedFault | null;
  readonly variables?: ExpectedVariables;
}

export interface ExpectedClientResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Expected extends ExpectedOutcome {
  readonly deploys?: boolean;
  readonly diagnostics?: readonly ExpectedDiagnostic[];
  readonly calls?: readonly ExpectedCall[];
  readonly callsTo?: Readonly<Record<string, number>>;
  readonly localCalls?: readonly ExpectedLocalCall[];
  readonly tokens?: readonly TokenRequest[];
  readonly client?: ExpectedClientResponse;
  /** What logging, analytics and publishing policies hand over. */
  readonly handedOver?: ExpectedHandOvers;
  readonly log?: readonly { readonly mentions: readonly string[] }[];
  /** Milliseconds that a transaction may take; always far above what it should. */
  readonly within?: number;
  readonly transactions?: readonly ExpectedOutcome[];
}

export type Step =
  | { readonly policy: string }
  | { readonly set: Readonly<Record<string, string | number | boolean>> }
  | { readonly later: number }
  | { readonly expect: ExpectedVariables };

/** One of several transactions. What it leaves out is as the case says. */
export interface Turn extends Pick<Case, 'policy' | 'variables' | 'request'> {
  /** Milliseconds since the one before, or since the start. */
  readonly after?: number;
}

export interface ClientRequest {
  readonly verb: string;
  readonly path: string;
  readonly queryParams?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: HeaderLinesInit;
  readonly content?: string;
}

export interface LocalProxy {
  readonly endpoint?: string;
  readonly path?: string;
  readonly answer: Answer;
}

export interface Case {
  readonly case: string;
  readonly title: string;
  readonly source: string;
  readonly policy?: string;
  readonly steps?: readonly Step[];
  /** So many times the same, or what differs in each. */
  readonly transactions?: number | readonly Turn[];
  /** A date as text: the clock stands there, and moves only when a transaction says so. */
  readonly startsAt?: string;
  /** Policies of the same bundle that no step runs. */
  readonly beside?: readonly string[];
  readonly phase?: 'request' | 'response';
  /** Text by URL, such as jsc://config.json. */
  readonly resources?: Readonly<Record<string, string>>;
  /** The policies of each shared flow, run in a row. */
  readonly sharedFlows?: Readonly<Record<string, readonly string[]>>;
  readonly request?: ClientRequest;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly upstreams?: Readonly<Record<string, Answer | readonly Answer[]>>;
  readonly certificates?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly tokens?: IssuedTokens;
  readonly localProxies?: readonly LocalProxy[];
  readonly entities?: readonly KnownEntity[];
  readonly expect: Expected;
}

const here = new URL('./', import.meta.url);

/** Reads every case file of this folder, in the order of their names. */
export async function readCaseFiles(): Promise<
  readonly { file: string; cases: readonly Case[] }[]
> {
  const schema: unknown = JSON.parse(await readFile(new URL('cases.schema.json', here), 'utf8'));
  if (typeof schema !== 'object' || schema === null) throw new Error('The schema is no object.');
  const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true });
  const isCaseList = ajv.compile<readonly Case[]>(schema);
  const files = (await readdir(here)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (file) => {
      const cases: unknown = parse(await readFile(new URL(file, here), 'utf8'), {
        maxAliasCount: -1,
      });
      if (!isCaseList(cases)) throw new Error(`${file}: ${ajv.errorsText(isCaseList.errors)}`);
      return { file, cases };
    }),
  );
}

/** The steps of a case; a lone policy is one step. */
export function stepsOf({ policy, steps = [] }: Case): readonly Step[] {
  return policy === undefined ? steps : [{ policy }];
}

/** What happens in each transaction of a case. */
export function turnsOf({ transactions = 1 }: Case): readonly Turn[] {
  return typeof transactions === 'number'
    ? Array.from({ length: transactions }, () => ({}))
    : transactions;
}

/** The policies of a case's steps and shared flows and those beside them, each once. */
export function policyTexts(testCase: Case): readonly string[] {
  const turns = turnsOf(testCase).flatMap(({ policy }) => policy ?? []);
  const steps = stepsOf(testCase).flatMap((step) => ('policy' in step ? [step.policy] : []));
  const called = Object.values(testCase.sharedFlows ?? {}).flat();
  const beside = testCase.beside ?? [];
  return [...new Set([...turns, ...steps, ...called, ...beside].map(wholePolicy))];
}

/**
 * A policy given by its children alone is the callout `SC`, answering into `r` and calling
 * http://up.test unless it says otherwise.
 */
export function wholePolicy(text: string): string {
  const root = /^\s*<(\w+)/.exec(text)?.[1];
  if (root !== undefined && knownPolicyTypes.has(root)) return text;
  const response = /<Response[\s/>]/.test(text) ? '' : '<Response>r</Response>';
  const connection = text.includes('TargetConnection>')
    ? ''
    : '<HTTPTargetConnection><URL>http://up.test</URL></HTTPTargetConnection>';
  return `<ServiceCallout name="SC">${text}${response}${connection}</ServiceCallout>`;
}
