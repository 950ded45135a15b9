import { defaultLimits } from '../host/limits.ts';
import { JavaRegexBudgetError, type JavaRegex } from '../java/regex/java-regex.ts';
import type { Budget } from './budget.ts';
import { JsonPathError } from './error.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { numberOf } from './literal.ts';
import { failed, inapplicable } from './signal.ts';
import type { Condition, Operand, Operator, Path } from './syntax.ts';
import { isArray, isDeepEqual, isObject } from './value.ts';

/** One side of a comparison. A path that leads nowhere is `absent`, which equals nothing. */
type Side =
  | { readonly kind: 'absent' }
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'json'; readonly value: unknown; readonly isLiteral: boolean }
  | { readonly kind: 'regex'; readonly regex: JavaRegex };

/** Whether a filter accepts an item. */
export function holds(condition: Condition, item: unknown, evaluation: Evaluation): boolean {
  evaluation.budget.spend(1);
  try {
    return isTrue(condition, item, evaluation);
  } catch (error) {
    if (error === inapplicable) return false;
    throw error;
  }
}

function isTrue(condition: Condition, item: unknown, evaluation: Evaluation): boolean {
  switch (condition.kind) {
    case 'or':
      return condition.conditions.some((each) => isTrue(each, item, evaluation));
    case 'and':
      return condition.conditions.every((each) => isTrue(each, item, evaluation));
    case 'not':
      return !isTrue(condition.condition, item, evaluation);
    case 'exists':
      return exists(condition.path, item, evaluation) === condition.expected;
    case 'comparison': {
      const left = sideOf(condition.left, item, evaluation);
      const right = sideOf(condition.right, item, evaluation);
      return compare(left, condition.operator, right, evaluation);
    }
  }
}

/** Jayway looks for `$` paths in the item, too, where it only asks whether they exist. */
function exists(path: Path, item: unknown, evaluation: Evaluation): boolean {
  return evaluate(path, item, { ...evaluation, missing: 'fatal' }) !== undefined;
}

function sideOf(operand: Operand, item: unknown, evaluation: Evaluation): Side {
  switch (operand.kind) {
    case 'scalar':
      return sideOfValue(operand.value);
    case 'json':
      return { kind: 'json', value: operand.value, isLiteral: true };
    case 'number':
    case 'regex':
      return operand;
    case 'path': {
      const start = operand.path.origin === '$' ? evaluation.root : item;
      const found = evaluate(operand.path, start, { ...evaluation, missing: 'skipped' });
      if (found === undefined) return { kind: 'absent' };
      return sideOfValue(found.kind === 'list' ? found.values : found.value);
    }
  }
}

function sideOfValue(value: unknown): Side {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'number') return { kind: 'number', value, text: String(value) };
  if (typeof value === 'string') return { kind: 'string', value };
  return { kind: 'json', value, isLiteral: false };
}

function compare(left: Side, operator: Operator, right: Side, evaluation: Evaluation): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right, evaluation);
    case '!=':
      return !isEqual(left, right, evaluation);
    case '===':
      return left.kind === right.kind && isEqual(left, right, evaluation);
    case '!==':
      return !(left.kind === right.kind && isEqual(left, right, evaluation));
    case '<':
      return isOrdered(left, right, (a, b) => a < b);
    case '<=':
      return isOrdered(left, right, (a, b) => a <= b);
    case '>':
      return isOrdered(left, right, (a, b) => a > b);
    case '>=':
      return isOrdered(left, right, (a, b) => a >= b);
    case '=~':
      return matches(left, right, evaluation);
    case 'in':
      return isIn(left, right, evaluation);
    case 'nin':
      return !isIn(left, right, evaluation);
    case 'contains':
      return contains(left, right, evaluation);
    case 'size':
      return right.kind === 'number' && sizeOf(left) === Math.trunc(right.value);
    case 'empty':
      return isEmpty(left, right);
    case 'exists':
      if (left.kind !== 'boolean' && right.kind !== 'boolean') throw failed;
      if (left.kind !== 'boolean' || right.kind !== 'boolean') throw inapplicable;
      return left.value === right.value;
    case 'subsetof':
    case 'anyof':
    case 'noneof':
      return compareLists(left, operator, right, evaluation);
    case 'all':
    case 'type':
    case 'matches':
      // Jayway has these for filters built in Java; nothing that can be written in a path fits them.
      throw inapplicable;
  }
}

