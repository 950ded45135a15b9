import { diagnosticAt, type Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { LocatedValue } from '../../environment/located-value.ts';
import type { Case, Suite } from './case.ts';
import { locationAt } from './located-place.ts';

type Wrong = (message: string, hint: string, ...path: readonly string[]) => Diagnostic;

/** What no schema can say: names that occur twice, cases that have nothing or two things under test. */
export function* contradictions(suite: Suite, root: LocatedValue): Generator<Diagnostic> {
  const names = new Set<string>();
  for (const [index, one] of suite.cases.entries()) {
    const wrong: Wrong = (message, hint, ...path) => {
      const location = locationAt(root, ['cases', String(index), ...path]);
      return diagnosticAt(location, 'error', 'contradiction', message, hint);
    };
    if (names.has(one.name)) {
      const hint = 'Give each case a name of its own.';
      yield wrong(`Two cases are called "${one.name}".`, hint, 'name');
    }
    names.add(one.name);
    yield* subjectProblems(one, suite, wrong);
    yield* expectationProblems(one, wrong);
  }
  if (suite.now !== undefined && Number.isNaN(Date.parse(suite.now))) {
    const message = `${suite.now} is no moment.`;
    yield diagnosticAt(locationAt(root, ['now']), 'error', 'invalid-suite', message);
  }
}

function* subjectProblems(one: Case, suite: Suite, wrong: Wrong): Generator<Diagnostic> {
  const alone = [one.policy, one.steps].filter((subject) => subject !== undefined).length;
  if (alone > 1 || (alone === 1 && one.bundle !== undefined)) {
    const message = `"${one.name}" has more than one thing under test.`;
    yield wrong(message, 'Keep one of policy, steps and bundle.');
  } else if (alone === 0 && one.bundle === undefined && suite.bundle === undefined) {
    const message = `"${one.name}" has nothing under test.`;
    yield wrong(message, 'Name a policy, steps or a bundle, or a bundle for the whole suite.');
  }
  if (alone === 0) {
    for (const field of ['variables', 'phase', 'resources', 'sharedFlows'] as const) {
      if (one[field] === undefined) continue;
      const message = `"${one.name}" has ${field}, which only policies that run alone read.`;
      yield wrong(message, 'Remove it, or test a policy.', field);
    }
  }
  if (one.now !== undefined && Number.isNaN(Date.parse(one.now))) {
    yield wrong(`${one.now} is no moment.`, 'Write one such as 2026-01-01T00:00:00Z.', 'now');
  }
}

function* expectationProblems(one: Case, wrong: Wrong): Generator<Diagnostic> {
  const { response, responses, fault } = one.expect;
  if (one.request !== undefined && one.requests !== undefined) {
    yield wrong(`"${one.name}" has request and requests.`, 'Keep one of them.', 'requests');
  }
  if (response !== undefined && responses !== undefined) {
    const message = `"${one.name}" expects response and responses.`;
    yield wrong(message, 'Keep one of them.', 'expect', 'responses');
  }
  const count = one.requests?.length ?? 1;
  if (responses !== undefined && responses.length !== count) {
    const message = `"${one.name}" sends ${count} requests and expects ${responses.length} responses.`;
    yield wrong(message, 'Say something of each response; {} accepts any.', 'expect', 'responses');
  }
  const isAlone = one.policy !== undefined || one.steps !== undefined;
  if (isAlone && (response !== undefined || responses !== undefined)) {
    const message = `"${one.name}" expects a response, and a policy that runs alone sends none.`;
    const field = response === undefined ? 'responses' : 'response';
    yield wrong(message, 'Expect variables or a fault, or test a bundle.', 'expect', field);
  }
  if (isAlone && fault?.rule !== undefined) {
    const message = `"${one.name}" expects a fault rule, and a policy that runs alone has none.`;
    yield wrong(message, 'Remove it, or test a bundle.', 'expect', 'fault', 'rule');
  }
}
