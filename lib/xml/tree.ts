import type { Location } from '../diagnostic/location.ts';

/**
 * A name as written, `prefix:local`, with its namespace resolved. No prefix and no namespace are
 * each the empty string.
 */
export interface XmlName {
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
}

export interface XmlAttribute extends XmlName {
  readonly kind: 'attribute';
  /** After entity and white-space normalisation. */
  readonly value: string;
  /** The first character of the name. */
  readonly location: Location;
}

export interface XmlElement extends XmlName {
  readonly kind: 'element';
  /** In document order, namespace declarations included. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
  /** The `<` of the start tag. */
  readonly location: Location;
}

export interface XmlText {
  /** A CDATA section keeps its kind so that markup can be written back as it was. */
  readonly kind: 'text' | 'cdata';
  readonly value: string;
  /** The first character of the text; of a CDATA section, what stands behind `<![CDATA[`. */
  readonly location: Location;
}

/**
 * Comments and processing instructions are dropped by the reader; the texts around one become one
 * node. White space is kept wherever it stands inside the root.
 */
export type XmlNode = XmlElement | XmlText;

/** The text of an element: its text and CDATA children joined, whatever stood between them. */
export function textOf(element: XmlElement): string {
  let text = '';
  for (const child of element.children) if (child.kind !== 'element') text += child.value;
  return text;
}

export function childElements(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child): child is XmlElement => child.kind === 'element');
}
