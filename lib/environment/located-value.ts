import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type Node,
} from 'yaml';
import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';

/** A JSON or YAML value that knows where it stands, so that every finding can point at it. */
export type LocatedValue =
  | LocatedScalar
  | { readonly kind: 'list'; readonly items: readonly LocatedValue[]; readonly location: Location }
  | LocatedMap;

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly location: Location;
}

export interface LocatedMap {
  readonly kind: 'map';
  /** By name as written. */
  readonly entries: ReadonlyMap<string, LocatedEntry>;
  readonly location: Location;
}

export interface LocatedEntry {
  /** Where the name stands. */
  readonly location: Location;
  readonly value: LocatedValue;
}

/** Characters of one document; an environment with its 1,000 target servers stays below. */
export const longestDocument = 1024 * 1024;
/** Bounds on what one document may cost. */
export interface DocumentLimits {
  readonly characters: number;
}

const defaultLimits: DocumentLimits = { characters: longestDocument };
const deepestNesting = 64;
/** Parts of speech: each quote, comma, name and run of spaces. A thousand servers take half of it. */
const lexemesPerCharacter = 1 / 4;
/** An alias costs nothing here, but the readers walk what it stands for. */
const mostAliases = 100;

/**
 * Reads JSON or YAML text (JSON is read as the YAML subset it is). Reports what is malformed and
 * answers undefined then. Never throws, whatever the text holds.
 */
export function parseLocated(
  text: string,
  file: string,
  report: Report,
  limits: Partial<DocumentLimits> = {},
): LocatedValue | undefined {
  try {
    return readText(text, file, { ...defaultLimits, ...limits });
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const { location, message, hint } = error;
    report(diagnosticAt(location, 'error', 'malformed-document', message, hint));
    return undefined;
  }
}

/** @throws {Malformed} */
function readText(text: string, file: string, limits: DocumentLimits): LocatedValue {
  const start: Location = { file, line: 1, column: 1 };
  if (text.length > limits.characters) {
    throw new Malformed(
      start,
      `The file is longer than ${limits.characters} characters.`,
      'Split it, or name PEM files instead of holding them.',
    );
  }
  const lines = new LineCounter();
  const locate = (offset: number | undefined): Location => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parseYaml(text, lines, start, limits);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const what = problem.message.replace(/\s+/g, ' ');
    throw new Malformed(locate(problem.pos[0]), what, 'Mend the JSON or YAML syntax here.');
  }
  return readNode(document.contents, locate, start);
}

function parseYaml(
  text: string,
  lines: LineCounter,
  start: Location,
  limits: DocumentLimits,
): Document.Parsed {
  const composer = new Composer({
    // Compares every name with every other; `readNode` finds a repeated one by itself.
    uniqueKeys: false,
    logLevel: 'error',
  });
  let first: Document.Parsed | undefined;
  for (const document of composer.compose(
    tokensOf(text, lines, start, limits),
    true,
    text.length,
  )) {
    if (first !== undefined) {
      throw new Malformed(start, 'The file holds several documents.', 'Keep one of them.');
    }
    first = document;
  }
  if (first === undefined) throw new Malformed(start, 'The file is empty.', 'Write something.');
  return first;
}

/** The library's tokens, given up as soon as they nest deeper than its recursion would bear. */
function* tokensOf(
  text: string,
  lines: LineCounter,
  start: Location,
  { characters }: DocumentLimits,
): Generator<CST.Token> {
  const mostLexemes = characters * lexemesPerCharacter;
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      yield token;
      // The first error is the one that is told; collecting more can take quadratic time.
      if (token.type === 'error') return;
    }
    lexemes += 1;
    if (lexemes > mostLexemes) {
      throw new Malformed(start, 'The file holds too many values.', 'Split it.');
    }
    // A level takes at most two places on the stack; a document and a scalar one each.
    if (parser.stack.length > 2 * deepestNesting + 2) {
      throw new Malformed(start, 'The document nests too deeply.', 'Flatten it.');
    }
  }
  yield* parser.end();
}

class Malformed extends Error {
  readonly location: Location;
  readonly hint: string;

  constructor(location: Location, message: string, hint: string) {
    super(message);
    this.location = location;
    this.hint = hint;
  }
}

function readNode(
  contents: Node | null,
  locate: (offset: number | undefined) => Location,
  start: Location,
): LocatedValue {
  // What an anchor names is read once and shared, so that aliases cannot multiply memory.
  const anchors = new Map<string, LocatedValue>();
  let aliases = 0;

  function read(node: unknown, depth: number, fallback: Location): LocatedValue {
    if (isAlias(node)) {
      const location = locate(node.range?.[0]);
      aliases += 1;
      if (aliases > mostAliases) {
        throw new Malformed(
          location,
          `More than ${mostAliases} YAML aliases.`,
          'Write the values out.',
        );
      }
      const value = anchors.get(node.source);
      if (value === undefined) {
        throw new Malformed(
          location,
          `The alias "*${node.source}" stands for nothing that is complete here.`,
          'Put the anchor before its alias, and not around it.',
        );
      }
      return value;
    }
    if (isScalar(node)) return keep(node.anchor, readScalar(node.value, locate(node.range?.[0])));
    if (!isMap(node) && !isSeq(node)) return { kind: 'scalar', value: null, location: fallback };
    const location = locate(node.range?.[0]);
    if (depth >= deepestNesting) {
      throw new Malformed(location, 'The document nests too deeply.', 'Flatten it.');
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => read(item, depth + 1, location));
      return keep(node.anchor, { kind: 'list', items, location });
    }
    const entries = new Map<string, LocatedEntry>();
    for (const { key, value } of node.items) {
      const name = read(key, depth + 1, location);
      if (name.kind !== 'scalar') {
        throw new Malformed(name.location, 'A name must be plain text.', 'Use a text as name.');
      }
      const text = String(name.value);
      if (entries.has(text)) {
        throw new Malformed(name.location, `"${text}" is given twice.`, 'Remove one of them.');
      }
      const entry = read(value, depth + 1, name.location);
      entries.set(text, { location: name.location, value: entry });
    }
    return keep(node.anchor, { kind: 'map', entries, location });
  }

  function keep(anchor: string | undefined, value: LocatedValue): LocatedValue {
    if (anchor !== undefined) anchors.set(anchor, value);
    return value;
  }

  return read(contents, 0, start);
}

function readScalar(value: unknown, location: Location): LocatedScalar {
  const known =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { kind: 'scalar', value: known ? value : null, location };
}
