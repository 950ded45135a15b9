import { parse } from 'yaml';
import { isObject, member, valueAt, type JsonObject } from './json-pointer.ts';
import { compileSchemaPattern } from './pattern.ts';

/** A document that is no OpenAPI 3.0, or refers to what is not in it. */
export class SpecificationError extends Error {}

/** More aliases than people write, fewer than a bomb needs. */
const mostAliases = 100;

/**
 * Reads an OpenAPI 3.0 document, JSON or YAML. Only references within it are followed.
 * @throws {SpecificationError}
 */
export function readSpecification(text: string): JsonObject {
  const document = read(text);
  if (!isObject(document)) throw new SpecificationError('it is no object');
  const version = member(document, 'openapi');
  if (typeof version !== 'string' || !version.startsWith('3.0')) {
    throw new SpecificationError('it is not of OpenAPI 3.0');
  }
  if (!isObject(member(document, 'paths'))) throw new SpecificationError('it has no paths');
  checkParts(document);
  return document;
}

function read(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: mostAliases, logLevel: 'silent' });
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new SpecificationError(reason.replace(/:$/, ''), { cause: error });
  }
}

function checkParts(document: JsonObject): void {
  const seen = new Set<unknown>();
  const open: unknown[] = [document];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const reference = member(value, '$ref');
    if (typeof reference === 'string' && valueAt(document, reference) === undefined) {
      const kind = reference.startsWith('#')
        ? 'nothing has that name'
        : 'it is not in the document';
      throw new SpecificationError(`the reference ${reference} leads nowhere: ${kind}`);
    }
    const pattern = member(value, 'pattern');
    if (typeof pattern === 'string') checkPattern(pattern);
    for (const part of Object.values<unknown>({ ...value })) open.push(part);
  }
}

function checkPattern(pattern: string): void {
  try {
    compileSchemaPattern(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SpecificationError(`the pattern ${pattern} is none: ${reason}`, { cause: error });
  }
}
