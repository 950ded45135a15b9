import { decodeEntities, type DecodedText } from './entities.ts';
import { invalid, Refusal, type Finding } from './finding.ts';
import { isReserved, negations, operatorSymbols, operatorWords } from './operators.ts';
import type { Expression, NumberOperand, NumberType, Operand, Operator } from './syntax.ts';
import { shown, tokenAt, type Token } from './tokens.ts';

export interface ParsedCondition {
  /** Undefined when the condition is invalid, or blank and without findings. */
  readonly expression: Expression | undefined;
  /** At most one error, the last one. */
  readonly findings: readonly Finding[];
}

/** Parentheses and negations within each other; what a person writes has a handful. */
const deepestNesting = 200;

/**
 * Reads a condition ("Conditions reference"):
 *
 *     or      := and ( ("||" | OR) and )*
 *     and     := not ( ("&&" | AND) not )*
 *     not     := ("!" | NOT) not  |  primary
 *     primary := "(" or ")"  |  operand [ ["!" | NOT] operator operand ]
 *
 * A comparison binds tighter than `not`: `not a = "b"` is `not (a = "b")`. Never throws.
 */
export function parseCondition(source: string): ParsedCondition {
  const decoded = decodeEntities(source);
  return new ConditionParser(decoded).parse();
}

class ConditionParser {
  readonly #decoded: DecodedText;
  readonly #findings: Finding[] = [];
  #token: Token = { kind: 'end', text: '', start: 0, end: 0 };
  #depth = 0;
  #unclosed: number[] = [];

  constructor(decoded: DecodedText) {
    this.#decoded = decoded;
  }

