import { readCondition } from './filter-syntax.ts';
import { readJson } from './literal.ts';
import { Reader, unescape } from './reader.ts';
import type { Parameter, Path, Step } from './syntax.ts';

/**
 * Reads a path as Jayway JsonPath does: what does not begin with `$` or `@` is read as if `$.`
 * stood before it.
 *
 * @throws {JsonPathError}
 */
export function parsePath(source: string): Path {
  const text = source.replace(/^ +| +$/g, '');
  const blanks = source.search(/[^ ]|$/);
  if (text === '') new Reader(source).fail('the path is empty');
  const prefix = text.startsWith('$') || text.startsWith('@') ? '' : '$.';
  return readPath(new Reader(prefix + text, prefix.length - blanks));
}

/** The whole span of the reader as one path. */
function readPath(reader: Reader): Path {
  const origin = reader.current;
  if (origin !== '$' && origin !== '@') reader.fail("a path starts with '$' or '@'");
  if (reader.at(reader.end - 1) === '.') {
    reader.fail("a path does not end with '.'", reader.end - 1);
  }
  const steps: Step[] = [];
  if (reader.position === reader.end - 1) return { origin, steps };
  reader.position++;
  if (reader.current !== '.' && reader.current !== '[') reader.fail("expected '.' or '[' here");
  while (reader.position < reader.end) {
    readStep(reader, steps);
    // Jayway leaves a single character behind a step unread: `$.a[0]]` is `$.a[0]`.
    if (reader.position === reader.end - 1) break;
  }
  return { origin, steps };
}

function readStep(reader: Reader, steps: Step[]): void {
  if (reader.slice(reader.position, reader.position + 2) === '..') {
    steps.push({ kind: 'scan' });
    reader.position += 2;
  } else if (reader.current === '.') reader.position++;
  switch (reader.current) {
    case '[':
      steps.push(readBracket(reader));
      break;
    case '*':
      reader.position++;
      steps.push({ kind: 'wildcard' });
      break;
    case '.':
      reader.fail("'.' is not expected here");
    default:
      steps.push(readNameOrFunction(reader));
  }
}

function readNameOrFunction(reader: Reader): Step {
  const start = reader.position;
  while (reader.current !== '' && !' .[('.includes(reader.current)) reader.position++;
  const name = reader.slice(start, reader.position);
  if (reader.current === ' ') {
    reader.fail("a name with blanks is written in brackets: ['my name']");
  }
  if (reader.current !== '(') {
    if (name === '') reader.fail('expected a name');
    return { kind: 'names', names: [name] };
  }
  const close = reader.closingBracket(reader.position, ')', '"');
  if (close === -1) reader.fail('the parameters of this function are not closed');
  const parameters = readParameters(reader.within(reader.position + 1, close));
  // Jayway goes on at the ')' of `f()`, so that what follows is a name beginning with it: it finds nothing.
  const isEmpty = reader.at(close - 1) === '(';
  reader.position = isEmpty && close < reader.end - 1 ? close : close + 1;
  return { kind: 'function', name, parameters };
}

