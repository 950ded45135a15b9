import { readXml } from '../../xml/read.ts';
import { textOf, type XmlElement } from '../../xml/tree.ts';

/** What an XML document says: names with namespaces, attributes by name, children, text. */
export interface XmlShape {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Blanks around it are none of its own. */
  readonly text: string;
  readonly children: readonly XmlShape[];
}

/** Undefined if the text is not well-formed. */
export function xmlShape(text: string): XmlShape | undefined {
  const root = readXml(text, { file: 'body.xml', report: () => undefined });
  return root === undefined ? undefined : shapeOf(root);
}

// As deep as the reader's limit of nesting at most.
function shapeOf(element: XmlElement): XmlShape {
  const attributes = element.attributes
    .filter(({ prefix, local }) => prefix !== 'xmlns' && (prefix !== '' || local !== 'xmlns'))
    .map(({ namespace, local, value }) => [expanded(namespace, local), value] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    name: expanded(element.namespace, element.local),
    attributes: Object.fromEntries(attributes),
    text: textOf(element).trim(),
    children: element.children.flatMap((child) =>
      child.kind === 'element' ? [shapeOf(child)] : [],
    ),
  };
}

function expanded(namespace: string, local: string): string {
  return namespace === '' ? local : `{${namespace}}${local}`;
}
