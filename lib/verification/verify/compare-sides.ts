import type { Difference } from '../matching/difference.ts';
import type { HeaderLines, ObservedCall } from '../matching/compare-message.ts';
import type { Tolerances } from '../suite/case.ts';
import type { Exchange } from './ask.ts';
import { contentDifferences } from './compare-contents.ts';
import { headerMeanings } from './header-meaning.ts';

/** A difference between the interpreter, whose side is what is expected, and the candidate. */
export interface SideDifference extends Difference {
  /** The tolerance of the suite that covers it; undefined if none does. */
  readonly tolerated: string | undefined;
}

/** One side's answers to a case's requests, and the calls that they led to. */
export interface PlayedSide {
  readonly exchanges: readonly Exchange[];
  readonly calls: readonly ObservedCall[];
}

/** Everything that the candidate did otherwise, field by field. */
export function compareSides(
  interpreter: PlayedSide,
  candidate: PlayedSide,
  tolerances: Tolerances,
): readonly SideDifference[] {
  const isOne = interpreter.exchanges.length === 1;
  return [
    ...interpreter.exchanges.flatMap((exchange, index) => {
      const at = isOne ? 'response' : `responses[${index}]`;
      const other = candidate.exchanges[index];
      return other === undefined ? [] : exchangeDifferences(at, exchange, other, tolerances);
    }),
    ...callDifferences(interpreter.calls, candidate.calls, tolerances),
  ];
}

function exchangeDifferences(
  at: string,
  expected: Exchange,
  found: Exchange,
  tolerances: Tolerances,
): readonly SideDifference[] {
  if (expected.kind === 'answered' && found.kind === 'answered') {
    const [one, other] = [expected.response, found.response];
    return [
      ...valueDifferences(`${at}.status`, one.status, other.status),
      ...headerDifferences(`${at}.headers`, one.headers, other.headers, tolerances),
      ...contentDifferences(`${at}.body`, one, other, tolerances),
      ...timeDifferences(`${at}.time`, expected.milliseconds, found.milliseconds, tolerances),
    ];
  }
  if (expected.kind === 'unanswered' && found.kind === 'unanswered') {
    // Nobody can tell apart in what way a connection without an answer ended.
    const isSame = expected.trouble === found.trouble;
    return isSame ? [] : untolerated([{ at, expected: expected.message, found: found.message }]);
  }
  const note =
    found.kind === 'unanswered'
      ? `The candidate gave no answer: ${found.message}.`
      : 'The interpreter gave no answer, the candidate did.';
  return untolerated([
    { at, expected: shownExchange(expected), found: shownExchange(found), note },
  ]);
}

function shownExchange(exchange: Exchange): unknown {
  return exchange.kind === 'answered' ? { status: exchange.response.status } : exchange.message;
}

function timeDifferences(
  at: string,
  expected: number,
  found: number,
  { time }: Tolerances,
): readonly SideDifference[] {
  if (time === undefined || Math.abs(expected - found) <= time) return [];
  const note = `In milliseconds; the suite lets them differ by ${time}.`;
  return untolerated([{ at, expected: Math.round(expected), found: Math.round(found), note }]);
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
  const likenesses: readonly ((one: ObservedCall, other: ObservedCall) => boolean)[] = [
    (one, other) => one.method === other.method && one.url === other.url,
    (one, other) => one.method === other.method && pathOf(one.url) === pathOf(other.url),
    (one, other) => originOf(one.url) === originOf(other.url),
  ];
  const partners = new Map<ObservedCall, ObservedCall>();
  for (const isLike of likenesses) {
    for (const call of expected) {
      if (partners.has(call)) continue;
      const partner = take((other) => isLike(call, other));
      if (partner !== undefined) partners.set(call, partner);
    }
  }
  const differences = expected.flatMap((call, index) => {
    const at = `calls[${index}]`;
    const other = partners.get(call);
    if (other === undefined) {
      const note = 'The candidate did not make this call.';
      return untolerated([{ at, expected: shownCall(call), found: undefined, note }]);
    }
    return [
      ...valueDifferences(`${at}.method`, call.method, other.method),
      ...valueDifferences(`${at}.url`, call.url, other.url),
      ...headerDifferences(`${at}.headers`, call.headers, other.headers, tolerances),
      ...contentDifferences(`${at}.body`, call, other, tolerances),
    ];
  });
  const extra = [...left.values()].map((call, index) => ({
    at: `calls[${expected.length + index}]`,
    expected: undefined,
    found: shownCall(call),
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
  const [wanted, got] = [headerMeanings(expected), headerMeanings(found)];
  const names = [...new Set([...wanted.keys(), ...got.keys()])].sort();
  return names.flatMap((name) => {
    const [one, other] = [wanted.get(name), got.get(name)];
    if (one === other) return [];
    // A tolerance names a header, of which cookies are parts.
    const cover = [name, name.replace(/\[.*$/s, '')].find((text) => tolerated.has(text));
    const difference = { at: `${at}.${name}`, expected: one, found: other };
    return [{ ...difference, tolerated: cover === undefined ? undefined : `headers: ${cover}` }];
  });
}

function valueDifferences(
  at: string,
  expected: string | number,
  found: string | number,
): readonly SideDifference[] {
  return expected === found ? [] : untolerated([{ at, expected, found }]);
}

function untolerated(differences: readonly Difference[]): readonly SideDifference[] {
  return differences.map((difference) => ({ ...difference, tolerated: undefined }));
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function pathOf(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

function shownCall({ method, url }: ObservedCall): unknown {
  return { method, url };
}
