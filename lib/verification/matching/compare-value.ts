import { conditionOf, type Condition } from './matcher.ts';
import type { Difference } from './difference.ts';

/** Compares a value with a matcher. Objects have to have the same members, whatever their order. */
export function compareValue(at: string, found: unknown, expected: unknown): readonly Difference[] {
  const condition = conditionOf(expected);
  if (condition !== undefined) {
    return meets(found, condition) ? [] : [{ at, expected, found }];
  }
  if (Array.isArray(expected) && Array.isArray(found)) return compareLists(at, found, expected);
  if (isRecord(expected) && isRecord(found)) return compareRecords(at, found, expected);
  const isSame = Object.is(found, expected) || (expected === null && found === undefined);
  return isSame || sameNumber(found, expected) ? [] : [{ at, expected, found }];
}

function compareLists(
  at: string,
  found: readonly unknown[],
  expected: readonly unknown[],
): readonly Difference[] {
  const length = Math.max(found.length, expected.length);
  return Array.from({ length }, (_, index) => {
    const place = `${at}[${index}]`;
    if (index >= expected.length) return [{ at: place, expected: undefined, found: found[index] }];
    return compareValue(place, found[index], expected[index]);
  }).flat();
}

function compareRecords(
  at: string,
  found: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
): readonly Difference[] {
  const missing = Object.keys(expected).flatMap((name) => {
    const value = Object.hasOwn(found, name) ? found[name] : undefined;
    // A member that is null is there; one that is left out is not.
    if (expected[name] === null && value === undefined)
      return [{ at: memberOf(at, name), expected: null, found: undefined }];
    return compareValue(memberOf(at, name), value, expected[name]);
  });
  const extra = Object.keys(found)
    .filter((name) => !Object.hasOwn(expected, name))
    .map((name) => ({ at: memberOf(at, name), expected: undefined, found: found[name] }));
  return [...missing, ...extra];
}

function memberOf(at: string, name: string): string {
  return /^[\w-]+$/.test(name) ? `${at}.${name}` : `${at}[${JSON.stringify(name)}]`;
}

function meets(found: unknown, condition: Condition): boolean {
  const isThere = found !== undefined && found !== null;
  if ('any' in condition) return isThere;
  if ('absent' in condition) return !isThere;
  if ('equals' in condition) return compareExactly(found, condition.equals);
  if ('pattern' in condition) {
    return isThere && new RegExp(condition.pattern, 's').test(textOf(found));
  }
  const { type, above } = condition;
  const isOfType =
    type === 'integer'
      ? Number.isSafeInteger(found) || typeof found === 'bigint'
      : typeof found === type;
  return isOfType && (above === undefined || Number(found) > above);
}

/** Data that looks like a condition is data here. */
function compareExactly(found: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(found) &&
      found.length === expected.length &&
      expected.every((item, index) => compareExactly(found[index], item))
    );
  }
  if (isRecord(expected)) {
    if (!isRecord(found)) return false;
    const names = Object.keys(expected);
    return (
      names.length === Object.keys(found).length &&
      names.every(
        (name) => Object.hasOwn(found, name) && compareExactly(found[name], expected[name]),
      )
    );
  }
  return Object.is(found, expected) || sameNumber(found, expected);
}

/** A case file cannot tell a number from a big integer. */
function sameNumber(found: unknown, expected: unknown): boolean {
  const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint';
  return isNumber(found) && isNumber(expected) && String(found) === String(expected);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