  parse(): ParsedCondition {
    const { firstEntity } = this.#decoded;
    if (firstEntity !== undefined) {
      this.#findings.push({
        severity: 'warning',
        code: 'condition-escaped-twice',
        message: 'The condition holds an XML entity that XML did not decode; it is decoded here.',
        hint: 'Write the character itself inside a CDATA section, and an entity only once elsewhere.',
        offset: firstEntity,
      });
    }
    try {
      this.#advance();
      if (this.#token.kind === 'end') return { expression: undefined, findings: this.#findings };
      const expression = this.#or();
      this.#expectEnd(expression);
      this.#remarkUnclosed();
      return { expression, findings: this.#findings };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const offset = this.#decoded.sourceOffset(error.offset);
      this.#findings.push(invalid(offset, error.message, error.hint));
      return { expression: undefined, findings: this.#findings };
    }
  }

  #or(): Expression {
    return this.#junction('or', '||', () => this.#junction('and', '&&', () => this.#not()));
  }

  #junction(kind: 'and' | 'or', sign: string, operand: () => Expression): Expression {
    const first = operand();
    if (!this.#isWord(kind, sign)) return first;
    const operands = [first];
    while (this.#isWord(kind, sign)) {
      this.#advance();
      operands.push(operand());
    }
    return { kind, operands };
  }

  #not(): Expression {
    let count = 0;
    while (this.#isWord('not', '!')) {
      this.#descend();
      this.#advance();
      count += 1;
    }
    let expression = this.#primary();
    for (; count > 0; count -= 1) {
      expression = { kind: 'not', operand: expression };
      this.#depth -= 1;
    }
    return expression;
  }

  #primary(): Expression {
    if (this.#isSymbol('(')) return this.#group();
    const { start } = this.#token;
    const left = this.#operand();
    const operator = this.#operator();
    if (operator === 'null-test') {
      return { kind: 'comparison', operator: 'NotEquals', left, right: this.#operand() };
    }
    if (operator !== undefined) {
      return { kind: 'comparison', operator, left, right: this.#operand('right') };
    }
    if (left.kind === 'text' || left.kind === 'number') {
      throw new Refusal(
        start,
        `A ${left.kind} by itself is neither true nor false.`,
        'Compare it with something; do not put quotes around a whole condition.',
      );
    }
    return { kind: 'truth', operand: left };
  }

  #group(): Expression {
    const { start } = this.#token;
    this.#descend();
    this.#advance();
    const expression = this.#or();
    if (this.#isSymbol(')')) this.#advance();
    else if (this.#token.kind === 'end') this.#unclosed.push(start);
    else this.#refuseBehind(expression);
    this.#depth -= 1;
    if (operatorOf(this.#token) !== undefined) {
      throw new Refusal(
        this.#token.start,
        'What stands in parentheses is true or false and cannot be compared.',
        'Put the parentheses around the whole comparison.',
      );
    }
    return expression;
  }

  /** The operator of a comparison; `null-test` is the `not` of `a not null` and `a is not null`. */
  #operator(): Operator | 'null-test' | undefined {
    const token = this.#token;
    const operator = operatorOf(token);
    if (operator !== undefined) {
      this.#advance();
      if (operator === 'MatchesCaseInsensitive') this.#remarkUndocumented(token);
      if (operator === 'Equals' && isWordOf(token, 'is') && isWordOf(this.#token, 'not')) {
        const not = this.#token;
        this.#advance();
        if (isWordOf(this.#token, 'null')) return 'null-test';
        throw new Refusal(not.start, '"is not" stands before null only.', 'Write "IsNot" or "!=".');
      }
      return operator;
    }
    if (!this.#isWord('not', '!')) return undefined;

    this.#advance();
    if (token.kind === 'word' && isWordOf(this.#token, 'null')) return 'null-test';
    const positive = operatorOf(this.#token);
    const negated = positive === undefined ? undefined : negations.get(positive);
    if (negated === undefined) {
      throw new Refusal(
        token.start,
        `${shown(token.text)} cannot stand here.`,
        'Behind an operand it negates Matches, MatchesPath, JavaRegex and StartsWith only: write "!=" or "not (…)", or "and" before it.',
      );
    }
    this.#advance();
    return negated;
  }

  #operand(side: 'left' | 'right' = 'left'): Operand {
    const token = this.#token;
    const operand = this.#operandOf(token, side);
    this.#advance();
    return operand;
  }

  #operandOf(token: Token, side: 'left' | 'right'): Operand {
    const start = this.#decoded.sourceOffset(token.start);
    switch (token.kind) {
      case 'text':
        return { kind: 'text', text: token.text, start: this.#insideQuote(token.start) };
      case 'number':
        return numberOperand(token.text, start);
      case 'quoted-name':
        return this.#quotedName(token.text, token.start, side);
      case 'word': {
        const lower = token.text.toLowerCase();
        if (lower === 'null') return { kind: 'null', start };
        if (lower === 'true' || lower === 'false') {
          return { kind: 'boolean', value: lower === 'true', start };
        }
        if (isReserved(token.text)) break;
        return { kind: 'variable', name: token.text, start };
      }
      case 'symbol':
      case 'end':
        break;
    }
    throw new Refusal(
      token.start,
      token.kind === 'end'
        ? 'The condition ends where a variable or a value is missing.'
        : `A variable or a value is missing before ${shown(token.text)}.`,
      token.kind === 'word'
        ? `Complete the comparison; a variable of this name is written '${token.text}'.`
        : 'Complete the comparison.',
    );
  }

  #quotedName(name: string, at: number, side: 'left' | 'right'): Operand {
    if (name === '') {
      throw new Refusal(at, 'The single quotes hold no name.', 'Write "" for an empty text.');
    }
    const needsQuotes = isReserved(name) || !/^[A-Za-z_][-A-Za-z0-9_.]*$/.test(name);
    if (side === 'right' || !needsQuotes) {
      this.#findings.push({
        severity: 'warning',
        code: 'condition-single-quotes',
        message: `Single quotes enclose a variable's name: '${name}' is no text.`,
        hint: `Write "${name}" in double quotes if the text is meant.`,
        offset: this.#decoded.sourceOffset(at),
      });
    }
    return { kind: 'variable', name, start: this.#insideQuote(at) };
  }

  #insideQuote(at: number): number {
    return this.#decoded.sourceOffset(at + 1);
  }

  #expectEnd(expression: Expression): void {
    if (this.#isSymbol(')')) {
      throw new Refusal(
        this.#token.start,
        'This parenthesis closes nothing.',
        'Remove it, or open it.',
      );
    }
    if (this.#token.kind !== 'end') this.#refuseBehind(expression);
  }

  /** What stands behind a complete expression must connect it with another one. */
  #refuseBehind(expression: Expression): never {
    const token = this.#token;
    if (token.kind === 'word' && endsInVariable(expression)) {
      throw new Refusal(
        token.start,
        `Unknown operator ${shown(token.text)}.`,
        meantOperators.get(token.text.toLowerCase()) ??
          'Use an operator of the "Conditions reference", such as =, !=, Matches or MatchesPath.',
      );
    }
    throw new Refusal(
      token.start,
      `An operator is missing before ${shown(token.text)}.`,
      'Connect two comparisons with "and" or "or"; put a text into double quotes.',
    );
  }

  #remarkUnclosed(): void {
    // The innermost one was noted first.
    const offset = this.#unclosed.at(-1);
    if (offset === undefined) return;
    this.#findings.push({
      severity: 'warning',
      code: 'condition-unclosed-parenthesis',
      message:
        this.#unclosed.length === 1
          ? 'This parenthesis is never closed; the end of the condition closes it.'
          : `${this.#unclosed.length} parentheses from here on are never closed; the end of the condition closes them.`,
      hint: 'Close it where it should end.',
      offset: this.#decoded.sourceOffset(offset),
    });
  }

  #remarkUndocumented(token: Token): void {
    this.#findings.push({
      severity: 'warning',
      code: 'condition-undocumented-operator',
      message: 'Apigee documents no operator ":~"; it is read as Matches whatever the case.',
      hint: 'Write JavaRegex with "(?i)".',
      offset: this.#decoded.sourceOffset(token.start),
    });
  }

  #descend(): void {
    this.#depth += 1;
    if (this.#depth > deepestNesting) {
      throw new Refusal(
        this.#token.start,
        `Parentheses and negations are nested deeper than ${deepestNesting}.`,
        'Split the condition.',
      );
    }
  }

  #advance(): void {
    this.#token = tokenAt(this.#decoded.text, this.#token.end);
  }

  #isSymbol(text: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === text;
  }

  #isWord(word: string, sign: string): boolean {
    return isWordOf(this.#token, word) || this.#isSymbol(sign);
  }
}

