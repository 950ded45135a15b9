import { Kind } from 'graphql/language/kinds.js';
import type { ArgumentNode, DirectiveNode, FieldNode, SelectionSetNode } from 'graphql';
import type { FlowValue } from '../../message/flow-value.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';
import { invalidPayload } from './faults.ts';
import type { GraphQlRequest } from './parse.ts';
import { typeText, valueText } from './value-text.ts';

/** Fragments that spread others may stand for more selections than any memory holds. */
const mostSelections = 2_500;
/** Characters of the names of all variables together: a name says the way to its field. */
const mostNameCharacters = 1_000_000;

/** Sets `graphql.*` to what the first operation and the fragments of a request say. */
export function setRequestVariables(request: GraphQlRequest, variables: FlowVariables): void {
  new RequestVariables(request, variables).set();
}

class RequestVariables {
  readonly #request: GraphQlRequest;
  readonly #variables: FlowVariables;
  #selections = 0;
  #nameCharacters = 0;

  constructor(request: GraphQlRequest, variables: FlowVariables) {
    this.#request = request;
    this.#variables = variables;
  }

  set(): void {
    const { operations, fragments, fragmentCount } = this.#request;
    const [operation] = operations;
    this.#set('fragment.count', fragmentCount);
    for (const [at, fragment] of [...fragments.values()].entries()) {
      this.#set(`fragment.${at + 1}.name`, fragment.name.value);
      this.#selectionSet(`fragment.${at + 1}`, fragment.selectionSet);
    }
    this.#set('operation.name', operation.name?.value ?? null);
    this.#set('operation.operationType', operation.operation.toUpperCase());
    const definitions = operation.variableDefinitions ?? [];
    this.#set('operation.variableDefinitions.count', definitions.length);
    for (const [at, { variable, type }] of definitions.entries()) {
      const prefix = `operation.variableDefinitions.${at + 1}`;
      this.#set(`${prefix}.name`, variable.name.value);
      this.#set(`${prefix}.type`, typeText(type));
    }
    this.#selectionSet('operation', operation.selectionSet);
  }

  #set(name: string, value: FlowValue): void {
    this.#nameCharacters += name.length;
    if (this.#nameCharacters > mostNameCharacters) {
      throw invalidPayload('Its selections nest too deeply to be shown as variables.');
    }
    this.#variables.set(`graphql.${name}`, value);
  }

  #selectionSet(prefix: string, selectionSet: SelectionSetNode): void {
    const fields = this.#fieldsOf(selectionSet, new Set());
    this.#set(`${prefix}.selectionSet.count`, fields.length);
    for (const [at, field] of fields.entries()) {
      this.#field(`${prefix}.selectionSet.${at + 1}`, field);
    }
  }

  #field(prefix: string, field: FieldNode): void {
    this.#set(`${prefix}.name`, field.name.value);
    this.#set(`${prefix}.alias`, field.alias?.value ?? null);
    this.#arguments(prefix, field.arguments ?? []);
    this.#directives(prefix, field.directives ?? []);
    if (field.selectionSet !== undefined) this.#selectionSet(prefix, field.selectionSet);
  }

  #directives(prefix: string, directives: readonly DirectiveNode[]): void {
    this.#set(`${prefix}.directive.count`, directives.length);
    for (const [at, directive] of directives.entries()) {
      this.#set(`${prefix}.directive.${at + 1}.name`, directive.name.value);
      this.#arguments(`${prefix}.directive.${at + 1}`, directive.arguments ?? []);
    }
  }

  #arguments(prefix: string, given: readonly ArgumentNode[]): void {
    this.#set(`${prefix}.argument.count`, given.length);
    for (const [at, { name, value }] of given.entries()) {
      this.#set(`${prefix}.argument.${at + 1}.name`, name.value);
      this.#set(`${prefix}.argument.${at + 1}.value`, valueText(value));
    }
  }

  /** The fields of a selection set, fragments put where they are spread. */
  #fieldsOf({ selections }: SelectionSetNode, within: ReadonlySet<string>): readonly FieldNode[] {
    return selections.flatMap((selection): readonly FieldNode[] => {
      this.#selections++;
      if (this.#selections > mostSelections) {
        throw invalidPayload(`It selects more than ${mostSelections} fields.`);
      }
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return this.#fieldsOf(selection.selectionSet, within);
      }
      const name = selection.name.value;
      const fragment = this.#request.fragments.get(name);
      if (fragment === undefined || within.has(name)) return [];
      return this.#fieldsOf(fragment.selectionSet, new Set([...within, name]));
    });
  }
}
