import { isObject } from './json-pointer.ts';

/** Members of a schema that are no schemas, or are documentation. */
const notSchemas: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'enum', '$ref']);
/** Members that mean something else, or nothing, in JSON Schema. */
const dropped: ReadonlySet<string> = new Set([
  'nullable',
  'id',
  '$id',
  '$schema',
  'discriminator',
  'xml',
]);

/** Keyword beside each reference, by which a validator counts how often references are followed. */
export const referenceMark = 'x-counted-reference';

/**
 * A copy of an OpenAPI 3.0 document whose schemas are of JSON Schema draft 7: `nullable` becomes a type,
 * and boolean bounds become numbers. What is only read is not required of a request, what is only
 * written not of a response. Objects of other kinds have none of these members and stay as they are.
 */
export function asJsonSchema(value: unknown, direction: 'request' | 'response'): unknown {
  return convert(value, direction, 'object');
}

/** In `names` the members are named by the document's author: any name may be meant. */
function convert(
  value: unknown,
  direction: 'request' | 'response',
  within: 'object' | 'names',
): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(item, direction, 'object'));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, part]): [string, unknown][] => {
    if (within === 'names') return [[name, convert(part, direction, 'object')]];
    if (dropped.has(name)) return [];
    if (notSchemas.has(name)) return [[name, part]];
    const holdsNames = name === 'properties' || name === 'schemas';
    return [[name, convert(part, direction, holdsNames ? 'names' : 'object')]];
  });
  const copy = Object.fromEntries(entries);
  if (within === 'object') adapt(copy, value, direction);
  return copy;
}

function adapt(
  copy: Record<string, unknown>,
  original: Readonly<Record<string, unknown>>,
  direction: 'request' | 'response',
): void {
  if (typeof original['$ref'] === 'string') copy[referenceMark] = true;
  if (original['nullable'] === true && typeof original['type'] === 'string') {
    copy['type'] = [original['type'], 'null'];
  }
  adaptBound(copy, 'exclusiveMinimum', 'minimum');
  adaptBound(copy, 'exclusiveMaximum', 'maximum');
  const { required } = copy;
  if (!Array.isArray(required)) {
    delete copy['required'];
    return;
  }
  const exempt = direction === 'request' ? 'readOnly' : 'writeOnly';
  const properties = isObject(original['properties']) ? original['properties'] : {};
  copy['required'] = required.filter((name: unknown) => {
    const property = typeof name === 'string' ? properties[name] : undefined;
    return !(isObject(property) && property[exempt] === true);
  });
}

/** A bound that a flag makes exclusive becomes an exclusive bound. */
function adaptBound(
  copy: Record<string, unknown>,
  exclusive: 'exclusiveMinimum' | 'exclusiveMaximum',
  bound: 'minimum' | 'maximum',
): void {
  const flag = copy[exclusive];
  if (typeof flag !== 'boolean') return;
  const limit = flag ? copy[bound] : undefined;
  // A keyword that is undefined is none.
  copy[exclusive] = limit;
  if (limit !== undefined) copy[bound] = undefined;
}
