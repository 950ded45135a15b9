import {
  DOMParser,
  onWarningStopParsing,
  type Document,
  type Element,
  type Node,
} from '@xmldom/xmldom';

/** Bounds on a payload that is read as XML; anything beyond them is not read. */
const mostCharacters = 4 * 1024 * 1024;
const deepestNesting = 200;
const mostNodes = 100_000;
const mostAttributes = 64;

/**
 * Reads a payload that may be hostile. Undefined for a text that is not well-formed, has a document
 * type declaration (so entities are never declared), or exceeds the bounds; it never throws.
 */
export function readPayload(xml: string): Document | undefined {
  const text = xml.trim();
  if (!isHarmless(text)) return undefined;
  try {
    const parser = new DOMParser({ onError: onWarningStopParsing, locator: false });
    const document = parser.parseFromString(text, 'text/xml');
    rememberOrder(document);
    return document;
  } catch {
    return undefined;
  }
}

/** Walks the markup once, before the parser builds anything from it. */
function isHarmless(text: string): boolean {
  if (!text.startsWith('<') || text.length > mostCharacters) return false;
  let depth = 0;
  let nodes = 0;
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
      nodes += 1 + tag.attributes;
      if (text[tag.end - 2] !== '/') depth += 1;
      close = tag.end;
    }
    if (close === 0 || depth < 0 || depth > deepestNesting || nodes > mostNodes) return false;
    at = close;
  }
}

/** Behind the next `token`, or 0 if there is none. */
function after(text: string, token: string, from: number): number {
  const found = text.indexOf(token, from);
  return found === -1 ? 0 : found + token.length;
}

/** Behind the `>` of a start tag, attribute values skipped; undefined if it has none or too much. */
function endOfTag(
  text: string,
  from: number,
): { readonly end: number; readonly attributes: number } | undefined {
  let attributes = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '>') return { end: at + 1, attributes };
    if (character === '<') return undefined;
    if (character !== '"' && character !== "'") continue;
    attributes += 1;
    const close = text.indexOf(character, at + 1);
    if (close === -1 || attributes > mostAttributes) return undefined;
    at = close;
  }
  return undefined;
}

const preceding = 2;
const following = 4;

/**
 * Lets every node answer from a number which of two comes first. The parser's own answer walks the
 * siblings between them, which makes an evaluation take the square of a payload's length.
 */
function rememberOrder(document: Document): void {
  const order = new Map<Node, number>();
  const compareDocumentPosition = function (this: Node, other: Node): number {
    const difference = (order.get(other) ?? 0) - (order.get(this) ?? 0);
    if (difference === 0) return 0;
    return difference < 0 ? preceding : following;
  };
  const number = (node: Node): void => {
    order.set(node, order.size);
    node.compareDocumentPosition = compareDocumentPosition;
  };
  number(document);
  let node: Node | null = document.firstChild;
  while (node !== null) {
    number(node);
    if (isElement(node)) for (const attribute of node.attributes) number(attribute);
    node = node.firstChild ?? nextAfter(node);
  }
}

function nextAfter(node: Node): Node | null {
  let at: Node | null = node;
  while (at !== null && at.nextSibling === null) at = at.parentNode;
  return at?.nextSibling ?? null;
}

function isElement(node: Node): node is Element {
  return node.nodeType === node.ELEMENT_NODE;
}