function isWordOf(token: Token, word: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === word;
}

function operatorOf(token: Token): Operator | undefined {
  if (token.kind === 'word') return operatorWords.get(token.text.toLowerCase());
  return token.kind === 'symbol' ? operatorSymbols.get(token.text) : undefined;
}

/** Whether a word behind the expression stands where an operator could. */
function endsInVariable(expression: Expression): boolean {
  switch (expression.kind) {
    case 'truth':
      return true;
    case 'comparison':
      return false;
    case 'not':
      return endsInVariable(expression.operand);
    case 'and':
    case 'or': {
      const last = expression.operands.at(-1);
      return last !== undefined && endsInVariable(last);
    }
  }
}

/** Operators of other languages, with what to write instead. */
const meantOperators: ReadonlyMap<string, string> = new Map([
  ['lessthan', 'Write "LesserThan".'],
  ['lessthanorequals', 'Write "LesserThanOrEquals".'],
  ['equal', 'Write "Equals".'],
  ['eq', 'Write "Equals".'],
  ['ne', 'Write "NotEquals".'],
  ['gt', 'Write "GreaterThan".'],
  ['lt', 'Write "LesserThan".'],
  ['isnull', 'Write "= null".'],
  ['notnull', 'Write "!= null".'],
  ['isnotnull', 'Write "!= null".'],
  ['equalsignorecase', 'Write "EqualsCaseInsensitive".'],
  ['contains', 'Write Matches "*…*".'],
  ['endswith', 'Write Matches "*…".'],
  ['startwith', 'Write "StartsWith".'],
  ['match', 'Write "Matches".'],
  ['matchpath', 'Write "MatchesPath".'],
  ['matchespaths', 'Write "MatchesPath".'],
  ['regex', 'Write "JavaRegex".'],
  ['notmatches', 'Write "not Matches".'],
  ['notlike', 'Write "not Matches".'],
  ['in', 'Compare with each value, and connect the comparisons with "or".'],
]);

const numberTypes: ReadonlyMap<string, NumberType> = new Map<string, NumberType>([
  ['f', 'float'],
  ['d', 'double'],
  ['l', 'long'],
]);

function numberOperand(text: string, start: number): NumberOperand {
  const suffix = numberTypes.get(text.slice(-1).toLowerCase());
  const digits = suffix === undefined ? text : text.slice(0, -1);
  const value = digits.includes('.') ? Number(digits) : wholeNumber(digits);
  const type = suffix ?? (digits.includes('.') ? 'double' : integerType(value));
  switch (type) {
    case 'float':
      return { kind: 'number', type, value: Math.fround(Number(digits)), text, start };
    case 'double':
      return { kind: 'number', type, value: Number(digits), text, start };
    case 'integer':
    case 'long':
      return { kind: 'number', type, value, text, start };
  }
}

function wholeNumber(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

function integerType(value: number | bigint): NumberType {
  return value >= -(2 ** 31) && value < 2 ** 31 ? 'integer' : 'long';
}
