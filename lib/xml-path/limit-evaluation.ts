import type { Node } from '@xmldom/xmldom';

/** What the xpath package evaluates to; a node set has `nodes`. */
export interface XPathValue {
  readonly nodes?: readonly Node[];
  toArray?(): readonly Node[];
  numberValue(): number;
  booleanValue(): boolean;
  stringValue(): string;
}

/** Node tests, nodes that become node sets, and weight of what may be made into text. */
const mostTests = 2_000_000;
const mostMatches = 10_000;
const mostWeight = 32_000_000;

/** What one evaluation has cost so far. Evaluations never wait, so one budget serves them in turn. */
export class EvaluationBudget {
  #tests = 0;
  #matches = 0;
  #weight = 0;
  #weightOf: (node: Node) => number = () => 0;

  begin(weightOf: (node: Node) => number): void {
    this.#tests = this.#matches = this.#weight = 0;
    this.#weightOf = weightOf;
  }

  test(): void {
    this.#tests += 1;
    if (this.#tests > mostTests) throw new RangeError('the XPath expression visits too many nodes');
  }

  match(): void {
    this.#matches += 1;
    if (this.#matches > mostMatches) {
      throw new RangeError('the XPath expression finds too many nodes');
    }
  }

  read(nodes: readonly Node[], times: number): void {
    let weight = 0;
    for (const node of nodes) weight += this.#weightOf(node);
    this.#weight += weight * times;
    if (this.#weight > mostWeight) throw new RangeError('the XPath expression reads too much text');
  }
}

interface NodeTest {
  matches(node: Node, context: unknown): boolean;
}
interface Step {
  nodeTest: NodeTest;
}
interface Operand {
  evaluate(context: unknown): XPathValue;
}
interface Operation {
  readonly lhs: Operand;
  readonly rhs: Operand;
}

/**
 * Makes a parsed expression charge what it does to a budget. The xpath package has no bound of its
 * own: `//*//*//*` over a small document takes it hours, a set of n nodes takes n * n comparisons,
 * and a node set is made into text anew wherever it is read.
 */
export function limitEvaluation(expression: object): EvaluationBudget {
  const budget = new EvaluationBudget();
  const seen = new Set<object>();
  const waiting: object[] = [expression];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (seen.has(part)) continue;
    seen.add(part);
    // First what the part consists of: the limits below put functions of ours in its place.
    for (const value of Object.values(part) as unknown[]) {
      if (typeof value === 'object' && value !== null) waiting.push(value);
    }
    if (hasSteps(part)) limitSteps(part.steps, budget);
    if (isPath(part)) limitPath(part, budget);
    if (isOperation(part)) limitComparison(part, budget);
  }
  return budget;
}

function hasSteps(part: object): part is { readonly steps: readonly Step[] } {
  return 'steps' in part && Array.isArray(part.steps);
}

function isPath(part: object): part is Operand {
  return 'locationPath' in part && 'evaluate' in part;
}

function isOperation(part: object): part is Operation {
  return 'lhs' in part && 'rhs' in part;
}

/** The matches of the last step become a node set. */
function limitSteps(steps: readonly Step[], budget: EvaluationBudget): void {
  const last = steps.at(-1);
  for (const step of steps) {
    const { nodeTest } = step;
    step.nodeTest = {
      matches(node, context) {
        budget.test();
        if (!nodeTest.matches(node, context)) return false;
        if (step === last) budget.match();
        return true;
      },
    };
  }
}

function limitPath(path: Operand, budget: EvaluationBudget): void {
  const evaluate = path.evaluate.bind(path);
  path.evaluate = (context) => {
    const value = evaluate(context);
    if (value.nodes !== undefined) budget.read(value.nodes, 1);
    return value;
  };
}

/** Comparing two node sets reads every node of the right one for every node of the left one. */
function limitComparison({ lhs, rhs }: Operation, budget: EvaluationBudget): void {
  let lefts = 0;
  const evaluateLeft = lhs.evaluate.bind(lhs);
  const evaluateRight = rhs.evaluate.bind(rhs);
  lhs.evaluate = (context) => {
    const value = evaluateLeft(context);
    lefts = value.nodes?.length ?? 0;
    return value;
  };
  rhs.evaluate = (context) => {
    const value = evaluateRight(context);
    if (value.nodes !== undefined) budget.read(value.nodes, lefts);
    return value;
  };
}
