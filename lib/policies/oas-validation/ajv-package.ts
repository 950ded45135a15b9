import { createRequire } from 'node:module';
import type * as ajvPackage from 'ajv';
import type formatsPackage from 'ajv-formats';

interface Validation {
  readonly Ajv: typeof ajvPackage.Ajv;
  readonly addFormats: typeof formatsPackage.default;
}

let loaded: Validation | undefined;

/** ajv and its formats, loaded when the first schema is compiled: they take a tenth of a second. */
export function validationPackages(): Validation {
  if (loaded === undefined) {
    const load = createRequire(import.meta.url);
    const { Ajv } = load('ajv') as typeof ajvPackage;
    const { default: addFormats } = load('ajv-formats') as typeof formatsPackage;
    loaded = { Ajv, addFormats };
  }
  return loaded;
}
