/** A set of code points. */
export type CharacterSet = (codePoint: number) => boolean;

export function rangeSet(first: number, last: number): CharacterSet {
  return (codePoint) => codePoint >= first && codePoint <= last;
}

export function union(left: CharacterSet, right: CharacterSet): CharacterSet {
  return (codePoint) => left(codePoint) || right(codePoint);
}

/** A union without nesting, so that long lists cost no stack. */
export function anyOf(sets: readonly CharacterSet[]): CharacterSet {
  const [only] = sets;
  if (sets.length === 1 && only !== undefined) return only;
  return (codePoint) => sets.some((set) => set(codePoint));
}

export function intersection(left: CharacterSet, right: CharacterSet): CharacterSet {
  return (codePoint) => left(codePoint) && right(codePoint);
}

export function complement(set: CharacterSet): CharacterSet {
  return (codePoint) => !set(codePoint);
}

/** The code points whose text matches a JavaScript expression with the `u` flag. */
export function setOf(expression: RegExp): CharacterSet {
  return (codePoint) => expression.test(String.fromCodePoint(codePoint));
}

const isAsciiUpper = rangeSet(0x41, 0x5a);
const isAsciiLower = rangeSet(0x61, 0x7a);

export function asciiLower(codePoint: number): number {
  return isAsciiUpper(codePoint) ? codePoint + 32 : codePoint;
}

export function asciiUpper(codePoint: number): number {
  return isAsciiLower(codePoint) ? codePoint - 32 : codePoint;
}

// Java maps one character to one character; a mapping that grows (ß to SS) leaves it as it is.
function mapOne(codePoint: number, mapped: string): number {
  const first = mapped.codePointAt(0);
  if (first === undefined) return codePoint;
  return mapped.length === (first > 0xffff ? 2 : 1) ? first : codePoint;
}

/** Character.toLowerCase. */
export function lowerCase(codePoint: number): number {
  // The only character whose full lower case is longer than its simple one.
  if (codePoint === 0x130) return 0x69;
  return mapOne(codePoint, String.fromCodePoint(codePoint).toLowerCase());
}

/** Character.toUpperCase. */
export function upperCase(codePoint: number): number {
  const special = simpleUpperCase(codePoint);
  return special ?? mapOne(codePoint, String.fromCodePoint(codePoint).toUpperCase());
}

// Greek letters with iota subscript have a one-character upper case (the title case) in
// UnicodeData.txt, but a longer one in SpecialCasing.txt, which JavaScript follows.
function simpleUpperCase(codePoint: number): number | undefined {
  if (codePoint >= 0x1f80 && codePoint <= 0x1faf) return codePoint | 8;
  if (codePoint === 0x1fb3 || codePoint === 0x1fc3 || codePoint === 0x1ff3) return codePoint + 9;
  return undefined;
}

/** The form that UNICODE_CASE compares by. */
export function foldCase(codePoint: number): number {
  return lowerCase(upperCase(codePoint));
}

/** One character under the case flags. */
export function singleSet(
  codePoint: number,
  flags: { readonly ignoreCase: boolean; readonly unicodeCase: boolean },
): CharacterSet {
  if (flags.ignoreCase) {
    if (flags.unicodeCase) {
      const folded = foldCase(codePoint);
      // A character without another case, such as ß, matches nothing but itself.
      if (folded === codePoint && upperCase(codePoint) === codePoint) {
        return (candidate) => candidate === codePoint;
      }
      return (candidate) => candidate === codePoint || foldCase(candidate) === folded;
    }
    const lower = asciiLower(codePoint);
    const upper = asciiUpper(codePoint);
    if (lower !== upper) return (candidate) => candidate === lower || candidate === upper;
  }
  return (candidate) => candidate === codePoint;
}

/** A range under the case flags. */
export function caseRangeSet(
  first: number,
  last: number,
  flags: { readonly ignoreCase: boolean; readonly unicodeCase: boolean },
): CharacterSet {
  const exact = rangeSet(first, last);
  if (!flags.ignoreCase) return exact;
  if (flags.unicodeCase) {
    return (codePoint) =>
      exact(codePoint) || exact(upperCase(codePoint)) || exact(foldCase(codePoint));
  }
  return (codePoint) =>
    exact(codePoint) ||
    (codePoint < 128 && (exact(asciiUpper(codePoint)) || exact(asciiLower(codePoint))));
}
