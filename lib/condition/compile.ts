import { compileJavaRegex, JavaRegexError } from '../java/regex/java-regex.ts';
import { variableReference } from '../variables/flow-variables.ts';
import type { Flow } from '../variables/flow.ts';
import {
  compare,
  compareNull,
  equalsIgnoringCase,
  textForPattern,
  TypedNumber,
  type Value,
} from './compare.ts';
import { invalid, type Finding } from './finding.ts';
import { compileGlob } from './matches.ts';
import { compilePathPattern } from './matches-path.ts';
import type {
  Comparison,
  ComparisonOperator,
  Expression,
  NegatedOperator,
  Operand,
  Operator,
  PatternOperator,
  TextOperand,
  Truth,
} from './syntax.ts';

/**
 * A condition, or a part of one, prepared.
 * @throws {JavaRegexBudgetError} when a regular expression takes more steps than the host allows
 * @throws {JavaRegexError} when a variable is to be a regular expression and is none
 */
export type Test = (flow: Flow) => boolean;

export type Read = (flow: Flow) => Value;

/** Whether two values compare as an operator says; throws as a `Test` does. */
export type Compare = (left: Value, right: Value, flow: Flow) => boolean;

export type Note = (finding: Finding) => void;

/** Prepares an expression; what cannot work, such as a bad regular expression, is noted as an error. */
export function compileExpression(expression: Expression, note: Note): Test {
  switch (expression.kind) {
    case 'comparison':
      return compileComparison(expression, note);
    case 'truth':
      return compileTruth(expression);
    case 'not': {
      const operand = compileExpression(expression.operand, note);
      return (flow) => !operand(flow);
    }
    case 'and':
      return conjunction(expression.operands.map((operand) => compileExpression(operand, note)));
    case 'or':
      return disjunction(expression.operands.map((operand) => compileExpression(operand, note)));
  }
}

function conjunction(operands: readonly Test[]): Test {
  const [first, second, third] = operands;
  if (first !== undefined && second !== undefined && third === undefined) {
    return (flow) => first(flow) && second(flow);
  }
  return (flow) => {
    for (const operand of operands) if (!operand(flow)) return false;
    return true;
  };
}

function disjunction(operands: readonly Test[]): Test {
  const [first, second, third] = operands;
  if (first !== undefined && second !== undefined && third === undefined) {
    return (flow) => first(flow) || second(flow);
  }
  return (flow) => {
    for (const operand of operands) if (operand(flow)) return true;
    return false;
  };
}

/** True and the text `true` hold; nothing else does. */
export function compileTruth({ operand }: Truth): Test {
  const read = compileOperand(operand);
  return (flow) => {
    const value = read(flow);
    return value === true || value === 'true';
  };
}

export function compileOperand(operand: Operand): Read {
  switch (operand.kind) {
    case 'variable': {
      const reference = variableReference(operand.name);
      return ({ variables }) => reference.read(variables);
    }
    case 'number': {
      const value = new TypedNumber(operand.type, operand.value);
      return () => value;
    }
    case 'text': {
      const { text } = operand;
      return () => text;
    }
    case 'boolean': {
      const { value } = operand;
      return () => value;
    }
    case 'null':
      return () => null;
  }
}

function compileComparison(comparison: Comparison, note: Note): Test {
  const { operator, left, right } = comparison;
  const compared = compileOperator(comparison, note);
  if (left.kind === 'variable' && right.kind === 'text') {
    const reference = variableReference(left.name);
    const { text } = right;
    // So are three of four comparisons in published bundles.
    if (operator === 'Equals' || operator === 'NotEquals') {
      const whenEqual = operator === 'Equals';
      return (flow) => {
        const value = reference.read(flow.variables);
        return typeof value === 'string'
          ? (value === text) === whenEqual
          : compared(value, text, flow);
      };
    }
    return (flow) => compared(reference.read(flow.variables), text, flow);
  }
  const readLeft = compileOperand(left);
  const readRight = compileOperand(right);
  if (right.kind === 'number' && typeof right.value === 'number' && right.type !== 'float') {
    const asNumbers = numberTests.get(operator);
    const { value: number } = right;
    if (asNumbers !== undefined) {
      return (flow) => {
        const value = readLeft(flow);
        return typeof value === 'number'
          ? asNumbers(value, number)
          : compared(value, readRight(flow), flow);
      };
    }
  }
  return (flow) => compared(readLeft(flow), readRight(flow), flow);
}

/** What `compare` comes to for two plain numbers. */
const numberTests: ReadonlyMap<Operator, (left: number, right: number) => boolean> = new Map<
  Operator,
  (left: number, right: number) => boolean
>([
  ['Equals', (left, right) => left === right],
  ['NotEquals', (left, right) => left !== right],
  ['GreaterThan', (left, right) => left > right],
  ['GreaterThanOrEquals', (left, right) => left >= right],
  ['LesserThan', (left, right) => left < right],
  ['LesserThanOrEquals', (left, right) => left <= right],
]);

