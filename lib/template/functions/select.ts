import { compileJsonPath } from '../../json-path/json-path.ts';
import { readPayload } from '../../xml-path/payload.ts';
import { compileXPath, type XPathResultType } from '../../xml-path/xml-path.ts';
import { TemplateFunctionError } from '../function-error.ts';
import type { Evaluate, FunctionArgument, FunctionTable, TemplateFunction } from './function.ts';
import { prepared, problemOf } from './prepared.ts';

/** Undefined for a text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function jsonText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return JSON.stringify(value);
}

/**
 * `(path, json[, wantArray])`. Of several values it gives the first one, unless the third argument is
 * `true`; an array that a definite path names counts as several. No match and a text that is no JSON
 * give empty text.
 */
const jsonPath: TemplateFunction = {
  least: 2,
  most: 3,
  compile(call) {
    const [path, json, wantArray] = call.arguments;
    if (path === undefined || json === undefined) return '';
    const readPath = prepared(call, path, compileJsonPath);
    return (flow, onUnresolved) => {
      const compiled = readPath(flow, onUnresolved);
      const root = parseJson(json.text(flow, onUnresolved));
      const whole = wantArray?.text(flow, onUnresolved) === 'true';
      if (root === undefined) return '';
      try {
        const found = compiled.select(root);
        if (found.length === 0) return '';
        const [first] = found;
        if (!compiled.definite) return jsonText(whole ? found : first);
        return jsonText(!whole && Array.isArray(first) ? first[0] : first);
      } catch (cause) {
        throw new TemplateFunctionError(call.name, problemOf(cause), cause);
      }
    };
  },
};

const resultTypes: readonly XPathResultType[] = ['nodeset', 'node', 'number', 'boolean', 'string'];

/**
 * `(expression, xml[, type or prefix:uri]...)`. The type says what the expression's result becomes:
 * `nodeset`, the default, gives every node with its markup. An argument with a colon is a namespace.
 * No match and a text that is no acceptable XML give empty text.
 */
const xpath: TemplateFunction = {
  least: 2,
  most: 12,
  compile(call) {
    const [expression, xml, ...extras] = call.arguments;
    if (expression === undefined || xml === undefined) return '';
    const readExpression = prepared(call, expression, compileXPath);
    const readExtras = extras.map(extraText);
    return (flow, onUnresolved) => {
      const compiled = readExpression(flow, onUnresolved);
      const text = xml.text(flow, onUnresolved);
      let type: XPathResultType = 'nodeset';
      const namespaces = new Map<string, string>();
      for (const read of readExtras) {
        const extra = read(flow, onUnresolved);
        const colon = extra.indexOf(':');
        if (colon !== -1) namespaces.set(extra.slice(0, colon), extra.slice(colon + 1));
        else type = resultTypes.find((known) => known === extra.toLowerCase()) ?? 'nodeset';
      }
      const payload = readPayload(text);
      if (payload === undefined) return '';
      try {
        return compiled.evaluate(payload, namespaces).text(type);
      } catch (cause) {
        throw new TemplateFunctionError(call.name, problemOf(cause), cause);
      }
    };
  },
};

/** A bare `prefix:uri` looks like a name with a fallback, but it is a namespace; a bare type is a literal. */
function extraText({ source, text }: FunctionArgument): Evaluate {
  if (source.kind !== 'bare') return text;
  const bare = source.text;
  const isLiteral =
    source.fallback !== undefined || resultTypes.some((type) => type === bare.toLowerCase());
  return isLiteral ? () => bare : text;
}

export const selections: FunctionTable = { jsonPath, xpath, xPath: xpath };
