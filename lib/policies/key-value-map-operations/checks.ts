import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { KeyNode, KeyValueMapOperationsPolicy, OperationNode } from './grammar.ts';

/** The deployment's rules ("KeyValueMapOperations policy"). */
export function checkKeyValueMapOperations(
  { name, operations, initialEntries, location }: KeyValueMapOperationsPolicy,
  report: Report,
): void {
  const error = (place: Location, code: string, message: string, hint: string): void => {
    report(
      diagnosticAt(place, 'error', code, `${message} in KeyValueMapStepDefinition ${name}`, hint),
    );
  };
  for (const entry of initialEntries?.entry ?? []) {
    if (!hasParameter(entry.key)) {
      const hint = 'Write a Key with a Parameter into the Entry.';
      error(entry.location, 'KeyIsMissing', 'Key element is missing', hint);
    }
    if (entry.value.length === 0) {
      const hint = 'Write a Value into the Entry.';
      error(entry.location, 'ValueIsMissing', 'Value element is missing', hint);
    }
  }
  for (const operation of operations) {
    if (operation.type === 'Get' && (operation.index ?? 1) < 1) {
      const hint = 'Values are counted from 1.';
      error(operation.location, 'InvalidIndex', `Invalid index ${operation.index ?? 0}`, hint);
    }
    if (operation.type === 'Get' && operation.assignTo === '') {
      const hint = 'Name the variable that gets the value, as in <Get assignTo="url">.';
      error(operation.location, 'assign-to-missing', 'The assignTo of a Get is missing', hint);
    }
    warnOfNoEffect(operation, name, report);
  }
  if (operations.length > 0 || initialEntries !== undefined) return;
  report(
    diagnosticAt(
      location,
      'warning',
      'no-operation',
      `KeyValueMapOperations[${name}] holds no Get, Put or Delete and has no effect.`,
      'Add what is to be done.',
    ),
  );
}

function hasParameter(key: KeyNode | undefined): boolean {
  return (key?.parameter.length ?? 0) > 0;
}

function warnOfNoEffect(operation: OperationNode, name: string, report: Report): void {
  const { type, key, location } = operation;
  const missing = !hasParameter(key)
    ? 'Key with a Parameter'
    : type === 'Put' && operation.value.length === 0
      ? 'Value'
      : undefined;
  if (missing === undefined) return;
  report(
    diagnosticAt(
      location,
      'warning',
      'incomplete-operation',
      `This ${type} of KeyValueMapOperations[${name}] has no ${missing} and has no effect.`,
      `Add a ${missing}.`,
    ),
  );
}
