import type { FlowVariables } from '../../variables/flow-variables.ts';
import { flowValueText } from '../../message/flow-value.ts';
import { Message } from '../../message/message.ts';
import { compareCalls } from '../matching/compare-calls.ts';
import { compareResponse } from '../matching/compare-message.ts';
import { compareValue } from '../matching/compare-value.ts';
import type { Difference } from '../matching/difference.ts';
import type { Case, ExpectedFault, Expectation } from '../suite/case.ts';
import type { Observation, TransactionObservation } from './observation.ts';
import { stepsOf } from './play-policy.ts';

/** Compares what a case did with what it expects; no difference means that it holds. */
export function judge(one: Case, observation: Observation): readonly Difference[] {
  const { expect } = one;
  const last = observation.transactions.at(-1);
  return [
    ...observation.unexpected.map((call, index) => ({
      at: `calls without an answer[${index}]`,
      expected: undefined,
      found: { method: call.method, url: call.url },
      note: 'No upstream of the case answers this call.',
    })),
    ...checkDifferences(one, observation.transactions),
    ...responseDifferences(expect, observation.transactions),
    ...(expect.calls === undefined
      ? []
      : compareCalls(observation.calls, expect.calls, expect.order ?? 'ordered')),
    ...(last === undefined ? [] : lastDifferences(expect, last)),
  ];
}

function responseDifferences(
  { response, responses }: Expectation,
  transactions: readonly TransactionObservation[],
): readonly Difference[] {
  const wanted = responses ?? (response === undefined ? [] : [response]);
  // A single response is the last one's.
  const offset = responses === undefined ? transactions.length - wanted.length : 0;
  return wanted.flatMap((one, index) => {
    const at = responses === undefined ? 'response' : `responses[${index}]`;
    const found = transactions[offset + index]?.response;
    if (found === undefined) return [{ at, expected: one, found: undefined }];
    return compareResponse(at, found, one);
  });
}

function lastDifferences(
  { fault, variables, steps }: Expectation,
  last: TransactionObservation,
): readonly Difference[] {
  return [
    ...faultDifferences(fault, last),
    ...(variables === undefined || last.variables === undefined
      ? []
      : variableDifferences(last.variables, variables)),
    ...(steps === undefined ? [] : compareValue('steps', last.steps, steps)),
  ];
}

/** A policy that runs alone must not fail unless that is expected; of a bundle the response tells. */
function faultDifferences(
  expected: ExpectedFault | null | undefined,
  { fault, faultRule, response }: TransactionObservation,
): readonly Difference[] {
  const found =
    fault === undefined
      ? undefined
      : {
          code: fault.code,
          name: fault.name,
          faultstring: fault.faultstring,
          status: fault.status,
        };
  if (expected === undefined) {
    const isTold = found !== undefined && response === undefined;
    return isTold ? [{ at: 'fault', expected: null, found }] : [];
  }
  if (expected === null) return compareValue('fault', found, null);
  if (found === undefined) return [{ at: 'fault', expected, found: undefined }];
  const { rule, ...parts } = expected;
  const shown: Readonly<Record<string, unknown>> = found;
  return [
    ...Object.entries(parts).flatMap(([name, matcher]) =>
      compareValue(`fault.${name}`, shown[name], matcher),
    ),
    ...(rule === undefined ? [] : compareValue('fault.rule', faultRule, rule)),
  ];
}

function variableDifferences(
  variables: FlowVariables,
  expected: NonNullable<Expectation['variables']>,
): readonly Difference[] {
  return Object.entries(expected).flatMap(([name, matcher]) =>
    compareValue(`variables.${name}`, shownValue(variables.get(name)), matcher),
  );
}

function checkDifferences(
  one: Case,
  transactions: readonly TransactionObservation[],
): readonly Difference[] {
  const steps = stepsOf(one);
  return transactions
    .flatMap(({ checks }) => checks)
    .flatMap(({ step, found }) => {
      const expected = steps[step];
      if (expected === undefined || !('expect' in expected)) return [];
      return Object.entries(expected.expect).flatMap(([name, matcher]) =>
        compareValue(`steps[${step}].${name}`, shownValue(found.get(name)), matcher),
      );
    });
}

/** A message shows as its body; everything else keeps its type. */
function shownValue(value: unknown): unknown {
  return value instanceof Message ? flowValueText(value) : value;
}
