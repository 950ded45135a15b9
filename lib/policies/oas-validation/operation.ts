import {
  isObject,
  member,
  pointerTo,
  resolved,
  type JsonObject,
  type Place,
} from './json-pointer.ts';
import { readParameters, type Parameter } from './parameter.ts';
import { compilePathTemplate, decoded, type PathTemplate } from './path-template.ts';

/** An operation of the document, and where its parts stand. */
export interface Operation {
  readonly parameters: readonly Parameter[];
  readonly requestBody: Place | undefined;
  /** By status, such as `200`, `2XX` or `default`. */
  readonly responses: ReadonlyMap<string, Place>;
}

export type FoundOperation =
  | { readonly kind: 'no-path' }
  | { readonly kind: 'no-operation' }
  | {
      readonly kind: 'found';
      readonly operation: Operation;
      readonly pathValues: ReadonlyMap<string, string>;
    };

const verbs = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

interface PathItem {
  readonly template: PathTemplate;
  readonly operations: ReadonlyMap<string, Operation>;
}

/** Prepares the operations of a document for being found by verb and path. */
export function compileOperations(
  document: JsonObject,
): (verb: string, path: string) => FoundOperation {
  const paths = member(document, 'paths');
  const items = Object.entries(isObject(paths) ? paths : {}).map(([path, value]): PathItem => {
    const place = resolved(document, value, pointerTo('#', 'paths', path));
    return { template: compilePathTemplate(path), operations: operationsOf(document, place) };
  });
  // Stable, so that of paths with equally many literal segments the first listed stays first.
  items.sort((a, b) => b.template.literals - a.template.literals);
  return (verb, path) => {
    let isKnown = false;
    for (const { template, operations } of items) {
      const values = template.match(path);
      if (values === undefined) continue;
      isKnown = true;
      const operation = operations.get(verb.toLowerCase());
      if (operation === undefined) continue;
      const pathValues = new Map([...values].map(([name, text]) => [name, decoded(text)]));
      return { kind: 'found', operation, pathValues };
    }
    return { kind: isKnown ? 'no-operation' : 'no-path' };
  };
}

function operationsOf(
  document: JsonObject,
  item: Place | undefined,
): ReadonlyMap<string, Operation> {
  const operations = new Map<string, Operation>();
  if (item === undefined) return operations;
  const shared = {
    list: member(item.value, 'parameters'),
    pointer: pointerTo(item.pointer, 'parameters'),
  };
  for (const verb of verbs) {
    const value = member(item.value, verb);
    if (!isObject(value)) continue;
    const pointer = pointerTo(item.pointer, verb);
    const own = { list: member(value, 'parameters'), pointer: pointerTo(pointer, 'parameters') };
    operations.set(verb, {
      parameters: readParameters(document, [shared, own]),
      requestBody: resolved(
        document,
        member(value, 'requestBody'),
        pointerTo(pointer, 'requestBody'),
      ),
      responses: responsesOf(document, member(value, 'responses'), pointerTo(pointer, 'responses')),
    });
  }
  return operations;
}

function responsesOf(
  document: JsonObject,
  value: unknown,
  pointer: string,
): ReadonlyMap<string, Place> {
  const responses = new Map<string, Place>();
  for (const [status, response] of Object.entries(isObject(value) ? value : {})) {
    const place = resolved(document, response, pointerTo(pointer, status));
    if (place !== undefined) responses.set(status.toUpperCase(), place);
  }
  return responses;
}
