/** Bounds on what one XML document may cost. Lengths count UTF-16 units. */
export interface XmlLimits {
  /** Length of the whole document's text. */
  readonly documentLength: number;
  /** Elements inside one another, the root included. */
  readonly depth: number;
  /** Attributes on one element, namespace declarations included. */
  readonly attributesPerElement: number;
  /** Length of one attribute value, as written between its quotes. */
  readonly attributeLength: number;
  /** Elements, attributes, texts and CDATA sections together: what the tree keeps. */
  readonly nodes: number;
}

export const defaultXmlLimits: XmlLimits = {
  documentLength: 10 * 1024 * 1024,
  depth: 200,
  attributesPerElement: 256,
  attributeLength: 1024 * 1024,
  nodes: 1_000_000,
};
