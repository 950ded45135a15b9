import { complement, type CharacterSet } from './character-set.ts';
import type { PatternReader } from './pattern-reader.ts';
import {
  isPosix,
  namedProperty,
  posixUnicodeProperty,
  unicodeBinaryProperty,
  unicodeBlock,
  unicodeScript,
} from './unicode-property.ts';

/** Reads `\p{...}` or `\pL`; the cursor stands on the `p`. */
export function readProperty(reader: PatternReader, negated: boolean): CharacterSet {
  let name: string;
  if (reader.next() === 0x7b) {
    reader.next();
    name = readBracedName(reader);
  } else {
    name = String.fromCodePoint(reader.at(reader.cursor));
    reader.read();
  }
  const set = findProperty(name, reader);
  if (negated || !isPosix(name)) reader.stepsByCodePoint = true;
  return negated ? complement(set) : set;
}

function readBracedName(reader: PatternReader): string {
  const start = reader.cursor;
  for (;;) {
    if (reader.cursor >= reader.length) {
      reader.cursor = reader.length + 1;
      throw reader.error('Unclosed character family');
    }
    if (reader.read() === 0x7d) break;
  }
  if (start + 1 >= reader.cursor) throw reader.error('Empty character family');
  return reader.slice(start, reader.cursor - 1);
}

function findProperty(name: string, reader: PatternReader): CharacterSet {
  const { ignoreCase, unicodeClass } = reader.flags;
  const equals = name.indexOf('=');
  if (equals >= 0) {
    const key = name.slice(0, equals).toLowerCase();
    const value = name.slice(equals + 1);
    const set = findKeyedProperty(key, value, ignoreCase, reader);
    if (set !== undefined) return set;
    throw reader.error(`Unknown Unicode property {name=<${key}>, value=<${value}>}`);
  }
  if (name.startsWith('In')) return blockOrError(name.slice(2), reader);
  if (name.startsWith('Is')) {
    const rest = name.slice(2);
    const set = unicodeBinaryProperty(rest, ignoreCase) ?? namedProperty(rest, ignoreCase);
    return set ?? scriptOrError(rest, reader);
  }
  const posix = unicodeClass ? posixUnicodeProperty(name, ignoreCase) : undefined;
  const set = posix ?? namedProperty(name, ignoreCase);
  if (set !== undefined) return set;
  throw reader.error(`Unknown character property name {${name}}`);
}

function findKeyedProperty(
  key: string,
  value: string,
  ignoreCase: boolean,
  reader: PatternReader,
): CharacterSet | undefined {
  switch (key) {
    case 'sc':
    case 'script':
      return scriptOrError(value, reader);
    case 'blk':
    case 'block':
      return blockOrError(value, reader);
    case 'gc':
    case 'general_category':
      return namedProperty(value, ignoreCase);
    default:
      return undefined;
  }
}

function scriptOrError(name: string, reader: PatternReader): CharacterSet {
  const set = unicodeScript(name);
  if (set === undefined) throw reader.error(`Unknown character script name {${name}}`);
  return set;
}

function blockOrError(name: string, reader: PatternReader): CharacterSet {
  const set = unicodeBlock(name);
  if (set === undefined) throw reader.error(`Unknown character block name {${name}}`);
  return set;
}
