import { complement, rangeSet, setOf, union, type CharacterSet } from './character-set.ts';
import * as predefined from './predefined-set.ts';
import { unicodeBlocks } from './unicode-block.ts';

const generalCategories =
  'Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf L M N Z C P S'.split(
    ' ',
  );

/** Sets by name, built on first use. */
type SetTable = ReadonlyMap<string, () => CharacterSet>;

const ascii = rangeSet(0, 127);
const anyCase = setOf(/^[\p{Lu}\p{Ll}\p{Lt}]$/u);
const asciiOf = (expression: RegExp) => (): CharacterSet => setOf(expression);

const named: SetTable = new Map<string, () => CharacterSet>([
  ...generalCategories.map((name): [string, () => CharacterSet] => [
    name,
    () => setOf(new RegExp(`^\\p{${name}}$`, 'u')),
  ]),
  ['LC', () => anyCase],
  ['LD', asciiOf(/^[\p{L}\p{Nd}]$/u)],
  ['L1', () => rangeSet(0, 0xff)],
  ['all', () => predefined.everyCharacter],
  ['ASCII', () => ascii],
  ['Alnum', asciiOf(/^[A-Za-z0-9]$/)],
  ['Alpha', asciiOf(/^[A-Za-z]$/)],
  ['Blank', asciiOf(/^[ \t]$/)],
  ['Cntrl', () => union(rangeSet(0, 31), rangeSet(127, 127))],
  ['Digit', () => predefined.digits],
  ['Graph', () => rangeSet(0x21, 0x7e)],
  ['Lower', () => rangeSet(0x61, 0x7a)],
  ['Print', () => rangeSet(0x20, 0x7e)],
  ['Punct', asciiOf(/^[!-/:-@[-`{-~]$/)],
  ['Space', () => predefined.spaces],
  ['Upper', () => rangeSet(0x41, 0x5a)],
  ['XDigit', asciiOf(/^[0-9A-Fa-f]$/)],
  ['javaLowerCase', asciiOf(/^\p{Lowercase}$/u)],
  ['javaUpperCase', asciiOf(/^\p{Uppercase}$/u)],
  ['javaAlphabetic', asciiOf(/^\p{Alphabetic}$/u)],
  ['javaIdeographic', asciiOf(/^\p{Ideographic}$/u)],
  ['javaTitleCase', asciiOf(/^\p{Lt}$/u)],
  ['javaDigit', () => predefined.unicodeDigits],
  ['javaDefined', asciiOf(/^\P{Cn}$/u)],
  ['javaLetter', asciiOf(/^\p{L}$/u)],
  ['javaLetterOrDigit', asciiOf(/^[\p{L}\p{Nd}]$/u)],
  ['javaJavaIdentifierStart', asciiOf(/^[\p{L}\p{Nl}\p{Sc}\p{Pc}]$/u)],
  [
    'javaJavaIdentifierPart',
    asciiOf(/^[\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mc}\p{Mn}\p{Cf}\0-\x08\x0e-\x1b\x7f-\x9f]$/u),
  ],
  ['javaUnicodeIdentifierStart', asciiOf(/^\p{ID_Start}$/u)],
  ['javaUnicodeIdentifierPart', asciiOf(/^[\p{ID_Continue}\p{Cf}\0-\x08\x0e-\x1b\x7f-\x9f]$/u)],
  ['javaIdentifierIgnorable', asciiOf(/^[\p{Cf}\0-\x08\x0e-\x1b\x7f-\x9f]$/u)],
  ['javaSpaceChar', asciiOf(/^[\p{Zs}\p{Zl}\p{Zp}]$/u)],
  [
    'javaWhitespace',
    () => {
      const separators = setOf(/^[\p{Zs}\p{Zl}\p{Zp}\t-\r\x1c-\x1f]$/u);
      const noBreak = setOf(/^[\xa0\u2007\u202f]$/u);
      return (codePoint) => separators(codePoint) && !noBreak(codePoint);
    },
  ],
  ['javaISOControl', asciiOf(/^[\0-\x1f\x7f-\x9f]$/u)],
  ['javaMirrored', asciiOf(/^\p{Bidi_Mirrored}$/u)],
]);

const unassigned = setOf(/^\p{Cn}$/u);

const binary: SetTable = new Map<string, () => CharacterSet>([
  ['ALPHABETIC', asciiOf(/^\p{Alphabetic}$/u)],
  ['ASSIGNED', () => complement(unassigned)],
  ['CONTROL', asciiOf(/^\p{Cc}$/u)],
  ['DIGIT', () => predefined.unicodeDigits],
  ['HEXDIGIT', asciiOf(/^[\p{Nd}0-9A-Fa-f\uff10-\uff19\uff21-\uff26\uff41-\uff46]$/u)],
  ['HEX_DIGIT', asciiOf(/^[\p{Nd}0-9A-Fa-f\uff10-\uff19\uff21-\uff26\uff41-\uff46]$/u)],
  ['IDEOGRAPHIC', asciiOf(/^\p{Ideographic}$/u)],
  ['JOINCONTROL', asciiOf(/^\p{Join_Control}$/u)],
  ['JOIN_CONTROL', asciiOf(/^\p{Join_Control}$/u)],
  ['LETTER', asciiOf(/^\p{L}$/u)],
  ['LOWERCASE', asciiOf(/^\p{Lowercase}$/u)],
  ['NONCHARACTERCODEPOINT', asciiOf(/^\p{Noncharacter_Code_Point}$/u)],
  ['NONCHARACTER_CODE_POINT', asciiOf(/^\p{Noncharacter_Code_Point}$/u)],
  ['TITLECASE', asciiOf(/^\p{Lt}$/u)],
  ['PUNCTUATION', asciiOf(/^\p{P}$/u)],
  ['UPPERCASE', asciiOf(/^\p{Uppercase}$/u)],
  ['WHITESPACE', () => predefined.unicodeSpaces],
  ['WHITE_SPACE', () => predefined.unicodeSpaces],
  ['WORD', () => predefined.unicodeWordCharacters],
]);

const posixUnicode: SetTable = new Map<string, () => CharacterSet>([
  ['ALPHA', asciiOf(/^\p{Alphabetic}$/u)],
  ['LOWER', asciiOf(/^\p{Lowercase}$/u)],
  ['UPPER', asciiOf(/^\p{Uppercase}$/u)],
  ['SPACE', () => predefined.unicodeSpaces],
  ['PUNCT', asciiOf(/^\p{P}$/u)],
  ['XDIGIT', asciiOf(/^[\p{Nd}0-9A-Fa-f\uff10-\uff19\uff21-\uff26\uff41-\uff46]$/u)],
  ['ALNUM', asciiOf(/^[\p{Alphabetic}\p{Nd}]$/u)],
  ['CNTRL', asciiOf(/^\p{Cc}$/u)],
  ['DIGIT', () => predefined.unicodeDigits],
  ['BLANK', asciiOf(/^[\p{Zs}\t]$/u)],
  ['GRAPH', asciiOf(/^[^\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]$/u)],
  ['PRINT', asciiOf(/^[^\p{Zl}\p{Zp}\t-\r\x85\p{Cc}\p{Cs}\p{Cn}]$/u)],
]);

/** Properties that name one case: without regard to case they mean any cased letter. */
const caseProperties: SetTable = new Map<string, () => CharacterSet>([
  ['Lu', () => anyCase],
  ['Ll', () => anyCase],
  ['Lt', () => anyCase],
  ['Lower', asciiOf(/^[A-Za-z]$/)],
  ['Upper', asciiOf(/^[A-Za-z]$/)],
  ['javaLowerCase', asciiOf(/^[\p{Lowercase}\p{Uppercase}\p{Lt}]$/u)],
  ['javaUpperCase', asciiOf(/^[\p{Lowercase}\p{Uppercase}\p{Lt}]$/u)],
  ['javaTitleCase', asciiOf(/^[\p{Lowercase}\p{Uppercase}\p{Lt}]$/u)],
  ['LOWERCASE', asciiOf(/^[\p{Lowercase}\p{Uppercase}\p{Lt}]$/u)],
  ['UPPERCASE', asciiOf(/^[\p{Lowercase}\p{Uppercase}\p{Lt}]$/u)],
  ['TITLECASE', asciiOf(/^[\p{Lowercase}\p{Uppercase}\p{Lt}]$/u)],
  ['LOWER', asciiOf(/^[\p{Lowercase}\p{Uppercase}\p{Lt}]$/u)],
  ['UPPER', asciiOf(/^[\p{Lowercase}\p{Uppercase}\p{Lt}]$/u)],
]);

const built = new Map<() => CharacterSet, CharacterSet>();

function lookUp(table: SetTable, name: string, ignoreCase: boolean): CharacterSet | undefined {
  const exact = table.get(name);
  if (exact === undefined) return undefined;
  const build = ignoreCase ? (caseProperties.get(name) ?? exact) : exact;
  const set = built.get(build) ?? build();
  built.set(build, set);
  return set;
}

/** General categories, POSIX classes and `javaXxx` methods, as in `\p{Lu}`. */
export function namedProperty(name: string, ignoreCase: boolean): CharacterSet | undefined {
  return lookUp(named, name, ignoreCase);
}

/** `\p{IsAlphabetic}` and its like; the name is without `Is`, in any case. */
export function unicodeBinaryProperty(name: string, ignoreCase: boolean): CharacterSet | undefined {
  return lookUp(binary, name.toUpperCase(), ignoreCase);
}

/** POSIX classes as UNICODE_CHARACTER_CLASS reads them. */
export function posixUnicodeProperty(name: string, ignoreCase: boolean): CharacterSet | undefined {
  return lookUp(posixUnicode, name.toUpperCase(), ignoreCase);
}

/** `\p{IsLatin}`, `\p{script=Grek}`: a script by name or four-letter code, in any case. */
export function unicodeScript(name: string): CharacterSet | undefined {
  if (!/^[A-Za-z_]+$/.test(name)) return undefined;
  const titled = name.toLowerCase().replace(/(^|_)[a-z]/g, (start) => start.toUpperCase());
  try {
    return setOf(new RegExp(`^\\p{Script=${titled}}$`, 'u'));
  } catch {
    // Not a script that JavaScript knows.
    return undefined;
  }
}

/** `\p{InGreek}`: a block by its name, in any case, with or without spaces. */
export function unicodeBlock(name: string): CharacterSet | undefined {
  const key = name.toLowerCase();
  const range = unicodeBlocks.get(key) ?? unicodeBlocks.get(key.replace(/[ _]/g, ''));
  return range === undefined ? undefined : rangeSet(range[0], range[1]);
}

/** Whether a name is that of a POSIX class, whose members are ASCII. */
export function isPosix(name: string): boolean {
  return posixUnicode.has(name.toUpperCase()) || name === 'ASCII';
}
