// Everything that could move a cursor, colour a terminal or reorder what is shown.
const unsafe = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text that came from a service or a file, safe to print: control characters show as escapes. */
export function printable(text: string): string {
  return text.replace(unsafe, escaped);
}

/** As `printable`, on one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
