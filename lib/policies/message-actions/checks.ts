import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { ActionNode, AddNode, SetNode } from './grammar.ts';
import { indexedName } from './indexed-name.ts';

interface Named {
  readonly location: Location;
  readonly name: string;
}

/** The deployment's rules for the actions of one policy; `policy` is written as `ServiceCallout[P]`. */
export function checkMessageActions(
  actions: readonly ActionNode[],
  policy: string,
  report: Report,
): void {
  for (const action of actions) {
    for (const named of namedParts(action)) {
      if (named.name === '') reportNameless(named, report);
      else if (action.type === 'Copy' || action.type === 'Remove')
        checkIndex(named, policy, report);
    }
    if (action.type === 'Set' || action.type === 'Add') checkAssignments(action, report);
  }
}

function namedParts({ headers, queryParams, formParams }: ActionNode): readonly Named[] {
  return [
    ...(headers?.header ?? []),
    ...(queryParams?.queryParam ?? []),
    ...(formParams?.formParam ?? []),
  ];
}

function reportNameless({ location }: Named, report: Report): void {
  report(
    diagnosticAt(
      location,
      'warning',
      'missing-name',
      'This element has no name and is ignored.',
      'Give it a name attribute.',
    ),
  );
}

function checkIndex({ location, name }: Named, policy: string, report: Report): void {
  const { index } = indexedName(name);
  if (index === undefined || index > 0) return;
  report(
    diagnosticAt(
      location,
      'error',
      'InvalidIndex',
      `${policy}: index must be greater than zero in ${name}`,
      'Values are counted from 1; write the name alone for all of them.',
    ),
  );
}

function checkAssignments(action: SetNode | AddNode, report: Report): void {
  const { headers, queryParams, formParams } = action;
  const containers = [
    { node: headers, parts: headers?.header, name: 'Headers' },
    { node: queryParams, parts: queryParams?.queryParam, name: 'QueryParams' },
    { node: formParams, parts: formParams?.formParam, name: 'FormParams' },
  ];
  for (const { node, parts, name } of containers) {
    if (node !== undefined && parts?.length === 0) {
      report(
        diagnosticAt(
          node.location,
          'warning',
          'empty-container',
          `This ${name} is empty and has no effect.`,
          'Remove it.',
        ),
      );
    }
    for (const { location, name: partName, value } of parts ?? []) {
      if (partName !== '' && (value ?? '') === '') {
        report(
          diagnosticAt(
            location,
            'warning',
            'empty-value',
            `${partName} is set to an empty value.`,
            'Write a value, or use Remove if it should go.',
          ),
        );
      }
    }
  }
}
