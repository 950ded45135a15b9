import { diagnosticAt, type Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { LocatedMap, LocatedValue } from '../../environment/located-value.ts';
import { conditionOf } from '../matching/matcher.ts';
import { locationAt, plainValue, valueAt } from './located-place.ts';

const conditions = '{ pattern }, { any: true }, { absent: true }, { equals } or { type, above }';
const keywords: readonly string[] = ['pattern', 'any', 'absent', 'equals', 'type', 'above'];

/**
 * Conditions that cannot be meant: expressions that are none, and objects that look like a condition and
 * are none, which as data would never be met.
 */
export function* matcherProblems(root: LocatedValue): Generator<Diagnostic> {
  const suiteAnswers = valueAt(root, ['upstreams']);
  if (suiteAnswers !== undefined) yield* answerProblems(suiteAnswers);
  for (const one of itemsOf(valueAt(root, ['cases']))) {
    const answers = valueAt(one, ['upstreams']);
    if (answers !== undefined) yield* answerProblems(answers);
    for (const step of itemsOf(valueAt(one, ['steps'])))
      yield* membersProblems(valueAt(step, ['expect']));
    yield* expectationProblems(valueAt(one, ['expect']));
  }
}

/** What the answers of upstreams are given for. */
function* answerProblems(upstreams: LocatedValue): Generator<Diagnostic> {
  for (const answers of membersOf(upstreams)) {
    for (const answer of answers.kind === 'list' ? answers.items : [answers])
      yield* messageProblems(valueAt(answer, ['when']));
  }
}

function* expectationProblems(expectation: LocatedValue | undefined): Generator<Diagnostic> {
  if (expectation === undefined) return;
  yield* messageProblems(valueAt(expectation, ['response']));
  for (const list of ['responses', 'calls'])
    for (const message of itemsOf(valueAt(expectation, [list]))) yield* messageProblems(message);
  yield* membersProblems(valueAt(expectation, ['fault']));
  yield* membersProblems(valueAt(expectation, ['variables']));
}

/** A response or a call. */
function* messageProblems(message: LocatedValue | undefined): Generator<Diagnostic> {
  if (message?.kind !== 'map') return;
  for (const [name, { value }] of message.entries) {
    if (name === 'headers') yield* membersProblems(value);
    else if (name === 'body') yield* bodyProblems(value);
    else yield* problemsOf(value, 'condition');
  }
}

function* bodyProblems(body: LocatedValue): Generator<Diagnostic> {
  const json = valueAt(body, ['json']);
  const form = valueAt(body, ['form']);
  if (json !== undefined) yield* problemsOf(json, 'data');
  else if (form !== undefined) yield* membersProblems(form);
  else if (valueAt(body, ['pattern']) !== undefined) yield* problemsOf(body, 'condition');
}

function* membersProblems(members: LocatedValue | undefined): Generator<Diagnostic> {
  for (const value of membersOf(members)) yield* problemsOf(value, 'condition');
}

/** @param objects what an object is here: nothing but a condition, or data that may hold conditions */
function* problemsOf(value: LocatedValue, objects: 'condition' | 'data'): Generator<Diagnostic> {
  if (value.kind === 'list') {
    for (const item of value.items) yield* problemsOf(item, objects);
    return;
  }
  if (value.kind !== 'map') return;
  const condition = conditionOf(shallowValue(value));
  if (condition !== undefined) {
    if ('pattern' in condition) yield* patternProblems(condition.pattern, value);
    return;
  }
  const names = [...value.entries.keys()];
  const [name = ''] = names;
  const looksLikeOne = names.length === 1 && ['pattern', 'any', 'absent'].includes(name);
  if (objects === 'condition' || looksLikeOne) {
    yield noCondition(value, names);
    return;
  }
  for (const { value: member } of value.entries.values()) yield* problemsOf(member, objects);
}

function noCondition(value: LocatedMap, names: readonly string[]): Diagnostic {
  const stranger = names.find((name) => !keywords.includes(name));
  const location = locationAt(value, stranger === undefined ? names.slice(0, 1) : [stranger]);
  const message =
    stranger === undefined
      ? `${names.length === 0 ? '{}' : names.join(' and ')} with such a value is no condition.`
      : `"${stranger}" belongs to no condition.`;
  const hint = `Write ${conditions}; data that looks like a condition is { equals: ... }.`;
  return diagnosticAt(location, 'error', 'invalid-condition', message, hint);
}

function* patternProblems(pattern: string, value: LocatedMap): Generator<Diagnostic> {
  try {
    new RegExp(pattern, 's');
  } catch (error) {
    const location = value.entries.get('pattern')?.value.location ?? value.location;
    const why = error instanceof Error ? error.message : String(error);
    yield diagnosticAt(location, 'error', 'invalid-pattern', `${why}.`, 'Mend the expression.');
  }
}

/** Enough of an object to tell whether it is a condition, whatever hangs below it. */
function shallowValue({ entries }: LocatedMap): unknown {
  if (entries.size > keywords.length) return {};
  return Object.fromEntries(
    [...entries].map(([name, { value }]) => [
      name,
      value.kind === 'scalar' ? plainValue(value) : [],
    ]),
  );
}

function itemsOf(value: LocatedValue | undefined): readonly LocatedValue[] {
  return value?.kind === 'list' ? value.items : [];
}

function membersOf(value: LocatedValue | undefined): readonly LocatedValue[] {
  return value?.kind === 'map' ? [...value.entries.values()].map((entry) => entry.value) : [];
}
