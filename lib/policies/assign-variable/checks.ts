import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { AssignVariableNode } from './grammar.ts';

/** The deployment's rules for one AssignVariable; `policy` is written as `AssignMessage[P]`. */
export function checkAssignVariable(
  node: AssignVariableNode,
  policy: string,
  report: Report,
): void {
  const name = node.name?.value ?? '';
  if (name === '') {
    report(
      diagnosticAt(
        node.name?.location ?? node.location,
        'error',
        'InvalidVariableName',
        `${policy}: the name of a variable in AssignVariable is empty.`,
        'Write the name of the variable in Name.',
      ),
    );
  } else if (name === 'ratelimit' || name.startsWith('ratelimit.')) {
    report(
      diagnosticAt(
        node.name?.textLocation ?? node.location,
        'warning',
        'reserved-variable',
        `The variable ${name} is reserved for the Quota and SpikeArrest policies.`,
        'Choose another name.',
      ),
    );
  }
  const { ref, value } = node;
  const sources = [node.resourceUrl, node.template, ref, value, node.propertySetRef];
  if (sources.every((source) => source === undefined)) {
    report(
      diagnosticAt(
        node.location,
        'warning',
        'nothing-to-assign',
        'This AssignVariable has no value and unsets its variable.',
        'Add Value, Ref, Template, PropertySetRef or ResourceURL.',
      ),
    );
  }
  if (ref?.value !== undefined && /^\{.*\}$/.test(ref.value)) {
    report(
      diagnosticAt(
        ref.textLocation,
        'warning',
        'braces-in-ref',
        `Ref is ${ref.value}: it takes the name of a variable, without braces.`,
        `Write ${ref.value.slice(1, -1)}, or use Template.`,
      ),
    );
  }
}
