import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import { compileJsonPath, JsonPathError, type JsonPath } from '../../json-path/json-path.ts';
import { isJson } from '../../message/media-type.ts';
import { compileTemplate } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import { castText } from './cast.ts';
import { executionFailed, invalidJsonPath, jsonParsingFailed } from './faults.ts';
import type { JsonPayloadNode } from './grammar.ts';
import { JsonDocument, jsonText } from './json-document.ts';
import type { Extract } from './patterns.ts';
import type { PayloadContext } from './payload-context.ts';
import type { Source } from './source.ts';

/** Compiles JSONPayload. A message with another content type than JSON is left alone. */
export function compileJsonPayload(
  { variable }: JsonPayloadNode,
  context: PayloadContext,
): Extract {
  const { policy, onUnresolved } = context;
  const variables = variable
    .filter(({ name, jsonPath }) => name !== '' && (jsonPath?.value ?? '') !== '')
    .map(({ name, type, jsonPath, location }) => ({
      name,
      type,
      pathIn: compilePath(jsonPath?.value ?? '', jsonPath?.textLocation ?? location, context),
    }));

  return (extraction, source) => {
    if (source === undefined || variables.length === 0) return;
    if (source.kind === 'message' && !isJson(source.message)) return;
    const document = read(source, policy);
    for (const { name, type, pathIn } of variables) {
      const path = pathIn(extraction.flow);
      const found = find(path, document, policy);
      if (found === undefined) {
        if (onUnresolved === 'ignore') continue;
        throw invalidJsonPath(policy, path.source);
      }
      const value = path.definite ? found[0] : found;
      // JSON's null is there, and sets nothing.
      if (value !== null) extraction.set(name, castText(textOf(value, policy), type));
    }
  };
}

/** A path without templates is compiled at deployment; else the latest one is kept. */
function compilePath(
  source: string,
  location: Location,
  { policy, onUnresolved, report }: PayloadContext,
): (flow: Flow) => JsonPath {
  const template = compileTemplate(source, { location, report });
  const { constant } = template;
  if (constant !== undefined) {
    const compiled = attempt(constant);
    if (compiled !== undefined) return () => compiled;
    report(
      diagnosticAt(
        location,
        'error',
        'JSONPathCompilationFailed',
        `Failed to compile jsonpath ${constant}`,
        'Write a JSONPath such as $.store.book[0].title.',
      ),
    );
  }
  let latest: JsonPath | undefined;
  return (flow) => {
    const rendered = template.render(flow, onUnresolved);
    if (latest?.source === rendered) return latest;
    latest = attempt(rendered);
    if (latest === undefined) throw invalidJsonPath(policy, rendered);
    return latest;
  };
}

function attempt(source: string): JsonPath | undefined {
  try {
    return compileJsonPath(source);
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

function read(source: Source, policy: string): JsonDocument {
  const text = source.kind === 'message' ? source.message.content : source.text;
  try {
    return new JsonDocument(text);
  } catch (error) {
    throw source.kind === 'message'
      ? executionFailed(policy, error)
      : jsonParsingFailed(policy, source.name);
  }
}

function find(
  path: JsonPath,
  document: JsonDocument,
  policy: string,
): readonly unknown[] | undefined {
  try {
    return document.find(path);
  } catch (error) {
    if (error instanceof JsonPathError) throw executionFailed(policy, error);
    throw error;
  }
}

function textOf(value: unknown, policy: string): string {
  try {
    return jsonText(value);
  } catch (error) {
    throw executionFailed(policy, error);
  }
}
