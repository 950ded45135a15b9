import { readdir, readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import type { Answer, HeaderLinesInit } from '../../support/upstream.ts';
import type { ExpectedCall, ExpectedHeaders, ExpectedVariables } from '../case.ts';

/** A bundle as its files, or as what stands inside them. */
export interface BundleText {
  /** Inside the proxy endpoint `default`, or the whole document. */
  readonly proxy?: string;
  /** The same by the endpoint's name. */
  readonly proxies?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly targets?: Readonly<Record<string, string>>;
  /** Steps of a shared flow; the bundle is a shared flow bundle then. */
  readonly sharedFlow?: string;
  /** By name: a whole policy, or what is inside an AssignMessage. */
  readonly policies?: Readonly<Record<string, string>>;
  /** Text by path below `resources`. */
  readonly resources?: Readonly<Record<string, string>>;
  /** Further files by path below the bundle's folder; they win. */
  readonly files?: Readonly<Record<string, string>>;
  /** Entries of a zip, in place of everything else. */
  readonly zip?: Readonly<Record<string, string>>;
}

export interface RequestText {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: HeaderLinesInit;
  readonly body?: string;
  /** Bytes of a body that is nothing but `x`. */
  readonly bodySize?: number;
  readonly encoding?: 'gzip' | 'deflate';
}

export interface ExpectedResponse {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: ExpectedHeaders;
  readonly body?: string;
  readonly bodySize?: number;
}

export interface ExpectedFinding {
  readonly code: string;
  /** Texts that message or hint hold. */
  readonly mentions?: readonly string[];
}

export interface RuntimeExpectation {
  readonly deploys?: false;
  /** All of them, in order; none unless given. */
  readonly errors?: readonly ExpectedFinding[];
  /** All of them, in order. */
  readonly warnings?: readonly ExpectedFinding[];
  readonly response?: ExpectedResponse;
  /** Of several requests, one by one. */
  readonly responses?: readonly ExpectedResponse[];
  readonly calls?: readonly ExpectedCall[];
  readonly callsTo?: Readonly<Record<string, number>>;
  /** The markers that ran, in order, in the last transaction; at its end, and when the response was made. */
  readonly trace?: string;
  readonly traceWhenSent?: string;
  /** Variables of the last transaction when a policy begins; a list: each time that it does. */
  readonly at?: Readonly<Record<string, ExpectedVariables | readonly ExpectedVariables[]>>;
  /** Variables that differ in each of the transactions. */
  readonly distinct?: readonly string[];
  /** Variables of the last transaction at its very end. */
  readonly variables?: ExpectedVariables;
}

export interface RuntimeCase extends Omit<BundleText, 'sharedFlow' | 'zip'> {
  readonly case: string;
  readonly title: string;
  readonly source: string;
  /** Further bundles by name; the bundle `p` is not made if one of them is a proxy. */
  readonly bundles?: Readonly<Record<string, BundleText>>;
  /** Files of the environment's folder by name, `.json` left out. */
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly upstreams?: Readonly<Record<string, Answer | readonly Answer[]>>;
  readonly certificates?: Readonly<Record<string, string>>;
  /** `GET /b` unless given; a text is method and target. */
  readonly request?: string | RequestText;
  readonly requests?: readonly (string | RequestText)[];
  /** What awaits a part of the runtime that is not there yet. */
  readonly awaits?: string;
  readonly expect: RuntimeExpectation;
}

const here = new URL('./', import.meta.url);

/** Reads every case file of this folder, in the order of their names. */
export async function readRuntimeCases(): Promise<
  readonly { readonly file: string; readonly cases: readonly RuntimeCase[] }[]
> {
  const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true });
  ajv.addSchema(await readSchema('../cases.schema.json'), 'cases.schema.json');
  const isCaseList = ajv.compile<readonly RuntimeCase[]>(await readSchema('cases.schema.json'));
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

async function readSchema(path: string): Promise<object> {
  const schema: unknown = JSON.parse(await readFile(new URL(path, here), 'utf8'));
  if (typeof schema !== 'object' || schema === null) throw new Error(`${path} is no object.`);
  return schema;
}