/** Numbers and texts of numbers are equal, and the left side decides how they are compared. */
function isEqual(left: Side, right: Side, evaluation: Evaluation): boolean {
  switch (left.kind) {
    case 'absent':
    case 'regex':
      return false;
    case 'null':
      return right.kind === 'null';
    case 'boolean':
      return right.kind === 'boolean' && left.value === right.value;
    case 'number':
      if (right.kind === 'string') return left.value === numberOf(right.value);
      return right.kind === 'number' && left.value === right.value;
    case 'string':
      if (right.kind === 'number') return left.value === right.text;
      return right.kind === 'string' && left.value === right.value;
    case 'json':
      // Jayway compares the text of a literal on the left with a parsed value, so it never equals one.
      if (right.kind !== 'json' || left.isLiteral) return false;
      return isDeepEqual(left.value, right.value, evaluation.budget);
  }
}

function isOrdered(
  left: Side,
  right: Side,
  test: (left: number | string, right: number | string) => boolean,
): boolean {
  if (left.kind === 'number' && right.kind === 'number') return test(left.value, right.value);
  return left.kind === 'string' && right.kind === 'string' && test(left.value, right.value);
}

/** The items as sides; undefined if there are none to speak of. Lists of lists and of objects fail. */
function itemsOf(side: Side, evaluation: Evaluation): readonly Side[] | undefined {
  if (side.kind !== 'json') throw inapplicable;
  if (!isArray(side.value)) return undefined;
  evaluation.budget.spend(side.value.length);
  return side.value.map((value) => {
    const item = sideOfValue(value);
    if (item.kind === 'json') throw failed;
    return item;
  });
}

function isIn(left: Side, right: Side, evaluation: Evaluation): boolean {
  return itemsOf(right, evaluation)?.some((item) => isEqual(left, item, evaluation)) ?? false;
}

function contains(left: Side, right: Side, evaluation: Evaluation): boolean {
  if (left.kind === 'string' && right.kind === 'string') return left.value.includes(right.value);
  if (left.kind !== 'json') return false;
  return itemsOf(left, evaluation)?.some((item) => isEqual(right, item, evaluation)) ?? false;
}

function compareLists(
  left: Side,
  operator: 'subsetof' | 'anyof' | 'noneof',
  right: Side,
  evaluation: Evaluation,
): boolean {
  const rightItems = itemsOf(right, evaluation);
  if (rightItems === undefined) return false;
  const leftItems = itemsOf(left, evaluation);
  if (leftItems === undefined) return false;
  const isShared = (item: Side): boolean => {
    evaluation.budget.spend(rightItems.length);
    return rightItems.some((other) => isEqual(item, other, evaluation));
  };
  switch (operator) {
    case 'subsetof':
      return leftItems.every(isShared);
    case 'anyof':
      return leftItems.some(isShared);
    case 'noneof':
      return !leftItems.some(isShared);
  }
}

/** -1 for an object; undefined for what has no size at all. */
function sizeOf(side: Side): number | undefined {
  if (side.kind === 'string') return side.value.length;
  if (side.kind !== 'json') return undefined;
  return isArray(side.value) ? side.value.length : -1;
}

function isEmpty(left: Side, right: Side): boolean {
  if (left.kind !== 'string' && left.kind !== 'json') return false;
  // Jayway fails on every object here.
  if (isObject(left.value)) throw failed;
  if (right.kind !== 'boolean') throw inapplicable;
  return (sizeOf(left) === 0) === right.value;
}

/** `=~` asks for a match of the whole text; of a list, of any item. */
function matches(left: Side, right: Side, evaluation: Evaluation): boolean {
  const [pattern, subject] = left.kind === 'regex' ? [left, right] : [right, left];
  if (pattern.kind !== 'regex' || subject.kind === 'regex') return false;
  const items = subject.kind === 'json' ? itemsOf(subject, evaluation) : undefined;
  return (items ?? [subject]).some((item) =>
    isMatch(pattern.regex, textOf(item), evaluation.budget),
  );
}

/** How many steps of the regular expression engine cost as much as one visited value. */
const stepsPerVisit = 8;

/**
 * Most texts match or fail within a few steps a character. One that does not is tried again with more,
 * at last with the whole budget of a match, and pays each time, so that many slow items cannot add up.
 */
function isMatch(regex: JavaRegex, text: string, budget: Budget): boolean {
  const few = 64 + 4 * text.length;
  const full = Math.max(16 * few, defaultLimits.regexSteps);
  for (const steps of [few, 16 * few, full]) {
    budget.spend(Math.ceil(steps / stepsPerVisit));
    try {
      return regex.matches(text, steps) !== null;
    } catch (error) {
      if (!(error instanceof JavaRegexBudgetError)) throw error;
      if (steps === full) throw new JsonPathError(error.message, 0);
    }
  }
  return false;
}

function textOf(side: Side): string {
  if (side.kind === 'number') return side.text;
  return side.kind === 'string' || side.kind === 'boolean' ? String(side.value) : '';
}
