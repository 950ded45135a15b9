import { createRequire } from 'node:module';
import type * as ajv from 'ajv';
import type formats from 'ajv-formats';

const load = createRequire(import.meta.url);

/** ajv, loaded when the first schema is compiled: it takes a tenth of a second. */
export function ajvPackage(): Pick<typeof ajv, 'Ajv'> {
  return load('ajv') as typeof ajv;
}

/** The formats that OpenAPI documents name, for ajv. */
export function formatsPackage(): typeof formats.default {
  return (load('ajv-formats') as typeof formats).default;
}
