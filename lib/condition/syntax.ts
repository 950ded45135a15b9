/** Operators by the words of the "Conditions reference"; a `Not` form is the operator behind `not` or `!`. */
export type EqualityOperator = 'Equals' | 'NotEquals';
export type OrderOperator =
  'GreaterThan' | 'GreaterThanOrEquals' | 'LesserThan' | 'LesserThanOrEquals';
export type ComparisonOperator = EqualityOperator | OrderOperator;
export type PatternOperator = 'Matches' | 'MatchesCaseInsensitive' | 'JavaRegex' | 'MatchesPath';
export type NegatedOperator = 'NotMatches' | 'NotJavaRegex' | 'NotMatchesPath' | 'NotStartsWith';
export type Operator =
  ComparisonOperator | PatternOperator | NegatedOperator | 'EqualsCaseInsensitive' | 'StartsWith';

/** Java's type of a number literal: `5`, `5L`, `5f`; a point makes it a Double, as `5d` is. */
export type NumberType = 'integer' | 'long' | 'float' | 'double';

export interface VariableOperand {
  readonly kind: 'variable';
  readonly name: string;
  /** Where the name begins; offsets count UTF-16 units of the condition's source from 0. */
  readonly start: number;
}

export interface TextOperand {
  readonly kind: 'text';
  /** What stands between the quotes; it holds no quote itself. */
  readonly text: string;
  /** Where the text begins, behind its quote. */
  readonly start: number;
}

export interface NumberOperand {
  readonly kind: 'number';
  readonly type: NumberType;
  readonly value: number | bigint;
  /** As written. */
  readonly text: string;
  readonly start: number;
}

export interface BooleanOperand {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly start: number;
}

export interface NullOperand {
  readonly kind: 'null';
  readonly start: number;
}

export type Operand = VariableOperand | TextOperand | NumberOperand | BooleanOperand | NullOperand;

export interface Comparison {
  readonly kind: 'comparison';
  readonly operator: Operator;
  readonly left: Operand;
  readonly right: Operand;
}

/** An operand by itself: holds when it is true. */
export interface Truth {
  readonly kind: 'truth';
  readonly operand: VariableOperand | BooleanOperand | NullOperand;
}

export interface Negation {
  readonly kind: 'not';
  readonly operand: Expression;
}

/** Two or more operands, evaluated from the left until one decides. */
export interface Junction {
  readonly kind: 'and' | 'or';
  readonly operands: readonly Expression[];
}

/** Parentheses leave no trace here but the tree's shape. */
export type Expression = Comparison | Truth | Negation | Junction;
