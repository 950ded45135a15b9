const backslash = 0x5c;
const Q = 0x51;
const E = 0x45;

function isLetter(codePoint: number): boolean {
  return (codePoint >= 0x41 && codePoint <= 0x5a) || (codePoint >= 0x61 && codePoint <= 0x7a);
}

function isDigit(codePoint: number): boolean {
  return codePoint >= 0x30 && codePoint <= 0x39;
}

/** A quoted character, written so that it means itself outside quotes. */
function unquoted(codePoint: number, first: boolean): readonly number[] {
  if (codePoint > 127 || isLetter(codePoint)) return [codePoint];
  if (!isDigit(codePoint)) return [backslash, codePoint];
  // A digit that follows a \1 or \x4 before the quote must not become part of it.
  return first ? [backslash, 0x78, 0x33, codePoint] : [codePoint];
}

/**
 * Rewrites `\Q...\E` as single escapes. Java does this before it parses, so positions in its
 * syntax errors count in the rewritten text.
 */
export function expandQuotes(source: readonly number[]): readonly number[] {
  const expanded: number[] = [];
  let quoted = false;
  let first = false;
  let index = 0;
  while (index < source.length) {
    const codePoint = source[index] ?? 0;
    const following = source[index + 1];
    if (quoted) {
      if (codePoint === backslash && following === E) {
        quoted = false;
        index += 2;
      } else {
        expanded.push(...unquoted(codePoint, first));
        index += 1;
      }
      first = false;
    } else if (codePoint === backslash && following === Q) {
      quoted = true;
      first = true;
      index += 2;
    } else {
      expanded.push(codePoint);
      index += 1;
      if (codePoint === backslash && following !== undefined) {
        expanded.push(following);
        index += 1;
      }
    }
  }
  return expanded;
}
