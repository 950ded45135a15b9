/** A text with the place that each of its characters had in the source. */
export interface DecodedText {
  readonly text: string;
  /** Where `text[index]` stands in the source; `index` may be the text's length. */
  sourceOffset(index: number): number;
  /** Where the first decoded entity stands, if there was one. */
  readonly firstEntity: number | undefined;
}

const characters: ReadonlyMap<string, string> = new Map([
  ['&gt;', '>'],
  ['&lt;', '<'],
  ['&amp;', '&'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);
const entity = /&(?:gt|lt|amp|quot|apos);/y;

/**
 * Decodes the predefined entities outside quoted texts. The XML reader has decoded a document's own;
 * what is left here was written inside a CDATA section, or escaped twice.
 */
export function decodeEntities(source: string): DecodedText {
  if (!/&(?:gt|lt|amp|quot|apos);/.test(source)) {
    return { text: source, sourceOffset: (index) => index, firstEntity: undefined };
  }
  const offsets: number[] = [];
  let text = '';
  let firstEntity: number | undefined;
  let openQuote: string | undefined;
  for (let at = 0; at < source.length;) {
    entity.lastIndex = at;
    const [written] = entity.exec(source) ?? [];
    const decoded = written === undefined ? undefined : characters.get(written);
    const closes = openQuote !== undefined && written === openQuote;
    const isEntity = decoded !== undefined && (openQuote === undefined || closes);
    const character = isEntity ? decoded : source.charAt(at);
    const spelled = isEntity && written !== undefined ? written : character;
    offsets.push(at);
    text += character;
    if (isEntity) firstEntity ??= at;
    if (character === '"') openQuote = openQuote === undefined ? spelled : undefined;
    at += spelled.length;
  }
  return { text, sourceOffset: (index) => offsets[index] ?? source.length, firstEntity };
}
