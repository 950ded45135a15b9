import type { Budget } from './budget.ts';
import { holds } from './filter.ts';
import { callFunction } from './function.ts';
import { inapplicable, outOfRange } from './signal.ts';
import {
  aggregatesScan,
  definitePrefix,
  type FunctionCall,
  type Path,
  type Step,
} from './syntax.ts';
import { childrenOf, isArray, isObject } from './value.ts';

/** What a path finds: one value, a list of values, or no such place. */
export type Found =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'list'; readonly values: readonly unknown[] }
  | undefined;

export interface Evaluation {
  readonly root: unknown;
  readonly budget: Budget;
  /** What a member that is missing means: in a test of existence it ends the whole path. */
  readonly missing: 'skipped' | 'fatal';
}

/** Walks from `start`. Neither the path's length nor the document's depth costs stack. */
export function evaluate(path: Path, start: unknown, evaluation: Evaluation): Found {
  const last = path.steps.at(-1);
  if (last?.kind === 'function' && aggregatesScan(path))
    return aggregate(path, last, start, evaluation);
  const { steps } = path;
  const definite = definitePrefix(steps);
  let values: readonly unknown[] = [start];
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    if (step === undefined) break;
    let found: readonly unknown[] | undefined;
    if (step.kind === 'scan') {
      at++;
      found = scan(values, steps[at], at === steps.length - 1, evaluation);
    } else {
      const place = {
        isLast: at === steps.length - 1,
        isDefinite: at <= definite,
        isWhole: at < definite,
      };
      found = take(values, step, place, evaluation);
    }
    if (found === undefined) return undefined;
    values = found;
  }
  if (definite < steps.length) return { kind: 'list', values };
  return values.length === 0 ? undefined : { kind: 'value', value: values.at(-1) };
}

/** Where a step stands in its path. */
interface Place {
  readonly isLast: boolean;
  /** All steps before it name one value: what cannot be walked then is an error, not a branch less. */
  readonly isDefinite: boolean;
  /** As `isDefinite`, and this step itself names one value. */
  readonly isWhole: boolean;
}

const afterScan: Place = { isLast: false, isDefinite: false, isWhole: false };
const endAfterScan: Place = { isLast: true, isDefinite: false, isWhole: false };

/** One step from every value; undefined if the path ends in nothing. */
function take(
  values: readonly unknown[],
  step: Step,
  place: Place,
  evaluation: Evaluation,
): readonly unknown[] | undefined {
  const found: unknown[] = [];
  for (const value of values) {
    try {
      if (!takeFrom(value, step, place, evaluation, found)) return undefined;
    } catch (error) {
      if (error !== outOfRange || place.isDefinite) throw error;
    }
  }
  return found;
}

function takeFrom(
  value: unknown,
  step: Step,
  place: Place,
  evaluation: Evaluation,
  found: unknown[],
): boolean {
  evaluation.budget.spend(1);
  switch (step.kind) {
    case 'names':
      return takeNames(value, step.names, place, evaluation, found);
    case 'indexes':
      if (!isArray(value)) return !place.isDefinite;
      for (const index of step.indexes) takeIndex(value, index, found);
      evaluation.budget.spend(step.indexes.length);
      return true;
    case 'slice':
      if (!isArray(value)) return !place.isDefinite;
      takeSlice(value, step.from, step.to, evaluation, found);
      return true;
    case 'wildcard':
      for (const child of childrenOf(value)) {
        evaluation.budget.spend(1);
        found.push(child);
      }
      return true;
    case 'filter':
      if (isArray(value)) {
        for (const item of value) if (holds(step.condition, item, evaluation)) found.push(item);
      } else if (isObject(value)) {
        if (holds(step.condition, value, evaluation)) found.push(value);
      } else if (place.isDefinite) throw inapplicable;
      return true;
    case 'function':
      found.push(callFunction(step, value, evaluation));
      return true;
    case 'scan':
      // Only a scan that nothing follows comes here; Jayway refuses it when it runs.
      throw inapplicable;
  }
}

function takeNames(
  value: unknown,
  names: readonly string[],
  place: Place,
  evaluation: Evaluation,
  found: unknown[],
): boolean {
  if (!isObject(value)) return !place.isDefinite;
  evaluation.budget.spend(names.length);
  const present = names.filter((name) => Object.hasOwn(value, name));
  if (evaluation.missing === 'fatal' && present.length < names.length) return false;
  if (names.length > 1 && place.isLast) {
    found.push(Object.fromEntries(present.map((name) => [name, value[name]])));
    return true;
  }
  for (const name of present) found.push(value[name]);
  return present.length > 0 || place.isLast || !place.isWhole;
}

function takeIndex(value: readonly unknown[], index: number, found: unknown[]): void {
  const at = index < 0 ? value.length + index : index;
  if (at >= 0 && at < value.length) found.push(value[at]);
}

/** Only a slice without a start counts its end from the back, and only one with both takes `-1` as an index. */
function takeSlice(
  value: readonly unknown[],
  from: number | undefined,
  to: number | undefined,
  evaluation: Evaluation,
  found: unknown[],
): void {
  const { length } = value;
  let start = 0;
  let end = length;
  if (from !== undefined && to !== undefined) {
    start = Math.max(from, -length);
    end = Math.min(length, to);
  } else if (from !== undefined) start = Math.max(0, from < 0 ? length + from : from);
  else if (to !== undefined) end = Math.min(length, to < 0 ? length + to : to);
  for (let index = start; index < end; index++) {
    evaluation.budget.spend(1);
    takeIndex(value, index, found);
  }
}

/**
 * `..`: every object and array from the values down, each before what it contains, then `next` from
 * those that it fits.
 */
function scan(
  values: readonly unknown[],
  next: Step | undefined,
  isLast: boolean,
  evaluation: Evaluation,
): readonly unknown[] | undefined {
  if (next === undefined) throw inapplicable;
  const place = isLast ? endAfterScan : afterScan;
  const found: unknown[] = [];
  const waiting: unknown[] = values.toReversed();
  while (waiting.length > 0) {
    const value = waiting.pop();
    evaluation.budget.spend(1);
    if (typeof value !== 'object' || value === null) continue;
    if (fits(next, value, isLast, evaluation) && !takeFrom(value, next, place, evaluation, found)) {
      return undefined;
    }
    const children = childrenOf(value);
    for (let at = children.length - 1; at >= 0; at--) waiting.push(children[at]);
  }
  return found;
}

function fits(step: Step, value: unknown, isLast: boolean, evaluation: Evaluation): boolean {
  switch (step.kind) {
    case 'names':
      if (!isObject(value)) return false;
      if (step.names.length > 1 && !isLast) return true;
      return step.names.every((name) => Object.hasOwn(value, name));
    case 'indexes':
    case 'slice':
      return isArray(value);
    case 'filter':
      return isArray(value) ? holds(step.condition, value, evaluation) : true;
    case 'wildcard':
      return true;
    case 'function':
    case 'scan':
      return false;
  }
}

/** `$..price.sum()` is `$.sum($..price)`, and `$..book.length()` counts what `$..book.*` finds. */
function aggregate(path: Path, call: FunctionCall, start: unknown, evaluation: Evaluation): Found {
  const scanned: Path = { origin: path.origin, steps: path.steps.slice(0, -1) };
  const inner: FunctionCall = {
    kind: 'function',
    name: call.name,
    parameters: [{ kind: 'path', path: scanned }],
  };
  return { kind: 'value', value: callFunction(inner, start, evaluation) };
}
