import type { ErrorObject } from 'ajv';

/**
 * Errors of a validation as the validator says them that Apigee uses: json-schema-validator within
 * swagger-request-validator. An error below the top names its place.
 */
export function schemaMessages(errors: readonly ErrorObject[]): readonly string[] {
  return [...new Set(grouped(withoutBranches(errors)).map(messageAt))];
}

/** Branches of anyOf and oneOf fail one by one before the whole does; only the whole is told. */
function withoutBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const dropped = new Set<ErrorObject>();
  for (const [index, whole] of errors.entries()) {
    if (whole.keyword !== 'anyOf' && whole.keyword !== 'oneOf') continue;
    const siblings = whole.schemaPath.slice(0, whole.schemaPath.lastIndexOf('/') + 1);
    // Those of the branches stand right before it.
    for (let before = index - 1; before >= 0; before -= 1) {
      const branch = errors[before];
      if (branch?.instancePath.startsWith(whole.instancePath) !== true) break;
      const isSibling =
        branch.schemaPath.startsWith(siblings) &&
        !branch.schemaPath.startsWith(`${whole.schemaPath}/`);
      if (!isSibling) dropped.add(branch);
    }
  }
  return errors.filter((error) => !dropped.has(error));
}

interface Failure {
  readonly error: ErrorObject;
  /** The properties that errors of one kind at one place are about. */
  readonly properties: string[];
}

function grouped(errors: readonly ErrorObject[]): readonly Failure[] {
  const failures = new Map<string, Failure>();
  for (const error of errors) {
    const property: unknown = error.params['missingProperty'] ?? error.params['additionalProperty'];
    const isGrouped = error.keyword === 'required' || error.keyword === 'additionalProperties';
    const key = `${error.instancePath}\n${error.schemaPath}${isGrouped ? '' : `\n${failures.size}`}`;
    const failure = failures.get(key) ?? { error, properties: [] };
    if (typeof property === 'string') failure.properties.push(property);
    failures.set(key, failure);
  }
  return [...failures.values()];
}

function messageAt(failure: Failure): string {
  const { instancePath } = failure.error;
  const message = messageOf(failure);
  return instancePath === '' ? message : `[Path '${instancePath}'] ${message}`;
}

function messageOf({ error, properties }: Failure): string {
  const { keyword, params, data, schema } = error;
  const limit = String(params['limit']);
  switch (keyword) {
    case 'type':
      return `Instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${listed([params['type']].flat())})`;
    case 'required':
      return `Object has missing required properties (${listed(properties)})`;
    case 'additionalProperties':
      return `Object instance has properties which are not allowed by the schema: ${listed(properties)}`;
    case 'enum':
      return `Instance value (${JSON.stringify(data)}) not found in enum (possible values: ${JSON.stringify(schema)})`;
    case 'minimum':
      return `Numeric instance is lower than the required minimum (minimum: ${limit}, found: ${String(data)})`;
    case 'maximum':
      return `Numeric instance is greater than the required maximum (maximum: ${limit}, found: ${String(data)})`;
    case 'exclusiveMinimum':
      return `Numeric instance is not strictly greater than the required minimum ${limit}`;
    case 'exclusiveMaximum':
      return `Numeric instance is not strictly lower than the required maximum ${limit}`;
    case 'multipleOf':
      return `Remainder of division is not zero (${String(data)} / ${String(params['multipleOf'])})`;
    case 'minLength':
      return `String ${quoted(data)} is too short (length: ${lengthOf(data)}, required minimum: ${limit})`;
    case 'maxLength':
      return `String ${quoted(data)} is too long (length: ${lengthOf(data)}, maximum allowed: ${limit})`;
    case 'pattern':
      return `ECMA 262 regex "${String(params['pattern'])}" does not match input string ${quoted(data)}`;
    case 'format':
      return formatMessage(String(params['format']), data);
    case 'minItems':
      return `Array is too short: must have at least ${limit} elements but instance has ${lengthOf(data)} elements`;
    case 'maxItems':
      return `Array is too long: must have at most ${limit} elements but instance has ${lengthOf(data)} elements`;
    case 'uniqueItems':
      return 'Array must not contain duplicate elements';
    case 'minProperties':
      return `Object has too few properties (found ${lengthOf(data)} but schema requires at least ${limit})`;
    case 'maxProperties':
      return `Object has too many properties (found ${lengthOf(data)} but schema requires at most ${limit})`;
    case 'anyOf':
      return `Instance failed to match at least one required schema among ${lengthOf(schema)}`;
    case 'oneOf':
      return `Instance failed to match exactly one schema (matched ${matchedOf(params['passingSchemas'])} out of ${lengthOf(schema)})`;
    case 'not':
      return 'Instance matched a schema which it should not have';
    default:
      return error.message ?? `Instance does not match ${keyword}`;
  }
}

function formatMessage(format: string, data: unknown): string {
  const text = quoted(data);
  switch (format) {
    case 'date':
      return `String ${text} is invalid against requested date format(s) yyyy-MM-dd`;
    case 'date-time':
      return `String ${text} is invalid against requested date format(s) [yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z]`;
    case 'email':
      return `String ${text} is not a valid email address`;
    case 'ipv4':
      return `String ${text} is not a valid IPv4 address`;
    case 'ipv6':
      return `String ${text} is not a valid IPv6 address`;
    case 'uri':
      return `String ${text} is not a valid URI`;
    case 'uuid':
      return `Input string ${text} is not a valid UUID`;
    case 'hostname':
      return `String ${text} is not a valid hostname`;
    default:
      return `Value ${text} does not match format '${format}'`;
  }
}

/** Names of JSON's types, with integers apart as in the validator that is imitated. */
function typeOf(data: unknown): string {
  if (data === null) return 'null';
  if (Array.isArray(data)) return 'array';
  if (typeof data === 'number') return Number.isInteger(data) ? 'integer' : 'number';
  return typeof data;
}

function listed(names: readonly unknown[]): string {
  return JSON.stringify(names.map(String).sort());
}

function quoted(data: unknown): string {
  return `"${String(data)}"`;
}

function lengthOf(data: unknown): number {
  if (typeof data === 'string') return Array.from(data).length;
  if (Array.isArray(data)) return data.length;
  return typeof data === 'object' && data !== null ? Object.keys(data).length : 0;
}

function matchedOf(passing: unknown): number {
  return Array.isArray(passing) ? passing.length : 0;
}
