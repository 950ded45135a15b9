import { flowValueText } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { element, attribute } from '../../xml/grammar/element.ts';
import { text, wholeNumber } from '../../xml/grammar/value.ts';
import { invalidMessageWeight } from './faults.ts';

export const messageWeight = element({
  doc: 'How much a message counts.',
  attributes: {
    ref: attribute(text, 'Flow variable that holds a whole number; 1 if it is not set.'),
  },
});

/** What a Java int holds. */
const largestWeight = 2 ** 31 - 1;

/**
 * Reads how much a message counts: 1 unless the variable is set.
 * @throws {Fault} InvalidMessageWeight, from the function returned, for what is no whole number from 0 on
 */
export function compileMessageWeight(
  node: { readonly ref: string | undefined } | undefined,
): (flow: Flow) => number {
  const ref = node?.ref ?? '';
  if (ref === '') return () => 1;
  const variable = variableReference(ref);
  return ({ variables }) => {
    const value = variable.read(variables) ?? 1;
    const weight = typeof value === 'number' ? value : wholeNumber(flowValueText(value));
    if (weight === undefined || !isWeight(weight)) {
      throw invalidMessageWeight(flowValueText(value), ref);
    }
    return weight;
  };
}

function isWeight(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= largestWeight;
}