/** Parameters are JSON values or paths; Jayway passes over anything else. */
function readParameters(reader: Reader): readonly Parameter[] {
  const parameters: Parameter[] = [];
  while (reader.position < reader.end) {
    const start = reader.position;
    const end = endOfParameter(reader);
    const parameter = reader.within(start, end);
    while (parameter.current !== '' && ' \t\r\n'.includes(parameter.current)) parameter.position++;
    if (/[{"\-0-9]/.test(parameter.current)) {
      parameters.push({ kind: 'json', value: readJson(parameter) });
    } else if (/[$@]/.test(parameter.current)) {
      parameters.push({ kind: 'path', path: readPath(parameter) });
    }
    reader.position = end + 1;
  }
  return parameters;
}

function endOfParameter(reader: Reader): number {
  const closers: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };
  let at = reader.position;
  for (; at < reader.end && reader.at(at) !== ','; at++) {
    const character = reader.at(at);
    const closer = closers[character];
    if (character === ']' || character === '}') reader.fail(`'${character}' closes nothing`, at);
    let close = at;
    if (character === '"') close = reader.closingQuote(at, '"');
    else if (closer !== undefined) close = reader.closingBracket(at, closer, '"');
    if (close === -1) reader.fail(`'${character}' is not closed`, at);
    at = close;
  }
  return at;
}

function readBracket(reader: Reader): Step {
  const first = reader.significant(reader.position + 1);
  const character = reader.at(first);
  if (character === "'" || character === '"') return readNames(reader, character);
  if (/[-:0-9]/.test(character)) return readPositions(reader);
  if (character === '*') {
    const close = reader.significant(first + 1);
    if (reader.at(close) !== ']') reader.fail("expected ']' after '*'", close);
    reader.position = close + 1;
    return { kind: 'wildcard' };
  }
  if (character === '?') return readFilter(reader, first);
  if (character === '(') return readScript(reader, first);
  return reader.fail("expected a quoted name, a number, '*' or '?(' in these brackets", first);
}

function readNames(reader: Reader, quote: string): Step {
  const names: string[] = [];
  let at = reader.position + 1;
  for (;;) {
    const open = reader.significant(at);
    if (reader.at(open) !== quote) reader.fail(`expected a name in ${quote}`, open);
    const close = reader.closingQuote(open, quote);
    if (close === -1) reader.fail('this name is not closed', open);
    const name = unescape(reader.slice(open + 1, close));
    names.push(name ?? reader.fail('\\u needs four hexadecimal digits', open));
    const next = reader.significant(close + 1);
    at = next + 1;
    if (reader.at(next) === ']') break;
    if (reader.at(next) !== ',') reader.fail("expected ',' or ']' after the name", next);
  }
  reader.position = at;
  return { kind: 'names', names };
}

function readPositions(reader: Reader): Step {
  const start = reader.position + 1;
  const close = reader.text.indexOf(']', start);
  if (close === -1 || close >= reader.end) reader.fail("this '[' is not closed");
  const text = reader.slice(start, close).trim();
  reader.position = close + 1;
  if (!text.includes(':')) {
    return {
      kind: 'indexes',
      indexes: text.split(/\s*,\s*/).map((index) => integer(reader, index, start)),
    };
  }
  // A third part, the step of other dialects, is read by nobody.
  const [from = '', to = ''] = text.split(':');
  if ((from === '' && to === '') || !/^[-:0-9]*$/.test(text)) {
    reader.fail('a slice is [from:to], one of which may be left out', start);
  }
  return {
    kind: 'slice',
    from: from === '' ? undefined : integer(reader, from, start),
    to: to === '' ? undefined : integer(reader, to, start),
  };
}

function integer(reader: Reader, text: string, at: number): number {
  const value = /^-?\d{1,10}$/.test(text) ? Number(text) : NaN;
  // The range of a Java int.
  if (!(value >= -(2 ** 31) && value < 2 ** 31)) reader.fail(`'${text}' is not an index`, at);
  return value;
}

function readFilter(reader: Reader, questionMark: number): Step {
  const open = reader.significant(questionMark + 1);
  if (reader.at(open) !== '(') reader.fail("expected '(' after '?'", open);
  const close = reader.closingBracket(open, ')', '\'"/');
  if (close === -1) reader.fail('this filter is not closed', open);
  const closeBracket = reader.significant(close + 1);
  if (reader.at(closeBracket) !== ']') reader.fail("expected ']' after the filter", closeBracket);
  const condition = readCondition(reader.within(open, close + 1), readPath);
  reader.position = closeBracket + 1;
  return { kind: 'filter', condition };
}

/** `[(@.length-1)]`, the one script that Jayway 2.0 and its elders knew; `[-1]` has replaced it. */
function readScript(reader: Reader, open: number): Step {
  const script = /^\[\s*\(\s*@\.length(?:\(\))?\s*-\s*(\d{1,9})\s*\)\s*\]/.exec(
    reader.slice(reader.position, reader.end),
  );
  const back = Number(script?.[1] ?? 0);
  if (script === null || back === 0) {
    reader.fail('the only script is (@.length-N), N from 1 on', open);
  }
  reader.position += script[0].length;
  return { kind: 'indexes', indexes: [-back] };
}
