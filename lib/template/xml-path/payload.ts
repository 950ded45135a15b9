import { DOMParser, onWarningStopParsing, type Document } from '@xmldom/xmldom';

/** Bounds on a payload that is read as XML; anything beyond them is not read. */
const mostCharacters = 4 * 1024 * 1024;
const deepestNesting = 200;
const mostElements = 100_000;
const mostAttributes = 256;

/**
 * Reads a payload that may be hostile. Undefined for a text that is not well-formed, has a document
 * type declaration (so entities are never declared), or exceeds the bounds; it never throws.
 */
export function readPayload(xml: string): Document | undefined {
  const text = xml.trim();
  if (!isHarmless(text)) return undefined;
  try {
    const parser = new DOMParser({ onError: onWarningStopParsing, locator: false });
    return parser.parseFromString(text, 'text/xml');
  } catch {
    return undefined;
  }
}

/** Walks the markup once, before the parser builds anything from it. */
function isHarmless(text: string): boolean {
  if (!text.startsWith('<') || text.length > mostCharacters) return false;
  let depth = 0;
  let elements = 0;
  let at = 0;
  for (;;) {
    const open = text.indexOf('<', at);
    if (open === -1) return depth === 0;
    let close: number;
    if (text.startsWith('<!--', open)) close = after(text, '-->', open + 4);
    else if (text.startsWith('<![CDATA[', open)) close = after(text, ']]>', open + 9);
    else if (text.startsWith('<?', open)) close = after(text, '?>', open + 2);
    else if (text.startsWith('<!', open)) return false;
    else if (text.startsWith('</', open)) {
      depth -= 1;
      close = after(text, '>', open + 2);
    } else {
      const tag = endOfTag(text, open + 1);
      if (tag === undefined) return false;
      elements += 1;
      if (text[tag - 2] !== '/') depth += 1;
      close = tag;
    }
    if (close === 0 || depth < 0 || depth > deepestNesting || elements > mostElements) return false;
    at = close;
  }
}

/** Behind the next `token`, or 0 if there is none. */
function after(text: string, token: string, from: number): number {
  const found = text.indexOf(token, from);
  return found === -1 ? 0 : found + token.length;
}

/** Behind the `>` of a start tag, attribute values skipped; undefined if it has none or too much. */
function endOfTag(text: string, from: number): number | undefined {
  let attributes = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '>') return at + 1;
    if (character === '<') return undefined;
    if (character !== '"' && character !== "'") continue;
    attributes += 1;
    const close = text.indexOf(character, at + 1);
    if (close === -1 || attributes > mostAttributes) return undefined;
    at = close;
  }
  return undefined;
}
