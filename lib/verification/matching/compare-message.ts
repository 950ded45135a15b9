import type {
  ExpectedBody,
  ExpectedCall,
  ExpectedHeaders,
  ExpectedResponse,
} from '../suite/case.ts';
import { compareBody } from './compare-body.ts';
import { compareValue } from './compare-value.ts';
import type { Difference } from './difference.ts';

export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** A request that left for an upstream. */
export interface ObservedCall {
  readonly method: string;
  /** The origin as the policy names it, path and query. */
  readonly url: string;
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

/** What the client got. The body is without its content coding. */
export interface ObservedResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

export function compareResponse(
  at: string,
  found: ObservedResponse,
  expected: ExpectedResponse,
): readonly Difference[] {
  const { status, reason, headers, body } = expected;
  return [
    ...compareOptional(`${at}.status`, found.status, status),
    ...compareOptional(`${at}.reason`, found.reason, reason),
    ...compareHeaders(`${at}.headers`, found.headers, headers ?? {}),
    ...compareOptionalBody(`${at}.body`, found.body, body),
  ];
}

export function compareCall(
  at: string,
  found: ObservedCall,
  expected: ExpectedCall,
): readonly Difference[] {
  const { method, url, headers, body } = expected;
  return [
    ...compareOptional(`${at}.method`, found.method, method),
    ...compareOptional(`${at}.url`, found.url, url),
    ...compareHeaders(`${at}.headers`, found.headers, headers ?? {}),
    ...compareOptionalBody(`${at}.body`, found.body, body),
  ];
}

/** Only the headers that are named; a header on several lines is a list. */
export function compareHeaders(
  at: string,
  lines: HeaderLines,
  expected: ExpectedHeaders,
): readonly Difference[] {
  return Object.entries(expected).flatMap(([name, matcher]) => {
    const wanted = name.toLowerCase();
    const values = lines
      .filter(([line]) => line.toLowerCase() === wanted)
      .map(([, value]) => value);
    return compareValue(`${at}.${wanted}`, values.length > 1 ? values : values[0], matcher);
  });
}

function compareOptional(at: string, found: unknown, expected: unknown): readonly Difference[] {
  return expected === undefined ? [] : compareValue(at, found, expected);
}

function compareOptionalBody(
  at: string,
  found: Uint8Array,
  expected: ExpectedBody | undefined,
): readonly Difference[] {
  return expected === undefined ? [] : compareBody(at, found, expected);
}
