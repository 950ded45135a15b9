import type { Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import { compileTemplate, type Template } from '../../template/template.ts';
import type { AddNode } from './grammar.ts';

/** A header or parameter with its value as a template. */
export interface AssignedPart {
  readonly name: string;
  readonly value: Template;
}

interface AssignedNode {
  readonly name: string;
  readonly value: string | undefined;
  readonly textLocation: Location;
}

export interface AssignedParts {
  readonly headers: readonly AssignedPart[];
  readonly queryParams: readonly AssignedPart[];
  readonly formParams: readonly AssignedPart[];
}

/** Compiles what Set and Add have in common. Parts without a name are left out; checks reported them. */
export function assignedParts(
  action: Pick<AddNode, 'headers' | 'queryParams' | 'formParams'>,
  report: Report,
): AssignedParts {
  const compile = (nodes: readonly AssignedNode[] | undefined): readonly AssignedPart[] =>
    (nodes ?? [])
      .filter(({ name }) => name !== '')
      .map(({ name, value, textLocation }) => ({
        name,
        value: compileTemplate(value ?? '', { location: textLocation, report }),
      }));
  return {
    headers: compile(action.headers?.header),
    queryParams: compile(action.queryParams?.queryParam),
    formParams: compile(action.formParams?.formParam),
  };
}
