const placed = /(?:file \S+ line|^\S+?:)\s*(\d+)(?::| element)/;
const isPlaceOnly = /error ?: file \S+ line \d+ element \S+$/;
const isExcerpt = /^\s*\^$/;

/** What the engine's messages come to in one line: the first that says what is wrong, and the line in the stylesheet. */
export function reasonOf(messages: readonly string[]): string {
  const said = messages.filter((line) => !isPlaceOnly.test(line) && !isExcerpt.test(line));
  const error = said.find((line) => /error ?:/.test(line)) ?? said[0] ?? 'unknown reason';
  const text = error.replace(/^(?:\S+?:\d+: )?(?:[\w/ ]+)?error ?: ?/, '').trim();
  const place = messages.map((line) => placed.exec(line)?.[1]).find((line) => line !== undefined);
  return place === undefined ? text : `${text} (line ${place})`;
}
