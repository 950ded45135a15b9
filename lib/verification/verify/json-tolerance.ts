/**
 * Whether a tolerance such as `$.items[*].created` covers the place of a difference, `$.items[3].created`
 * or something inside it. `*` stands for any member or index.
 */
export function coversPath(tolerance: string, place: string): boolean {
  const [wanted, found] = [partsOf(tolerance), partsOf(place)];
  return (
    wanted.length <= found.length &&
    wanted.every((part, index) => part === '*' || part === found[index])
  );
}

function partsOf(path: string): readonly string[] {
  const parts = path.matchAll(/\[(\d+|\*|"(?:[^"\\]|\\.)*"|'[^']*')\]|\.?([^.[\]]+)/g);
  return [...parts].map(([, bracketed, plain]) => {
    if (plain !== undefined) return plain;
    const text = bracketed ?? '';
    if (text.startsWith("'")) return text.slice(1, -1);
    return text.startsWith('"') ? unquoted(text) : text;
  });
}

/** A tolerance may be written by hand, with escapes that JSON does not have. */
function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
