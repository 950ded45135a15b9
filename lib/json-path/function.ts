import { evaluate, type Evaluation } from './evaluate.ts';
import { failed, inapplicable, outOfRange } from './signal.ts';
import type { FunctionCall, Parameter, Path } from './syntax.ts';
import { isArray, isObject } from './value.ts';

/** The value that a function stands behind, and what is in its parentheses. */
interface Call {
  readonly model: unknown;
  readonly parameters: readonly Parameter[];
  /** What the parameters stand for; all are read, whether the function looks at them or not. */
  readonly given: readonly unknown[];
  readonly evaluation: Evaluation;
}

type PathFunction = (call: Call) => unknown;

const functions: ReadonlyMap<string, PathFunction> = new Map<string, PathFunction>([
  [
    'min',
    (call) => numbers(call).reduce((least, value) => Math.min(least, value), Number.MAX_VALUE),
  ],
  // Jayway starts from Java's Double.MIN_VALUE, which is the smallest positive number.
  ['max', (call) => numbers(call).reduce((most, value) => Math.max(most, value), Number.MIN_VALUE)],
  ['sum', (call) => sum(numbers(call))],
  ['avg', (call) => sum(numbers(call)) / numbers(call).length],
  ['stddev', standardDeviation],
  ['length', length],
  ['size', length],
  ['keys', ({ model }) => (isObject(model) ? Object.keys(model) : null)],
  ['concat', concat],
  ['append', append],
  ['first', (call) => itemAt(call, 0)],
  ['last', (call) => itemAt(call, -1)],
  ['index', (call) => itemAt(call, Math.trunc(itemsGiven(call).find(isNumber) ?? NaN))],
]);

/** A function nobody knows compiles and finds nothing, as in Jayway. */
export function callFunction(
  { name, parameters }: FunctionCall,
  model: unknown,
  evaluation: Evaluation,
): unknown {
  const known = functions.get(name);
  if (known === undefined) throw inapplicable;
  return known({
    model,
    parameters,
    given: parameters.map((each) => valueOf(each, evaluation)),
    evaluation,
  });
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** Paths among the parameters start at the document, whatever their first character. */
function valueOf(parameter: Parameter, evaluation: Evaluation): unknown {
  if (parameter.kind === 'json') return parameter.value;
  return valueAt(parameter.path, evaluation.root, evaluation);
}

function valueAt(path: Path, start: unknown, evaluation: Evaluation): unknown {
  const found = evaluate(path, start, evaluation);
  if (found === undefined) throw failed;
  return found.kind === 'list' ? found.values : found.value;
}

/** The parameters, a list standing for its items. */
function itemsGiven(call: Call): readonly unknown[] {
  return call.given.flat();
}

/** @throws `failed` if there is none, because no aggregate of nothing exists */
function numbers(call: Call): readonly number[] {
  const model = isArray(call.model) ? call.model : [];
  const found = [...model.filter(isNumber), ...itemsGiven(call).filter(isNumber)];
  call.evaluation.budget.spend(found.length);
  if (found.length === 0) throw failed;
  return found;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function standardDeviation(call: Call): number {
  const values = numbers(call);
  const total = sum(values);
  const squares = sum(values.map((value) => value * value));
  return Math.sqrt(squares / values.length - (total * total) / values.length / values.length);
}

function length(call: Call): number | null {
  const { model, evaluation } = call;
  const [first] = call.parameters;
  if (first?.kind === 'json') throw failed;
  if (first !== undefined) {
    const counted = valueAt(contentOf(first.path), model, evaluation);
    if (isArray(counted)) return counted.length;
  }
  if (isArray(model)) return model.length;
  return isObject(model) ? Object.keys(model).length : null;
}

/** `length` counts what is inside of what a path finds, not the finds. */
function contentOf(path: Path): Path {
  const last = path.steps.at(-1);
  if (last === undefined || last.kind === 'function') return path;
  return { ...path, steps: [...path.steps, { kind: 'wildcard' }] };
}

function concat(call: Call): string {
  const model = isArray(call.model) ? call.model : [];
  const texts = model.filter((value) => typeof value === 'string');
  for (const value of itemsGiven(call)) {
    if (value === null) continue;
    texts.push(typeof value === 'string' ? value : JSON.stringify(value));
  }
  call.evaluation.budget.spend(texts.length);
  return texts.join('');
}

function append({ model, given }: Call): unknown {
  return isArray(model) ? [...model, ...given] : model;
}

/** Jayway's `last()` of a list with one item fails, as does any index that reaches the first item from the back. */
function itemAt({ model }: Call, index: number): unknown {
  if (!isArray(model) || Number.isNaN(index)) throw failed;
  const at = index < 0 ? model.length + index : index;
  if (index < 0 && at <= 0) throw failed;
  if (at >= model.length) throw outOfRange;
  return model[at];
}
