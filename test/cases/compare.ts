import { expect } from 'chai';
import type { Diagnostic, FlowVariables } from '../../lib/index.ts';
import type {
  ExpectedCall,
  ExpectedDiagnostic,
  Expectation,
  ExpectedHeaders,
  ExpectedVariables,
} from './case.ts';

// Each comparison projects what was found onto the shape of what is expected and compares the two as
// wholes, so that a failure shows one diff with everything that differs.

export function compareVariables(variables: FlowVariables, expected: ExpectedVariables): void {
  expect(projectVariables(variables, expected), 'flow variables').to.deep.equal(expected);
}

/** Only the variables that are expected, in the same form. */
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
  if (typeof expectation !== 'object' || expectation === null) return value ?? null;
  if ('pattern' in expectation) return matched(value, expectation);
  if ('present' in expectation) return value === null || value === undefined ? null : expectation;
  const whole = Number.isSafeInteger(value) || typeof value === 'bigint';
  return whole && Number(value) > expectation.above ? expectation : value;
}

function matched(value: unknown, expectation: { readonly pattern: string }): unknown {
  const meets = typeof value === 'string' && new RegExp(expectation.pattern, 's').test(value);
  return meets ? expectation : value;
}

type HeaderLines = readonly (readonly [name: string, value: string])[];

/** Only the headers that are expected, in the same form. */
export function projectHeaders(
  lines: HeaderLines,
  expected: ExpectedHeaders,
): Readonly<Record<string, unknown>> {
  const found = Object.entries(expected).map(([name, expectation]) => {
    const values = lines.filter(([line]) => line.toLowerCase() === name).map(([, value]) => value);
    const [only] = values;
    if (only === undefined) return [name, null] as const;
    if (values.length > 1) return [name, values] as const;
    const isPattern =
      typeof expectation === 'object' && expectation !== null && 'pattern' in expectation;
    return [name, isPattern ? project(only, expectation) : only] as const;
  });
  return Object.fromEntries(found);
}

export interface ObservedCall {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

export function compareCalls(
  observed: readonly ObservedCall[],
  expected: readonly ExpectedCall[],
): void {
  const wanted = expected.map(({ method, url, headers = {}, body = '' }) => {
    return { method, url, headers: { host: new URL(url).host, ...headers }, body };
  });
  const found = observed.map(({ method, url, headers, body }, index) => {
    const mentioned = wanted[index]?.headers ?? {};
    const text = Buffer.from(body).toString('utf8');
    return { method, url, headers: projectHeaders(headers, mentioned), body: text };
  });
  expect(found, 'calls that left').to.deep.equal(wanted);
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
              typeof wanted.message === 'string' ? message : matched(message, wanted.message),
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
