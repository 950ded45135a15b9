const placed = /(?:file \S+ line|^\S+?:)\s*(\d+)(?::| element)/;
const isPlaceOnly = /error ?: file \S+ line \d+ element \S+$/;
const isExcerpt = /^\s*\^$/;

/** What the engine's messages come to in one line: the first that says what is wrong, and the line in the stylesheet. */
export function reasonOf(messages: readonly string[]): string {
  const said = messages.filter((line) => !isPlaceOnly.test(line) && !isExcerpt.test(line));
  const errors = said.filter((line) => !line.startsWith('xsl:version:'));
  const error = errors.find((line) => /error ?:/.test(line)) ?? errors[0] ?? 'unknown reason';
  const text = error.replace(/^(?:\S+?:\d+: )?(?:[\w/ ]+)?error ?: ?/, '').trim();
  // What comes before it may be a remark on the version.
  const [place] = messages
    .slice(messages.indexOf(error))
    .flatMap((line) => placed.exec(line)?.[1] ?? []);
  return place === undefined ? text : `${text} (line ${place})`;
}
