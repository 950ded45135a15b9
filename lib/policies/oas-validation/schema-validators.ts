import type { Ajv, ValidateFunction } from 'ajv';
import { ajvPackage, formatsPackage } from '../../json-schema/ajv-package.ts';
import { isObject, type JsonObject } from './json-pointer.ts';
import { compileSchemaPattern } from './pattern.ts';
import { asJsonSchema, referenceMark } from './schema.ts';
import { schemaMessages } from './schema-messages.ts';

/** Messages for what is wrong with a value; none if it is valid. `size` is its length in characters. */
export type Validate = (value: unknown, size: number) => readonly string[];

/** In a value larger than this only the first error is looked for: there may be millions. */
const mostForAllErrors = 100_000;

const documentId = 'oas';

/**
 * References that the validation of one value may follow, and how many more for each of its characters.
 * Where a schema names itself in two branches, each level of a value doubles them.
 */
const mostReferences = 100_000;
const referencesPerCharacter = 2;

class TooManyReferences extends Error {}

/** The schemas of one document, compiled when they are first needed. */
export class SchemaValidators {
  readonly #all: Ajv;
  readonly #first: Ajv;
  readonly #compiled = new Map<string, Validate>();
  #referencesLeft = 0;

  constructor(document: JsonObject, direction: 'request' | 'response') {
    const schemas = asJsonSchema(document, direction);
    const countReference = (): boolean => {
      this.#referencesLeft -= 1;
      if (this.#referencesLeft < 0) throw new TooManyReferences();
      return true;
    };
    this.#all = newAjv(schemas, 'all', countReference);
    this.#first = newAjv(schemas, 'first', countReference);
  }

  /** The validation by the schema at a pointer such as `#/components/schemas/A`. A schema that is none fails every value. */
  at(pointer: string): Validate {
    const known = this.#compiled.get(pointer);
    if (known !== undefined) return known;
    const validate = this.#compile(pointer);
    this.#compiled.set(pointer, validate);
    return validate;
  }

  #compile(pointer: string): Validate {
    const schema = { $ref: `${documentId}${pointer}` };
    try {
      const all = this.#all.compile(schema);
      const first = this.#first.compile(schema);
      return (value, size) => {
        this.#referencesLeft = mostReferences + referencesPerCharacter * size;
        return messagesOf(size <= mostForAllErrors ? all : first, value);
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return () => [`The schema ${pointer} cannot be used: ${reason}`];
    }
  }
}

function messagesOf(validate: ValidateFunction, value: unknown): readonly string[] {
  try {
    if (validate(value)) return [];
  } catch (error) {
    // The value is nested more deeply than the stack.
    if (error instanceof RangeError) return ['Instance is nested too deeply'];
    if (error instanceof TooManyReferences) return ['Instance takes too many steps to validate'];
    throw error;
  }
  return schemaMessages(validate.errors ?? []);
}

/**
 * ajv writes code from schemas, which come with the bundle, as its scripts do; of values it takes
 * nothing into code. `$data`, which would let values decide on schemas, stays off.
 */
function newAjv(schemas: unknown, errors: 'all' | 'first', countReference: () => boolean): Ajv {
  const { Ajv } = ajvPackage();
  const addFormats = formatsPackage();
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    allErrors: errors === 'all',
    verbose: true,
    logger: false,
    inlineRefs: false,
    ownProperties: true,
    code: { regExp: Object.assign(compileSchemaPattern, { code: 'pattern' }) },
  });
  addFormats(ajv);
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: isUnique,
  });
  ajv.addKeyword({ keyword: referenceMark, validate: countReference });
  if (isObject(schemas)) ajv.addSchema(schemas, documentId);
  return ajv;
}

/** In time that grows with the length; ajv compares each item with each. */
function isUnique(wanted: boolean, items: readonly unknown[]): boolean {
  return !wanted || new Set(items.map(canonical)).size === items.length;
}

/** Equal texts for equal values, whatever the order of their members. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}
