import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import { compileJsonPath, JsonPathError, type JsonPath } from '../../json-path/json-path.ts';
import { isJson } from '../../message/media-type.ts';
import type { JsonPayloadNode } from './grammar.ts';
import type { Inspect, Inspection } from './inspection.ts';
import type { PartContext } from './part-context.ts';
import { compilePatterns } from './patterns.ts';

/** Compiles JSONPayload. A message of another content type than JSON, or without a body, is left alone. */
export function compileJsonPayload(
  { jsonPath, escapeSlashCharacter }: JsonPayloadNode,
  context: PartContext,
): Inspect {
  const rules = jsonPath.flatMap(({ expression, pattern, location }) => {
    const path = compilePath(
      expression?.value ?? '',
      expression?.textLocation ?? location,
      context,
    );
    return path === undefined ? [] : [{ path, patterns: compilePatterns(pattern, context) }];
  });
  return (inspection) => {
    const { message } = inspection;
    if (message === undefined || !message.hasBody || !isJson(message)) return;
    const root = parse(message.content, inspection);
    for (const { path, patterns } of rules) {
      for (const value of select(path, root, inspection)) {
        const text = textOf(value, inspection);
        inspection.test(text, patterns);
        if (escapeSlashCharacter && text.includes('/'))
          inspection.test(text.replaceAll('/', '\\/'), patterns);
      }
    }
  };
}

function compilePath(
  source: string,
  location: PartLocation,
  { policy, report }: PartContext,
): JsonPath | undefined {
  if (source === '') return undefined;
  try {
    // Written for older versions of Jayway, which took it for the whole document.
    return compileJsonPath(source === '$.' ? '$' : source);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    report(
      diagnosticAt(
        location,
        'error',
        'JSONPathCompilationFailed',
        `RegularExpressionProtection ${policy}: Failed to compile jsonpath ${source}. Context ${error.message}`,
        'Write a JSONPath such as $.store.book[0].title.',
      ),
    );
    return undefined;
  }
}

type PartLocation = JsonPayloadNode['location'];

function parse(text: string, inspection: Inspection): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return inspection.fail('The payload is no JSON', error);
  }
}

function select(path: JsonPath, root: unknown, inspection: Inspection): readonly unknown[] {
  try {
    return path.select(root);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    return inspection.fail(`The jsonpath ${path.source} cannot be evaluated`, error);
  }
}

/** A text as it is, everything else as JSON. */
function textOf(value: unknown, inspection: Inspection): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value);
  } catch (error) {
    return inspection.fail('The payload is nested too deeply', error);
  }
}
