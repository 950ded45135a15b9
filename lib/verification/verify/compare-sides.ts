import type { Difference } from '../matching/difference.ts';
import type { HeaderLines, ObservedCall, ObservedResponse } from '../matching/compare-message.ts';
import { compareValue } from '../matching/compare-value.ts';
import type { Tolerances } from '../suite/case.ts';
import { contentDifferences } from './compare-contents.ts';

/** A difference between the interpreter, whose side is what is expected, and the candidate. */
export interface SideDifference extends Difference {
  /** The tolerance of the suite that covers it; undefined if none does. */
  readonly tolerated: string | undefined;
}

export interface Side {
  readonly response: ObservedResponse;
  readonly calls: readonly ObservedCall[];
}

/** Headers that say how a message travels, or who made it, and nothing about what it means. */
const neverMatter: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'keep-alive',
  'server',
  'trailer',
  'transfer-encoding',
  'user-agent',
  'vary',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-powered-by',
]);

/** Everything that the candidate did otherwise, field by field. */
export function compareSides(
  interpreter: Side,
  candidate: Side,
  tolerances: Tolerances,
): readonly SideDifference[] {
  return [
    ...responseDifferences('response', interpreter.response, candidate.response, tolerances),
    ...callDifferences(interpreter.calls, candidate.calls, tolerances),
  ];
}

function responseDifferences(
  at: string,
  expected: ObservedResponse,
  found: ObservedResponse,
  tolerances: Tolerances,
): readonly SideDifference[] {
  return [
    ...untolerated(compareValue(`${at}.status`, found.status, { equals: expected.status })),
    ...headerDifferences(`${at}.headers`, expected.headers, found.headers, tolerances),
    ...contentDifferences(`${at}.body`, expected, found, tolerances),
  ];
}

/** Calls are paired by method and URL first, so that one call left out does not make all others differ. */
function callDifferences(
  expected: readonly ObservedCall[],
  found: readonly ObservedCall[],
  tolerances: Tolerances,
): readonly SideDifference[] {
  const left = new Map(found.entries());
  const take = (fits: (call: ObservedCall) => boolean): ObservedCall | undefined => {
    for (const [index, call] of left) {
      if (!fits(call)) continue;
      left.delete(index);
      return call;
    }
    return undefined;
  };
  const pairs = expected.map((call) => ({
    call,
    partner: take(({ method, url }) => method === call.method && url === call.url),
  }));
  const differences = pairs.flatMap(({ call, partner }, index) => {
    const at = `calls[${index}]`;
    const other =
      partner ?? take(({ url }) => originOf(url) === originOf(call.url)) ?? take(() => true);
    if (other === undefined) {
      const note = 'The candidate did not make this call.';
      return untolerated([{ at, expected: shown(call), found: undefined, note }]);
    }
    return [
      ...untolerated(compareValue(`${at}.method`, other.method, { equals: call.method })),
      ...untolerated(compareValue(`${at}.url`, other.url, { equals: call.url })),
      ...headerDifferences(`${at}.headers`, call.headers, other.headers, tolerances),
      ...contentDifferences(`${at}.body`, call, other, tolerances),
    ];
  });
  const extra = [...left.values()].map((call, index) => ({
    at: `calls[${expected.length + index}]`,
    expected: undefined,
    found: shown(call),
    note: 'Only the candidate made this call.',
  }));
  return [...differences, ...untolerated(extra)];
}

function headerDifferences(
  at: string,
  expected: HeaderLines,
  found: HeaderLines,
  { headers = [] }: Tolerances,
): readonly SideDifference[] {
  const tolerated = new Set(headers.map((name) => name.toLowerCase()));
  const [wanted, got] = [byName(expected), byName(found)];
  const names = [...new Set([...wanted.keys(), ...got.keys()])].filter(
    // The host is part of the URL that a call is compared by.
    (name) => !neverMatter.has(name) && name !== 'host',
  );
  return names.sort().flatMap((name) => {
    const [one, other] = [wanted.get(name), got.get(name)];
    if (one === other) return [];
    const difference = { at: `${at}.${name}`, expected: one, found: other };
    return [{ ...difference, tolerated: tolerated.has(name) ? `headers: ${name}` : undefined }];
  });
}

/** Lines of one name mean their values in order, joined; blanks around commas mean nothing. */
function byName(lines: HeaderLines): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [line, value] of lines) {
    const name = line.toLowerCase();
    const before = values.get(name);
    const text = value.trim().replace(/\s*;\s*/g, '; ');
    values.set(name, before === undefined ? text : `${before}, ${text}`);
  }
  return values;
}

function untolerated(differences: readonly Difference[]): readonly SideDifference[] {
  return differences.map((difference) => ({ ...difference, tolerated: undefined }));
}

function originOf(url: string): string {
  return new URL(url).origin;
}

function shown({ method, url }: ObservedCall): unknown {
  return { method, url };
}
