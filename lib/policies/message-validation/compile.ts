import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { isJson, isXml } from '../../message/media-type.ts';
import type { Message } from '../../message/message.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';
import { readXmlPayload } from '../payload-conversion/read-document.ts';
import type { CompileContext, PolicyResources, Program } from '../policy-type.ts';
import { nonMessageVariable, sourceNotAvailable, validationFailed } from './faults.ts';
import type { MessageValidationPolicy } from './grammar.ts';
import { checkSchemas, schemaKey, validate } from './engine/engine.ts';
import type { Finding } from './engine/protocol.ts';
import { rootRuleOf } from './root-element.ts';
import { readSchemaSet, SchemaError, type SchemaSet } from './schema-set.ts';

/**
 * Compiles MessageValidation. The schemas are compiled when the policy is, if their files are at hand; a
 * message is validated in a thread of its own, bounded in time, that reaches no file and no network.
 */
export function compileMessageValidation(
  policy: MessageValidationPolicy,
  { report, resources }: CompileContext,
): Program {
  const { name, source, resourceUrl } = policy;
  const url = resourceUrl?.value ?? '';
  const message = compileSource(name, source?.value ?? '');
  if (url === '') {
    return ({ variables }) => {
      checkWellFormed(message(variables), name);
    };
  }
  const schemas = schemasOf(policy, url, resources, report);
  const root = rootRuleOf(policy);
  return async ({ variables }) => {
    const text = message(variables).content;
    if (schemas === undefined) throw validationFailed(name, `${url} is not available`);
    if (documentType.test(text)) {
      throw validationFailed(name, 'A document type declaration is not allowed');
    }
    const finding = await validate(schemas.key, schemas.set, text, root);
    if (finding !== undefined) throw validationFailed(name, reasonOf(finding), finding.message);
  };
}

/** A document type in front of the root: no entity of a message is ever declared. */
const documentType = /^(?:\s+|<\?[^]*?\?>|<!--[^]*?-->)*<!DOCTYPE/i;

/** Apigee's words where they were captured; elsewhere libxml2's, which are not those of its validator. */
function reasonOf({ kind, message, line }: Finding): string {
  const text = kind === 'unknown-root' ? 'Element name mismatch. Wildcard?' : message;
  return line > 0 ? `${text} [Line ${line}]` : text;
}

interface KeyedSchemas {
  readonly set: SchemaSet;
  readonly key: string;
}

function schemasOf(
  { resourceUrl, location }: MessageValidationPolicy,
  url: string,
  resources: PolicyResources | undefined,
  report: Report,
): KeyedSchemas | undefined {
  // That a file is missing is said where the bundle's resources are checked.
  if (resources?.read(url) === undefined) return undefined;
  try {
    const set = readSchemaSet(url, resources);
    const key = schemaKey(set);
    const reason = checkSchemas(key, set);
    if (reason !== undefined) throw new SchemaError('ResourceCompileFailed', `${url}: ${reason}`);
    return { set, key };
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    const place = resourceUrl?.textLocation ?? location;
    const hint = 'Mend the schema, and put what it includes among the resources.';
    report(diagnosticAt(place, 'error', error.code, error.message, hint));
    return undefined;
  }
}

function compileSource(policy: string, written: string): (variables: FlowVariables) => Message {
  const source = written === '' ? 'request' : written;
  const reference = variableReference(source);
  return (variables) => {
    const message = variables.message(source);
    if (message !== undefined) return message;
    const value = reference.read(variables);
    if (value === null || value === undefined) throw sourceNotAvailable(policy, source);
    throw nonMessageVariable(source);
  };
}

/** Without a schema a body must be what its content type says; another type than XML or JSON passes. */
function checkWellFormed(message: Message, policy: string): void {
  if (isXml(message)) {
    const read = readXmlPayload(message.content);
    if ('reason' in read) throw validationFailed(policy, read.reason);
  } else if (isJson(message)) {
    try {
      JSON.parse(message.content);
    } catch (error) {
      throw validationFailed(policy, error instanceof Error ? error.message : String(error));
    }
  }
}
