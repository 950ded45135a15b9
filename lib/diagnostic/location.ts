/** A place in a source file. Lines and columns start at 1; a column counts UTF-16 units. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `file:line:column`, the form editors and terminals turn into a link. */
export function formatLocation({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}
