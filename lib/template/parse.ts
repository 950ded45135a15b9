import type {
  BareArgument,
  CallArgument,
  CallPart,
  ReferencePart,
  Span,
  TemplatePart,
} from './ast.ts';

/** How references are marked in one template. */
export interface TemplateSyntax {
  /** Not empty. */
  readonly prefix: string;
  /** Not empty; may equal the prefix. */
  readonly suffix: string;
  readonly dollarReferences: 'literal' | 'reference';
}

/** What a reader of the template should know, though it means something; calls span their name. */
export interface Remark extends Span {
  readonly kind:
    | 'dollar-before-reference'
    | 'space-in-call'
    | 'space-in-argument'
    | 'empty-argument'
    | 'nested-call'
    | 'spaced-call'
    | 'not-a-function-name';
}

export interface ParsedTemplate {
  readonly parts: readonly TemplatePart[];
  readonly remarks: readonly Remark[];
}

const nameStart = /[A-Za-z_]/;
const outsideNames = /[{}()[\],|\s]/;
const functionName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const callLike = /^[A-Za-z_][A-Za-z0-9_]*\(/;
const spacedCall = /\s+([A-Za-z_][A-Za-z0-9_]*)\(/y;
const integer = /^-?[0-9]+$/;
const space = /\s/;

/**
 * Reads a message template ("Message templates"):
 *
 *     template := ( literal | "{" expr "}" )*
 *     expr     := variable [ ":" default ]  |  function "(" args ")"
 *     args     := empty | arg ("," arg)*
 *     arg      := 'quoted literal'  |  variable[:default]  |  bare text
 *
 * Every text is a template: a brace that opens no well-formed expression is a literal brace, and
 * scanning goes on behind it. That is what lets JSON stand unescaped in a payload.
 */
export function parseTemplate(source: string, syntax: TemplateSyntax): ParsedTemplate {
  const { prefix } = syntax;
  const parts: TemplatePart[] = [];
  const remarks: Remark[] = [];
  let text = '';
  let textStart = 0;
  let copied = 0;
  let at = 0;

  const endText = (end: number): void => {
    text += source.slice(copied, end);
    if (end > textStart) parts.push({ kind: 'text', start: textStart, end, text });
    text = '';
  };

  for (;;) {
    const open = source.indexOf(prefix, at);
    if (open === -1) break;
    const before = open > copied ? source[open - 1] : undefined;
    if (before === '\\' && prefix === '{') {
      text += source.slice(copied, open - 1);
      copied = open;
      at = open + 1;
      continue;
    }
    const found = readExpression(source, open, syntax, remarks);
    if (found === undefined) {
      at = open + 1;
      continue;
    }
    let part = found;
    if (before === '$' && syntax.dollarReferences === 'reference') {
      part = { ...found, start: open - 1 };
      remarks.push({ kind: 'dollar-before-reference', start: open - 1, end: found.end });
    }
    endText(part.start);
    parts.push(part);
    at = copied = textStart = part.end;
  }
  endText(source.length);
  return { parts, remarks };
}

/** The expression whose prefix stands at `open`, or undefined if that prefix is literal text. */
function readExpression(
  source: string,
  open: number,
  syntax: TemplateSyntax,
  remarks: Remark[],
): ReferencePart | CallPart | undefined {
  const { prefix, suffix } = syntax;
  const start = open + prefix.length;
  if (!nameStart.test(source.charAt(start))) {
    spacedCall.lastIndex = start;
    const [, spaced] = spacedCall.exec(source) ?? [];
    if (spaced !== undefined) {
      const end = spacedCall.lastIndex - 1;
      remarks.push({ kind: 'spaced-call', start: end - spaced.length, end });
    }
    return undefined;
  }

  let at = start;
  for (; at < source.length; at += 1) {
    if (source.startsWith(suffix, at) || source.startsWith(prefix, at)) break;
    const character = source.charAt(at);
    if (character === ':' || outsideNames.test(character)) break;
  }
  const name = source.slice(start, at);

  if (source.startsWith(suffix, at)) {
    return { kind: 'reference', start: open, end: at + suffix.length, name, fallback: undefined };
  }
  if (source[at] === ':') {
    const end = endOfFallback(source, at + 1, syntax);
    if (end === undefined) return undefined;
    const fallback = source.slice(at + 1, end);
    return { kind: 'reference', start: open, end: end + suffix.length, name, fallback };
  }
  if (source[at] !== '(') return undefined;

  const call = readArguments(source, at + 1, syntax);
  if (call === undefined || !source.startsWith(suffix, call.end)) return undefined;
  if (!functionName.test(name)) {
    remarks.push({ kind: 'not-a-function-name', start, end: at });
    return undefined;
  }
  remarks.push(...call.remarks);
  return {
    kind: 'call',
    start: open,
    end: call.end + suffix.length,
    name,
    nameStart: start,
    arguments: call.arguments,
  };
}

/**
 * Where the suffix stands that ends a fallback. One that begins with white space is none, so that
 * `{text-align: center;}` in a style sheet stays as it is.
 */
function endOfFallback(
  source: string,
  start: number,
  { prefix, suffix }: TemplateSyntax,
): number | undefined {
  if (space.test(source.charAt(start))) return undefined;
  for (let at = start; at < source.length; at += 1) {
    if (source.startsWith(suffix, at)) return at;
    if (source.startsWith(prefix, at)) return undefined;
  }
  return undefined;
}

interface ArgumentList {
  readonly arguments: readonly CallArgument[];
  readonly remarks: readonly Remark[];
  /** Behind the closing parenthesis. */
  readonly end: number;
}

function readArguments(
  source: string,
  start: number,
  syntax: TemplateSyntax,
): ArgumentList | undefined {
  const list: CallArgument[] = [];
  const remarks: Remark[] = [];
  const skipSpace = (from: number): number => {
    let to = from;
    while (space.test(source.charAt(to))) to += 1;
    if (to > from) remarks.push({ kind: 'space-in-call', start: from, end: to });
    return to;
  };

  let at = skipSpace(start);
  if (source[at] === ')') return { arguments: list, remarks, end: at + 1 };
  for (;;) {
    const argument =
      source[at] === "'" ? readQuoted(source, at) : readBare(source, at, syntax, remarks);
    if (argument === undefined) return undefined;
    list.push(argument);
    at = skipSpace(argument.end);
    if (source[at] === ')') return { arguments: list, remarks, end: at + 1 };
    if (source[at] !== ',') return undefined;
    at = skipSpace(at + 1);
  }
}

function readQuoted(source: string, start: number): CallArgument | undefined {
  const close = source.indexOf("'", start + 1);
  if (close === -1) return undefined;
  return { kind: 'quoted', start, end: close + 1, text: source.slice(start + 1, close) };
}

/** Up to the comma or parenthesis that ends the argument; parentheses inside it are balanced. */
function readBare(
  source: string,
  start: number,
  { prefix, suffix }: TemplateSyntax,
  remarks: Remark[],
): CallArgument | undefined {
  let depth = 0;
  let at = start;
  for (; at < source.length; at += 1) {
    if (source.startsWith(suffix, at) || source.startsWith(prefix, at)) return undefined;
    const character = source.charAt(at);
    if (character === '(') depth += 1;
    else if (character === ')') {
      if (depth === 0) break;
      depth -= 1;
    } else if (character === ',' && depth === 0) break;
  }
  if (at === source.length) return undefined;

  const text = source.slice(start, at).trimEnd();
  const end = start + text.length;
  const span = { start, end };
  if (text === '') {
    remarks.push({ kind: 'empty-argument', ...span });
    return { kind: 'quoted', ...span, text };
  }
  if (integer.test(text)) return { kind: 'integer', ...span, text };
  if (text === 'true' || text === 'false') return { kind: 'boolean', ...span, text };
  if (callLike.test(text)) remarks.push({ kind: 'nested-call', ...span });
  else if (space.test(text)) remarks.push({ kind: 'space-in-argument', ...span });
  return bareArgument(text, span);
}

function bareArgument(text: string, span: Span): BareArgument {
  const colon = text.indexOf(':');
  const [name, fallback] =
    colon > 0 ? [text.slice(0, colon), text.slice(colon + 1)] : [text, undefined];
  return { kind: 'bare', ...span, text, name, fallback };
}
