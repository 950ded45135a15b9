import { expect } from 'chai';
import type { Diagnostic, FlowVariables, ObservedCall } from '../../lib/index.ts';
import { compareCalls as compareObservedCalls } from '../../lib/verification/matching/compare-calls.ts';
import {
  compareHeaders,
  type HeaderLines,
} from '../../lib/verification/matching/compare-message.ts';
import { compareValue } from '../../lib/verification/matching/compare-value.ts';
import type { Difference } from '../../lib/verification/matching/difference.ts';
import type { Matcher } from '../../lib/verification/matching/matcher.ts';
import type {
  ExpectedCall,
  ExpectedDiagnostic,
  Expectation,
  ExpectedHeaders,
  ExpectedVariables,
} from './case.ts';

// Values are matched as those of suites are (lib/verification/matching). A failure shows one diff, by place, of
// all that differs.

export function compareVariables(variables: FlowVariables, expected: ExpectedVariables): void {
  expectAgreement(
    Object.entries(expected).flatMap(([name, expectation]) =>
      compareValue(name, variables.get(name), matcherOf(expectation)),
    ),
    'flow variables',
  );
}

/** Only the variables that are expected, each as the expectation itself if it meets that. */
export function projectVariables(
  variables: FlowVariables,
  expected: ExpectedVariables,
): Readonly<Record<string, unknown>> {
  const found = Object.entries(expected).map(
    ([name, expectation]) => [name, project(variables.get(name), expectation)] as const,
  );
  return Object.fromEntries(found);
}

/** The expectation itself if the value meets it, else the value. */
function project(value: unknown, expectation: Expectation): unknown {
  return compareValue('', value, matcherOf(expectation)).length === 0
    ? expectation
    : (value ?? null);
}

/** What these files call `present` is `any` in suites. */
function matcherOf(expectation: Expectation): Matcher {
  const isPresence =
    typeof expectation === 'object' && expectation !== null && 'present' in expectation;
  return isPresence ? { any: true } : expectation;
}

/** Only the headers that are expected, each as the expectation itself if they meet that. */
export function projectHeaders(
  lines: HeaderLines,
  expected: ExpectedHeaders,
): Readonly<Record<string, unknown>> {
  const found = Object.entries(expected).map(([name, expectation]) => {
    const [difference] = compareHeaders('', lines, { [name]: expectation });
    if (difference === undefined) return [name, expectation] as const;
    const values = lines.filter(([line]) => line.toLowerCase() === name).map(([, value]) => value);
    return [name, values.length > 1 ? values : (values[0] ?? null)] as const;
  });
  return Object.fromEntries(found);
}

export function compareCalls(
  observed: readonly ObservedCall[],
  expected: readonly ExpectedCall[],
): void {
  const wanted = expected.map(({ method, url, headers = {}, body = '' }) => {
    return { method, url, headers: { host: new URL(url).host, ...headers }, body };
  });
  expectAgreement(compareObservedCalls(observed, wanted, 'ordered'), 'calls that left');
}

function expectAgreement(differences: readonly Difference[], what: string): void {
  const found = differences.map((one) => [one.at, one.found ?? null] as const);
  const wanted = differences.map((one) => [one.at, one.expected ?? null] as const);
  expect(Object.fromEntries(found), what).to.deep.equal(Object.fromEntries(wanted));
  // Also where the two sides look the same.
  expect(differences, what).to.deep.equal([]);
}

export function compareDiagnostics(
  found: readonly Diagnostic[],
  expected: readonly ExpectedDiagnostic[],
): void {
  const projected = found.map((diagnostic, index) => {
    const wanted = expected[index];
    if (wanted === undefined) return diagnostic;
    const { severity, code, message, hint = '' } = diagnostic;
    const text = `${message}\n${hint}`;
    return {
      severity,
      ...(wanted.code === undefined ? {} : { code }),
      ...(wanted.message === undefined
        ? {}
        : {
            message:
              typeof wanted.message === 'string' ? message : project(message, wanted.message),
          }),
      ...(wanted.mentions === undefined
        ? {}
        : {
            mentions: wanted.mentions.every((part) => text.includes(part)) ? wanted.mentions : text,
          }),
    };
  });
  expect(projected, 'diagnostics').to.deep.equal(expected);
  for (const { file, line, column, code } of found) {
    const isKnown = file === 'SC.xml' || file.startsWith('jsc://');
    expect({ isKnown, placed: line >= 1 && column >= 1 }, 'a place for each').to.deep.equal({
      isKnown: true,
      placed: true,
    });
    expect(code, 'a code for each').to.not.equal('');
  }
}
