/**
 * What a value must be: itself, or a condition. Types count: 200 is not "200". Where a value is data that
 * looks like a condition, `{ equals: ... }` says so.
 */
export type Matcher =
  | string
  | number
  | boolean
  | null
  | readonly Matcher[]
  | Condition
  | { readonly [name: string]: Matcher };

export type Condition =
  /** A regular expression that has to be found in the value's text. */
  | { readonly pattern: string }
  /** Something, whatever it is. */
  | { readonly any: true }
  /** Nothing; null says the same where a value cannot be null. */
  | { readonly absent: true }
  | { readonly equals: unknown }
  | { readonly type: 'integer' | 'number' | 'string' | 'boolean'; readonly above?: number };

/** The condition that a matcher is; undefined if it is a plain value. */
export function conditionOf(matcher: unknown): Condition | undefined {
  if (typeof matcher !== 'object' || matcher === null || Array.isArray(matcher)) return undefined;
  const names = Object.keys(matcher);
  const [name] = names;
  const isAlone = names.length === 1;
  if (isAlone && name === 'equals') return matcher as Condition;
  const given: Readonly<Record<string, unknown>> = { ...matcher };
  if (isAlone && (name === 'any' || name === 'absent') && given[name] === true)
    return matcher as Condition;
  if (isAlone && name === 'pattern' && typeof given['pattern'] === 'string')
    return matcher as Condition;
  const isTyped =
    typeof given['type'] === 'string' &&
    ['integer', 'number', 'string', 'boolean'].includes(given['type']) &&
    names.every((one) => one === 'type' || (one === 'above' && typeof given[one] === 'number'));
  return isTyped ? (matcher as Condition) : undefined;
}
