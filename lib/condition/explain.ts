import type { Flow } from '../variables/flow.ts';
import type { FlowValue } from '../message/flow-value.ts';
import { TypedNumber, type Value } from './compare.ts';
import { compileOperand, compileOperator, compileTruth } from './compile.ts';
import { printExpression } from './print.ts';
import type { Comparison, Expression, Junction, Operator } from './syntax.ts';
import { isUndecided } from './undecided.ts';

interface Result {
  /** In the form of Apigee's traces. */
  readonly text: string;
  readonly holds: boolean;
  /** Why no verdict was reached; nothing that depends on it holds then, not even its negation. */
  readonly undecided?: string;
}

/** What a part of a condition came to, for traces. */
export type ConditionResult =
  | (Result & {
      readonly kind: 'comparison';
      readonly operator: Operator;
      readonly left: FlowValue;
      readonly right: FlowValue;
    })
  | (Result & { readonly kind: 'truth'; readonly value: FlowValue })
  | (Result & { readonly kind: 'not'; readonly operand: ConditionResult })
  | (Result & { readonly kind: 'and' | 'or'; readonly operands: readonly ConditionResult[] })
  /** Not evaluated, since what stands before it decided. */
  | (Result & { readonly kind: 'skipped'; readonly holds: false })
  /** The blank condition, which always holds. */
  | (Result & { readonly kind: 'blank'; readonly holds: true })
  | (Result & { readonly kind: 'invalid'; readonly holds: false });

export type Explain = (flow: Flow) => ConditionResult;

/** As `compileExpression`, but tells what every part came to and throws nothing. */
export function explainer(expression: Expression): Explain {
  const text = printExpression(expression);
  switch (expression.kind) {
    case 'comparison':
      return explainComparison(expression, text);
    case 'truth': {
      const read = compileOperand(expression.operand);
      const test = compileTruth(expression);
      return (flow) => ({ kind: 'truth', text, holds: test(flow), value: plain(read(flow)) });
    }
    case 'not': {
      const explain = explainer(expression.operand);
      return (flow) => {
        const operand = explain(flow);
        return { kind: 'not', text, ...verdict(!operand.holds, operand.undecided), operand };
      };
    }
    case 'and':
    case 'or':
      return explainJunction(expression, text);
  }
}

function explainComparison(comparison: Comparison, text: string): Explain {
  const { operator } = comparison;
  const readLeft = compileOperand(comparison.left);
  const readRight = compileOperand(comparison.right);
  const compared = compileOperator(comparison, () => {
    // Said when the condition was compiled.
  });
  return (flow) => {
    const left = readLeft(flow);
    const right = readRight(flow);
    const sides = { operator, left: plain(left), right: plain(right) };
    try {
      return { kind: 'comparison', text, holds: compared(left, right, flow), ...sides };
    } catch (error) {
      if (!isUndecided(error)) throw error;
      return { kind: 'comparison', text, ...verdict(false, error.message), ...sides };
    }
  };
}

function explainJunction({ kind, operands }: Junction, text: string): Explain {
  const parts = operands.map((operand) => ({
    text: printExpression(operand),
    explain: explainer(operand),
  }));
  const deciding = kind === 'or';
  return (flow) => {
    const results: ConditionResult[] = [];
    let last: ConditionResult | undefined;
    for (const part of parts) {
      if (last !== undefined && (last.holds === deciding || last.undecided !== undefined)) {
        results.push({ kind: 'skipped', text: part.text, holds: false });
        continue;
      }
      last = part.explain(flow);
      results.push(last);
    }
    const holds = last?.holds ?? false;
    return { kind, text, ...verdict(holds, last?.undecided), operands: results };
  };
}

function verdict(
  holds: boolean,
  undecided: string | undefined,
): Pick<Result, 'holds' | 'undecided'> {
  return undecided === undefined ? { holds } : { holds: false, undecided };
}

function plain(value: Value): FlowValue {
  return value instanceof TypedNumber ? value.value : value;
}
