import { createRequire } from 'node:module';
import { XMLSerializer, type Node } from '@xmldom/xmldom';
import { limitEvaluation, type XPathValue } from './limit-evaluation.ts';
import type { Payload } from './payload.ts';

export type XPathResultType = 'nodeset' | 'node' | 'number' | 'boolean' | 'string';

/** Namespace names by prefix. */
export type Namespaces = ReadonlyMap<string, string>;

/** An XPath 1.0 expression, compiled once. */
export interface XPath {
  /** @throws {Error} when the expression cannot be evaluated, or would take more than its bound */
  evaluate(payload: Payload, namespaces: Namespaces): XPathResult;
}

/** What an expression gives. It is to be read before the expression is evaluated again. */
export interface XPathResult {
  /** Whether the expression names nodes or computes a value. */
  readonly kind: 'nodes' | 'value';
  /** It names nodes, and there is none. */
  readonly isEmpty: boolean;
  /** @throws {Error} when the text would take more than the expression's bound */
  text(type: XPathResultType): string;
  /** The text of every node, in the order of the document; of a value, its text alone. */
  texts(): readonly string[];
}

// The package's own types bring the browser's global names into every file, so it is required and
// described here, as far as it is used.
interface XPathPackage {
  parse(expression: string): ParsedXPath;
}
interface ParsedXPath {
  readonly expression: object;
  evaluate(options: { node: Node; namespaces: NamespaceResolver }): XPathValue;
}
interface NamespaceResolver {
  getNamespace(prefix: string): string | undefined;
}
const xpath = createRequire(import.meta.url)('xpath') as XPathPackage;

const longestExpression = 4096;
const deepestNesting = 64;

/** @throws {Error} for a text that is no XPath 1.0 expression, or is longer or deeper than the bound */
export function compileXPath(source: string): XPath {
  if (source.length > longestExpression) throw new RangeError('the XPath expression is too long');
  if (nesting(source) > deepestNesting) throw new RangeError('the XPath expression is too deep');
  const parsed = parse(source);
  const budget = limitEvaluation(parsed.expression);
  return {
    evaluate({ document, weightOf }, namespaces) {
      budget.begin(weightOf);
      const value = parsed.evaluate({
        node: document,
        namespaces: { getNamespace: (prefix) => namespaces.get(prefix) },
      });
      return {
        kind: value.nodes === undefined ? 'value' : 'nodes',
        isEmpty: value.nodes?.length === 0,
        text: (type) => textOf(value, type),
        texts: () =>
          value.toArray?.().map(({ textContent }) => textContent ?? '') ?? [value.stringValue()],
      };
    },
  };
}

function parse(source: string): ParsedXPath {
  try {
    return xpath.parse(source);
  } catch (cause) {
    throw new SyntaxError('the XPath expression is malformed', { cause });
  }
}

/** How deep brackets and parentheses nest. */
function nesting(source: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of source) {
    if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function textOf(value: XPathValue, type: XPathResultType): string {
  if (value.nodes?.length === 0 && type !== 'boolean') return '';
  switch (type) {
    case 'number':
      return String(value.numberValue());
    case 'boolean':
      return String(value.booleanValue());
    case 'string':
      return value.stringValue();
    case 'node':
    case 'nodeset': {
      const nodes = value.toArray?.();
      if (nodes === undefined) return value.stringValue();
      return (type === 'node' ? nodes.slice(0, 1) : nodes).map(markup).join('');
    }
  }
}

const serializer = new XMLSerializer();

/** An element with its markup; of a text or an attribute the value alone. */
function markup(node: Node): string {
  const isMarkup = node.nodeType === node.ELEMENT_NODE || node.nodeType === node.DOCUMENT_NODE;
  return isMarkup ? serializer.serializeToString(node) : (node.nodeValue ?? '');
}
