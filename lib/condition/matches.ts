/** A pattern, prepared; says whether it covers a whole text. */
export type TextTest = (text: string) => boolean;

/**
 * Matches: `*` stands for any characters, `/` among them, and nothing else is special but `%`, which
 * escapes the character behind it ("Pattern matching with conditional statements"). Takes time in
 * proportion to the text's length times the pattern's at most.
 */
export function compileGlob(pattern: string): TextTest {
  const pieces = globPieces(pattern);
  const [first = '', ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  const least = first.length + last.length;
  return (text) => {
    const end = text.length - last.length;
    if (text.length < least || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const piece of others) {
      // The leftmost place is as good as any: the next `*` takes up the rest.
      const found = text.indexOf(piece, at);
      if (found < 0 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}

/** What stands between the stars, unescaped. */
function globPieces(pattern: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '*') {
      pieces.push(piece);
      piece = '';
    } else if (character === '%' && at + 1 < pattern.length) {
      at += 1;
      piece += pattern.charAt(at);
    } else piece += character;
  }
  pieces.push(piece);
  return pieces;
}
