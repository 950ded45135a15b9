import { compileJavaRegex } from '../java/regex/java-regex.ts';
import { decimalText, numberOf, readJson, readString } from './literal.ts';
import type { Reader } from './reader.ts';
import { operatorOf, type Condition, type Operand, type Operator, type Path } from './syntax.ts';

type ReadPath = (reader: Reader) => Path;

/** `(...)` of a filter, the whole span of the reader. `readPath` reads a span that holds one path. */
export function readCondition(reader: Reader, readPath: ReadPath): Condition {
  const condition = readOr(reader, readPath);
  reader.skipBlanks();
  if (reader.position < reader.end) {
    reader.fail('expected an operator, && or ||, or the end of the filter');
  }
  return condition;
}

// or         = and { '||' and }
// and        = operand { '&&' operand }
// operand    = '!' operand | '(' or ')' | comparison
// comparison = value [ operator value ]

function readOr(reader: Reader, readPath: ReadPath): Condition {
  const conditions = [readAnd(reader, readPath)];
  while (accept(reader, '||')) conditions.push(readAnd(reader, readPath));
  const [only, ...more] = conditions;
  return only !== undefined && more.length === 0 ? only : { kind: 'or', conditions };
}

function readAnd(reader: Reader, readPath: ReadPath): Condition {
  const conditions = [readOperand(reader, readPath)];
  while (accept(reader, '&&')) conditions.push(readOperand(reader, readPath));
  const [only, ...more] = conditions;
  return only !== undefined && more.length === 0 ? only : { kind: 'and', conditions };
}

function readOperand(reader: Reader, readPath: ReadPath): Condition {
  reader.skipBlanks();
  const start = reader.position;
  if (reader.current === '(') {
    const inner = reader.within(start + 1, reader.end);
    const condition = readOr(inner, readPath);
    inner.skipBlanks();
    if (inner.current !== ')') inner.fail("expected ')'");
    reader.position = inner.position + 1;
    return condition;
  }
  if (reader.current === '!' && !isOrigin(reader.at(reader.significant(start + 1)))) {
    const inner = reader.within(start + 1, reader.end);
    const condition = readOperand(inner, readPath);
    reader.position = inner.position;
    return { kind: 'not', condition };
  }
  return readComparison(reader, readPath);
}

function readComparison(reader: Reader, readPath: ReadPath): Condition {
  const left = readValue(reader, readPath);
  if (endsHere(reader)) {
    if (left.kind !== 'path') reader.fail('expected an operator: only a path can stand alone');
    return { kind: 'exists', path: left.path, expected: !left.negated };
  }
  const operator = readOperator(reader);
  return { kind: 'comparison', left, operator, right: readValue(reader, readPath) };
}

function endsHere(reader: Reader): boolean {
  const next = reader.significant(reader.position);
  return ['', ')', '&', '|'].includes(reader.at(next));
}

function readOperator(reader: Reader): Operator {
  reader.skipBlanks();
  const start = reader.position;
  const isSign = isComparisonSign(reader.current);
  while (
    reader.current !== '' &&
    (isSign ? isComparisonSign(reader.current) : reader.current !== ' ')
  ) {
    reader.position++;
  }
  const text = reader.slice(start, reader.position);
  return operatorOf(text) ?? reader.fail(`'${text}' is not an operator`, start);
}

function isOrigin(character: string): boolean {
  return character === '$' || character === '@';
}

function isComparisonSign(character: string): boolean {
  return character !== '' && '<>=~!'.includes(character);
}

function readValue(reader: Reader, readPath: ReadPath): Operand {
  reader.skipBlanks();
  const negated = reader.current === '!';
  if (negated) {
    reader.position = reader.significant(reader.position + 1);
    if (!isOrigin(reader.current)) reader.fail("expected a path after '!'");
  }
  switch (reader.current) {
    case '$':
    case '@':
      return { kind: 'path', path: readInnerPath(reader, readPath), negated };
    case "'":
    case '"':
      return { kind: 'scalar', value: readString(reader) };
    case '[':
    case '{':
      return { kind: 'json', value: readJson(reader) };
    case '/':
      return readRegex(reader);
    default:
      return readScalar(reader);
  }
}

/** A path in a filter ends before a blank, a comparison sign or the filter's own `)`. */
function readInnerPath(reader: Reader, readPath: ReadPath): Path {
  const start = reader.position;
  while (reader.current !== '') {
    if (reader.current === '[') {
      const close = reader.closingBracket(reader.position, ']', '\'"');
      if (close === -1) reader.fail("this '[' is not closed");
      reader.position = close + 1;
      continue;
    }
    if (reader.current === ' ' || isComparisonSign(reader.current)) break;
    if (reader.current === ')' && !closesFunction(reader, start)) break;
    reader.position++;
  }
  return readPath(reader.within(start, reader.position));
}

function closesFunction(reader: Reader, start: number): boolean {
  const text = reader.slice(start, reader.position).trimEnd();
  return text.endsWith('(') && text.includes('.');
}

function readRegex(reader: Reader): Operand {
  const open = reader.position;
  const close = reader.closingQuote(open, '/');
  if (close === -1) reader.fail('this regular expression is not closed');
  let end = close + 1;
  while ('dixmsuU'.includes(reader.at(end)) && reader.at(end) !== '') end++;
  reader.position = end;
  const source = reader.slice(open + 1, close);
  try {
    return { kind: 'regex', regex: compileJavaRegex(source, reader.slice(close + 1, end)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return reader.fail(`this regular expression does not compile: ${reason}`, open);
  }
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function readScalar(reader: Reader): Operand {
  for (const [word, value] of words) {
    if (accept(reader, word)) return { kind: 'scalar', value };
  }
  const start = reader.position;
  while (/[-.0-9eE]/.test(reader.current)) reader.position++;
  const text = reader.slice(start, reader.position);
  const value = numberOf(text);
  if (value !== undefined) return { kind: 'number', value, text: decimalText(text) };
  return reader.fail('expected a path, a string, a number, a list or a regular expression', start);
}

function accept(reader: Reader, sign: string): boolean {
  const start = reader.significant(reader.position);
  if (reader.slice(start, Math.min(reader.end, start + sign.length)) !== sign) return false;
  reader.position = start + sign.length;
  return true;
}
