import { isReserved } from './operators.ts';
import type { Comparison, Expression, Operand, Operator } from './syntax.ts';

/** How a trace of Apigee writes an operator: `(a equals "x")`, `(a not null)`. */
const printedOperators: Readonly<Record<Operator, string>> = {
  Equals: 'equals',
  NotEquals: 'notequals',
  EqualsCaseInsensitive: 'equalscaseinsensitive',
  GreaterThan: 'greaterthan',
  GreaterThanOrEquals: 'greaterthanorequals',
  LesserThan: 'lesserthan',
  LesserThanOrEquals: 'lesserthanorequals',
  StartsWith: 'startswith',
  NotStartsWith: 'not startswith',
  Matches: 'matches',
  NotMatches: 'not matches',
  MatchesCaseInsensitive: ':~',
  JavaRegex: 'javaregex',
  NotJavaRegex: 'not javaregex',
  MatchesPath: 'matchespath',
  NotMatchesPath: 'not matchespath',
};

/** An expression in one form, as Apigee's traces write it; it parses to the same expression. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'comparison':
      return printComparison(expression);
    case 'truth':
      return printOperand(expression.operand);
    case 'not':
      return `(not ${printExpression(expression.operand)})`;
    case 'and':
    case 'or':
      return `(${expression.operands.map(printExpression).join(` ${expression.kind} `)})`;
  }
}

function printComparison({ operator, left, right }: Comparison): string {
  const subject = printOperand(left);
  if (operator === 'NotEquals' && right.kind === 'null') return `(${subject} not null)`;
  // The blank before the parenthesis is Apigee's.
  const object = right.kind === 'null' ? 'null ' : printOperand(right);
  return `(${subject} ${printedOperators[operator]} ${object})`;
}

function printOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'variable':
      return isReserved(operand.name) || !/^[A-Za-z_][-A-Za-z0-9_.]*$/.test(operand.name)
        ? `'${operand.name}'`
        : operand.name;
    case 'text':
      return `"${operand.text}"`;
    case 'number':
      return operand.text;
    case 'boolean':
      return String(operand.value);
    case 'null':
      return 'null';
  }
}
