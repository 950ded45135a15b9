import { conditionOf } from '../matching/matcher.ts';
import type { Case, Expectation } from '../suite/case.ts';
import type { RecordedCase } from './to-case.ts';

const anything = { any: true } as const;

/**
 * One case for each request and way in which it was answered. What differs between repeats, such as an id
 * or a date, may be anything. Each case has a name of its own.
 */
export function foldRepeats(recorded: readonly RecordedCase[]): readonly Case[] {
  const groups = new Map<string, Case>();
  for (const { case: one, request, way } of recorded) {
    const key = `${request}\n${way}`;
    const known = groups.get(key);
    groups.set(key, known === undefined ? one : repeated(known, one));
  }
  return named([...groups.values()]);
}

/** The first case, expecting what both of them did. */
function repeated(known: Case, one: Case): Case {
  const expect = agreed(known.expect, one.expect) as Expectation;
  return { ...known, expect };
}

function agreed(one: unknown, other: unknown): unknown {
  if (Object.is(one, other)) return one;
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length)
    return one.map((item, index) => agreed(item, other[index]));
  if (!isRecord(one) || !isRecord(other)) return anything;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  const isAlike =
    names.length === others.length && names.every((name) => Object.hasOwn(other, name));
  // What stands under `equals` is data, in which nothing can be anything.
  const isData = conditionOf(one) !== undefined || conditionOf(other) !== undefined;
  if (!isAlike || isData) return JSON.stringify(one) === JSON.stringify(other) ? one : anything;
  return Object.fromEntries(names.map((name) => [name, agreed(one[name], other[name])] as const));
}

function named(cases: readonly Case[]): readonly Case[] {
  const counts = new Map<string, number>();
  return cases.map((one) => {
    const count = (counts.get(one.name) ?? 0) + 1;
    counts.set(one.name, count);
    return count === 1 ? one : { ...one, name: `${one.name} (${count})` };
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
