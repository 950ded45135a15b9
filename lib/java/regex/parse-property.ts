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
    const set = findKeyedProperty(key, value, ignoreCase);
    if (set !== undefined) return set;
    throw reader.error(`Unknown Unicode property {name=<${key}>, value=<${value}>}`);
  }
  const set = findNamedProperty(name, ignoreCase, unicodeClass);
  if (set !== undefined) return set;
  throw reader.error(`Unknown character property name {${name}}`);
}

function findNamedProperty(
  name: string,
  ignoreCase: boolean,
  unicodeClass: boolean,
): CharacterSet | undefined {
  const rest = name.slice(2);
  if (name.startsWith('In')) return unicodeBlock(rest);
  if (name.startsWith('Is')) {
    return (
      unicodeBinaryProperty(rest, ignoreCase) ??
      namedProperty(rest, ignoreCase) ??
      unicodeScript(rest)
    );
  }
  const posix = unicodeClass ? posixUnicodeProperty(name, ignoreCase) : undefined;
  return posix ?? namedProperty(name, ignoreCase);
}

function findKeyedProperty(
  key: string,
  value: string,
  ignoreCase: boolean,
): CharacterSet | undefined {
  switch (key) {
    case 'sc':
    case 'script':
      return unicodeScript(value);
    case 'blk':
    case 'block':
      return unicodeBlock(value);
    case 'gc':
    case 'general_category':
      return namedProperty(value, ignoreCase);
    default:
      return undefined;
  }
}
