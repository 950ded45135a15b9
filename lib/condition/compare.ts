import type { FlowValue } from '../variables/value.ts';
import { flowValueText } from '../variables/flow-variables.ts';
import { javaDoubleText, javaFloatText } from './java-number-text.ts';
import { nullTable } from './operators.ts';
import type { ComparisonOperator, NumberType, Operator } from './syntax.ts';

/** A number literal, which carries the type it was written with. */
export class TypedNumber {
  readonly type: NumberType;
  readonly value: number | bigint;
  readonly text: string;

  constructor(type: NumberType, value: number | bigint) {
    this.type = type;
    this.value = value;
    this.text = numberText(type, value);
  }
}

/** One side of a comparison. */
export type Value = FlowValue | TypedNumber;

/** As Java prints it, for comparing it with a text. */
function numberText(type: NumberType, value: number | bigint): string {
  if (type === 'double') return javaDoubleText(Number(value));
  return type === 'float' ? javaFloatText(Number(value)) : value.toString();
}

export type ValueType = 'boolean' | NumberType | 'string';

/**
 * The common type that two sides are adapted to before they are compared, by the type of the left
 * side and then of the right ("Conditions reference", operand types). No flow variable here holds
 * another java.lang.Comparable, which is the table's seventh type.
 */
export const commonTypes: Readonly<Record<ValueType, Readonly<Record<ValueType, ValueType>>>> = {
  boolean: {
    boolean: 'boolean',
    integer: 'integer',
    long: 'long',
    float: 'float',
    double: 'double',
    string: 'string',
  },
  integer: {
    boolean: 'integer',
    integer: 'integer',
    long: 'long',
    float: 'float',
    double: 'double',
    string: 'string',
  },
  long: {
    boolean: 'long',
    integer: 'long',
    long: 'long',
    float: 'float',
    double: 'double',
    string: 'string',
  },
  float: {
    boolean: 'float',
    integer: 'float',
    long: 'float',
    float: 'float',
    double: 'double',
    string: 'string',
  },
  double: {
    boolean: 'double',
    integer: 'double',
    long: 'double',
    float: 'double',
    double: 'double',
    string: 'string',
  },
  string: {
    boolean: 'string',
    integer: 'string',
    long: 'string',
    float: 'string',
    double: 'string',
    string: 'string',
  },
};

/** What an operator gives when a side is null; undefined when neither is. */
export function compareNull(operator: Operator, left: Value, right: Value): boolean | undefined {
  const row = nullTable[operator];
  if (isNull(left)) return isNull(right) ? row.both : row.left;
  return isNull(right) ? row.right : undefined;
}

/**
 * Compares two sides. A message or a collection is equal to nothing, different from nothing, and in no
 * order; only null can be told from it.
 */
export function compare(operator: ComparisonOperator, left: Value, right: Value): boolean {
  const ofNull = compareNull(operator, left, right);
  if (ofNull !== undefined) return ofNull;
  const leftType = typeOf(left);
  const rightType = typeOf(right);
  if (leftType === undefined || rightType === undefined) return false;
  const common = commonTypes[leftType][rightType];
  const order =
    common === 'string'
      ? orderOfTexts(operator, left, leftType, right, rightType)
      : orderOfNumbers(numeric(left, common), numeric(right, common));
  return holds(operator, order);
}

/** The text that text operators see: `=|`, `:=` and patterns; undefined for a message or a collection. */
export function textForPattern(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return typeOf(value) === undefined ? undefined : textOf(value);
}

/** Java's String.equalsIgnoreCase: code point by code point, in no locale. */
export function equalsIgnoringCase(left: string, right: string): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length;) {
    const one = characterAt(left, at);
    const other = characterAt(right, at);
    if (one !== other && foldCase(one) !== foldCase(other)) return false;
    at += one.length;
  }
  return true;
}

function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

/** By the mappings of one character to one: "ß" has no such capital, and "İ" becomes "i". */
function foldCase(character: string): string {
  const upper = character.toUpperCase();
  const single = upper.length === character.length ? upper : character;
  return characterAt(single.toLowerCase(), 0);
}

function isNull(value: Value): value is null | undefined {
  return value === null || value === undefined;
}

function typeOf(value: Value): ValueType | undefined {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'bigint') return 'long';
  if (typeof value !== 'number') return value instanceof TypedNumber ? value.type : undefined;
  if (!Number.isInteger(value)) return 'double';
  return value >= -(2 ** 31) && value < 2 ** 31 ? 'integer' : 'long';
}

function textOf(value: Value): string {
  return value instanceof TypedNumber ? value.text : flowValueText(value);
}

/** True and false are 1 and 0 among numbers. */
function numeric(value: Value, type: ValueType): number | bigint {
  const plain = value instanceof TypedNumber ? value.value : value;
  const number = typeof plain === 'number' || typeof plain === 'bigint' ? plain : Number(plain);
  if (type === 'float') return Math.fround(Number(number));
  return type === 'double' ? Number(number) : number;
}

/** Less than 0, 0 or more than 0; NaN when neither comes first. Number and bigint compare exactly. */
function orderOfNumbers(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : 0;
}

/**
 * The page calls this a comparison of texts, where "10" comes before "9". It shows
 * `count GreaterThan "0"` too: where order matters and one side is a number, a text that reads as a
 * number counts as one.
 */
function orderOfTexts(
  operator: ComparisonOperator,
  left: Value,
  leftType: ValueType,
  right: Value,
  rightType: ValueType,
): number {
  if (operator !== 'Equals' && operator !== 'NotEquals') {
    const leftNumber = leftType === 'string' ? readNumber(left) : numberOf(left, leftType);
    const rightNumber = rightType === 'string' ? readNumber(right) : numberOf(right, rightType);
    const mixed = leftType !== rightType;
    if (mixed && leftNumber !== undefined && rightNumber !== undefined) {
      return orderOfNumbers(leftNumber, rightNumber);
    }
  }
  const leftText = textOf(left);
  const rightText = textOf(right);
  if (leftText === rightText) return 0;
  return leftText < rightText ? -1 : 1;
}

function numberOf(value: Value, type: ValueType): number | bigint | undefined {
  return type === 'boolean' ? undefined : numeric(value, type);
}

const decimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

function readNumber(value: Value): number | bigint | undefined {
  if (typeof value !== 'string' || value.length > 400 || !decimal.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) || !/^-?[0-9]+$/.test(value) ? number : BigInt(value);
}

/** Whether an order of two sides, as a sign, is the one that an operator asks for. */
function holds(operator: ComparisonOperator, order: number): boolean {
  switch (operator) {
    case 'Equals':
      return order === 0;
    case 'NotEquals':
      return order !== 0;
    case 'GreaterThan':
      return order > 0;
    case 'GreaterThanOrEquals':
      return order >= 0;
    case 'LesserThan':
      return order < 0;
    case 'LesserThanOrEquals':
      return order <= 0;
  }
}
