import type { ExpectedCall } from '../suite/case.ts';
import { compareCall, type ObservedCall } from './compare-message.ts';
import type { Difference } from './difference.ts';

/** Compares all calls that left with all that are expected. */
export function compareCalls(
  found: readonly ObservedCall[],
  expected: readonly ExpectedCall[],
  order: 'ordered' | 'any',
): readonly Difference[] {
  return order === 'ordered' ? compareInOrder(found, expected) : compareInAnyOrder(found, expected);
}

function compareInOrder(
  found: readonly ObservedCall[],
  expected: readonly ExpectedCall[],
): readonly Difference[] {
  return [
    ...expected.flatMap((call, index) => {
      const at = `calls[${index}]`;
      const one = found[index];
      return one === undefined ? [missing(at, call)] : compareCall(at, one, call);
    }),
    ...found.slice(expected.length).map((call, index) => extra(expected.length + index, call)),
  ];
}

/** Each expected call takes the first call left that meets it, or else the one that comes nearest. */
function compareInAnyOrder(
  found: readonly ObservedCall[],
  expected: readonly ExpectedCall[],
): readonly Difference[] {
  const left = new Map(found.entries());
  const unmet = expected.flatMap((call, index) => {
    const match = [...left].find(([, one]) => compareCall('', one, call).length === 0);
    if (match === undefined) return [[index, call] as const];
    left.delete(match[0]);
    return [];
  });
  const differences = unmet.flatMap(([index, call]) => {
    const at = `calls[${index}]`;
    const nearest = [...left]
      .map(([key, one]) => ({ key, differences: compareCall(at, one, call) }))
      .sort((one, other) => one.differences.length - other.differences.length)[0];
    if (nearest === undefined) return [missing(at, call)];
    left.delete(nearest.key);
    return nearest.differences;
  });
  return [...differences, ...[...left].map(([index, call]) => extra(index, call))];
}

function missing(at: string, expected: ExpectedCall): Difference {
  return { at, expected, found: undefined, note: 'The call was not made.' };
}

function extra(index: number, { method, url }: ObservedCall): Difference {
  return {
    at: `calls[${index}]`,
    expected: undefined,
    found: { method, url },
    note: 'Nothing was said of this call.',
  };
}