/** Prepares a comparison's operator; a literal pattern on its right is prepared here. */
export function compileOperator({ operator, right }: Comparison, note: Note): Compare {
  switch (operator) {
    case 'Equals':
    case 'NotEquals':
    case 'GreaterThan':
    case 'GreaterThanOrEquals':
    case 'LesserThan':
    case 'LesserThanOrEquals':
      return ordered(operator);
    case 'EqualsCaseInsensitive':
      return onTexts(operator, equalsIgnoringCase);
    case 'StartsWith':
      return onTexts(operator, (text, start) => text.startsWith(start));
    case 'NotStartsWith':
      return not(
        operator,
        onTexts('StartsWith', (text, start) => text.startsWith(start)),
      );
    case 'Matches':
    case 'MatchesCaseInsensitive':
    case 'JavaRegex':
    case 'MatchesPath':
      return onTexts(operator, compilePattern(operator, right, note));
    case 'NotMatches':
      return not(operator, onTexts('Matches', compilePattern('Matches', right, note)));
    case 'NotJavaRegex':
      return not(operator, onTexts('JavaRegex', compilePattern('JavaRegex', right, note)));
    case 'NotMatchesPath':
      return not(operator, onTexts('MatchesPath', compilePattern('MatchesPath', right, note)));
  }
}

function ordered(operator: ComparisonOperator): Compare {
  return (left, right) => compare(operator, left, right);
}

type CompareTexts = (left: string, right: string, flow: Flow) => boolean;

/** Sides that are no texts are compared by their texts, except messages and collections, which never match. */
function onTexts(operator: Operator, compareTexts: CompareTexts): Compare {
  return (left, right, flow) => {
    if (typeof left === 'string' && typeof right === 'string') {
      return compareTexts(left, right, flow);
    }
    const ofNull = compareNull(operator, left, right);
    if (ofNull !== undefined) return ofNull;
    const leftText = textForPattern(left);
    const rightText = textForPattern(right);
    if (leftText === undefined || rightText === undefined) return false;
    return compareTexts(leftText, rightText, flow);
  };
}

function not(operator: NegatedOperator, positive: Compare): Compare {
  return (left, right, flow) => compareNull(operator, left, right) ?? !positive(left, right, flow);
}

type Pattern = (text: string, flow: Flow) => boolean;

function compilePattern(operator: PatternOperator, right: Operand, note: Note): CompareTexts {
  if (right.kind === 'text') {
    const pattern = literalPattern(operator, right, note);
    return (text, _right, flow) => pattern(text, flow);
  }
  // A pattern in a variable seldom changes, so that the last one is worth keeping.
  let last: { readonly source: string; readonly pattern: Pattern } | undefined;
  return (text, source, flow) => {
    if (last?.source !== source) last = { source, pattern: preparePattern(operator, source) };
    return last.pattern(text, flow);
  };
}

function literalPattern(operator: PatternOperator, operand: TextOperand, note: Note): Pattern {
  const { text, start } = operand;
  if (operator === 'MatchesPath' && text === '/') {
    note({
      severity: 'info',
      code: 'condition-root-path',
      message:
        'MatchesPath "/" holds for "/" only, not for the empty path suffix of a request to the bare base path.',
      hint: 'Write (proxy.pathsuffix = "" or proxy.pathsuffix MatchesPath "/") if both are meant.',
      offset: start,
    });
  }
  const stray = operator === 'JavaRegex' ? -1 : strayEscape(text);
  if (stray >= 0) {
    note({
      severity: 'warning',
      code: 'condition-percent-sign',
      message: '"%" escapes the character behind it, so that it stands for no percent sign here.',
      hint: 'Write "%%" for a percent sign.',
      offset: start + stray,
    });
  }
  try {
    return preparePattern(operator, text);
  } catch (error) {
    if (!(error instanceof JavaRegexError)) throw error;
    const { description, position } = error;
    note(
      invalid(
        start + Math.max(position, 0),
        `This regular expression is invalid: ${description}.`,
        'Mend it as java.util.regex.Pattern demands; the expression must cover the whole value.',
      ),
    );
    return () => false;
  }
}

/** Where a `%` escapes what needs no escape; -1 if none does. */
function strayEscape(pattern: string): number {
  return pattern.replace(/%[*{}%]/g, '  ').search(/%./s);
}

/** @throws {JavaRegexError} */
function preparePattern(operator: PatternOperator, source: string): Pattern {
  switch (operator) {
    case 'Matches':
      return compileGlob(source);
    case 'MatchesCaseInsensitive': {
      const glob = compileGlob(source.toLowerCase());
      return (text) => glob(text.toLowerCase());
    }
    case 'MatchesPath':
      return compilePathPattern(source);
    case 'JavaRegex': {
      const regex = compileJavaRegex(source);
      return (text, flow) => regex.matches(text, flow.host.limits.regexSteps) !== null;
    }
  }
}
