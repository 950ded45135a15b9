import { createRequire } from 'node:module';
import { XMLSerializer, type Document, type Node } from '@xmldom/xmldom';

export type XPathResultType = 'nodeset' | 'node' | 'number' | 'boolean' | 'string';

/** Namespace names by prefix. */
export type Namespaces = ReadonlyMap<string, string>;

/**
 * Evaluates one expression over a document.
 * @throws {Error} when the expression cannot be evaluated, or would take more than its bound
 */
export type XPath = (document: Document, type: XPathResultType, namespaces: Namespaces) => string;

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
interface XPathValue {
  readonly nodes?: readonly Node[];
  toArray?(): readonly Node[];
  numberValue(): number;
  booleanValue(): boolean;
  stringValue(): string;
}
interface NodeTest {
  matches(node: Node, context: unknown): boolean;
}

const xpath = createRequire(import.meta.url)('xpath') as XPathPackage;

const longestExpression = 4096;
const deepestNesting = 64;
const mostTests = 2_000_000;
const mostMatches = 10_000;

/** @throws {Error} for a text that is no XPath 1.0 expression, or is longer or deeper than the bound */
export function compileXPath(source: string): XPath {
  if (source.length > longestExpression) throw new RangeError('the XPath expression is too long');
  if (nesting(source) > deepestNesting) throw new RangeError('the XPath expression is too deep');
  const parsed = parse(source);
  const budget = { tests: 0, matches: 0 };
  limitSteps(parsed.expression, budget);
  return (document, type, namespaces) => {
    budget.tests = budget.matches = 0;
    const value = parsed.evaluate({
      node: document,
      namespaces: { getNamespace: (prefix) => namespaces.get(prefix) },
    });
    return textOf(value, type);
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

interface Budget {
  tests: number;
  matches: number;
}

interface Step {
  nodeTest: NodeTest;
}

/**
 * Lets every step of the expression count against one budget. The package has no bound of its own:
 * `//*//*//*` over a small document takes it hours, and a set of n nodes takes n * n comparisons.
 */
function limitSteps(expression: object, budget: Budget): void {
  const seen = new Set<object>();
  const waiting: object[] = [expression];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (seen.has(part)) continue;
    seen.add(part);
    if (hasSteps(part)) {
      const last = part.steps.at(-1);
      for (const step of part.steps) {
        const { nodeTest } = step;
        step.nodeTest =
          step === last
            ? gathering(visiting(nodeTest, budget), budget)
            : visiting(nodeTest, budget);
      }
    }
    if (isOperation(part)) limitComparison(part, budget);
    for (const value of Object.values(part) as unknown[]) {
      if (typeof value === 'object' && value !== null) waiting.push(value);
    }
  }
}

function hasSteps(part: object): part is { readonly steps: readonly Step[] } {
  return 'steps' in part && Array.isArray(part.steps);
}

interface Operand {
  evaluate(context: unknown): XPathValue;
}

interface Operation {
  readonly lhs: Operand;
  readonly rhs: Operand;
}

function isOperation(part: object): part is Operation {
  return 'lhs' in part && 'rhs' in part;
}

/** Comparing two node sets compares every node of one with every node of the other. */
function limitComparison({ lhs, rhs }: Operation, budget: Budget): void {
  let left = 0;
  const evaluateLeft = lhs.evaluate.bind(lhs);
  const evaluateRight = rhs.evaluate.bind(rhs);
  lhs.evaluate = (context) => {
    const value = evaluateLeft(context);
    left = value.nodes?.length ?? 0;
    return value;
  };
  rhs.evaluate = (context) => {
    // An operand may be compared while another evaluation of the left one is under way.
    const lefts = left;
    const value = evaluateRight(context);
    budget.tests += lefts * (value.nodes?.length ?? 0);
    if (budget.tests > mostTests)
      throw new RangeError('the XPath expression compares too many nodes');
    return value;
  };
}

function visiting(test: NodeTest, budget: Budget): NodeTest {
  return {
    matches(node, context) {
      budget.tests += 1;
      if (budget.tests > mostTests)
        throw new RangeError('the XPath expression visits too many nodes');
      return test.matches(node, context);
    },
  };
}

/** For the last step of a path, whose matches become a node set. */
function gathering(test: NodeTest, budget: Budget): NodeTest {
  return {
    matches(node, context) {
      if (!test.matches(node, context)) return false;
      budget.matches += 1;
      if (budget.matches > mostMatches)
        throw new RangeError('the XPath expression finds too many nodes');
      return true;
    },
  };
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
