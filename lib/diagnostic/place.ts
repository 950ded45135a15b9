import type { Location } from './location.ts';

/** Where the character at `offset` of a text stands, if the text begins at `origin`. */
export function placeOf(origin: Location, text: string, offset: number): Location {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  if (lastBreak === -1) return { ...origin, column: origin.column + offset };
  const breaks = before.split('\n').length - 1;
  return { file: origin.file, line: origin.line + breaks, column: offset - lastBreak };
}
