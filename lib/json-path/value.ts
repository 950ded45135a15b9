import type { Budget } from './budget.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values directly inside; none in a scalar. Own properties only, as everywhere here. */
export function childrenOf(value: unknown): readonly unknown[] {
  if (isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

/** Whether two JSON values are the same, names in any order. Safe for any depth. */
export function isDeepEqual(left: unknown, right: unknown, budget: Budget): boolean {
  const pairs: [unknown, unknown][] = [[left, right]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    budget.spend(1);
    const [a, b] = pair;
    if (isArray(a) && isArray(b)) {
      if (a.length !== b.length) return false;
      for (const [at, value] of a.entries()) pairs.push([value, b[at]]);
    } else if (isObject(a) && isObject(b)) {
      const names = Object.keys(a);
      if (names.length !== Object.keys(b).length) return false;
      for (const name of names) {
        if (!Object.hasOwn(b, name)) return false;
        pairs.push([a[name], b[name]]);
      }
    } else if (a !== b) return false;
  }
  return true;
}
