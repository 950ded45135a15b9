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

export interface Payload {
  readonly document: Document;
  /** A measure of how much a node contains, itself included. */
  readonly weightOf: (node: Node) => number;
}

/**
 * Reads a payload that may be hostile. Undefined for a text that is not well-formed, has a document
 * type declaration (so entities are never declared), or exceeds the bounds; it never throws.
 */
export function readPayload(xml: string): Payload | undefined {
  const text = xml.trim();
  if (!isHarmless(text)) return undefined;
  try {
    const parser = new DOMParser({ onError: onWarningStopParsing, locator: false });
    const document = parser.parseFromString(text, 'text/xml');
    return { document, weightOf: weigh(document) };
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
/** What a node weighs beside its text. */
const weightOfNode = 16;

/**
 * Weighs every node with all it contains, and lets every node answer from a number which of two comes
 * first. The parser's own answer walks the siblings between them, which makes an evaluation take the
 * square of a payload's length.
 */
function weigh(document: Document): (node: Node) => number {
  const starts = new Map<Node, number>();
  const weights = new Map<Node, number>();
  let total = 0;
  const compareDocumentPosition = function (this: Node, other: Node): number {
    const difference = (starts.get(other) ?? 0) - (starts.get(this) ?? 0);
    if (difference === 0) return 0;
    return difference < 0 ? preceding : following;
  };
  const enter = (node: Node): void => {
    starts.set(node, total);
    total += weightOfNode + (node.nodeValue?.length ?? 0);
    node.compareDocumentPosition = compareDocumentPosition;
  };
  const leave = (node: Node): void => {
    weights.set(node, total - (starts.get(node) ?? 0));
  };

  let node: Node | null = document;
  while (node !== null) {
    enter(node);
    if (isElement(node)) {
      for (const attribute of node.attributes) {
        enter(attribute);
        leave(attribute);
      }
    }
    if (node.firstChild !== null) {
      node = node.firstChild;
      continue;
    }
    leave(node);
    while (node?.nextSibling === null) {
      node = node.parentNode;
      if (node !== null) leave(node);
    }
    node = node?.nextSibling ?? null;
  }
  return (weighed) => weights.get(weighed) ?? weightOfNode;
}

function isElement(node: Node): node is Element {
  return node.nodeType === node.ELEMENT_NODE;
}
