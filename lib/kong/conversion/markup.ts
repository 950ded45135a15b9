import type { Location } from '../../diagnostic/location.ts';
import { writeXml } from '../../xml/write.ts';
import type { XmlElement, XmlNode } from '../../xml/tree.ts';

/** An element to be written. */
export interface Tag {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly content: string | readonly Tag[];
}

export function tag(
  name: string,
  content: Tag['content'],
  attributes: Tag['attributes'] = [],
): Tag {
  return { name, attributes, content };
}

/** A document with one element a line. */
export function documentText(root: Tag): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeXml([nodeOf(root, '\n')])}\n`;
}

/** It is written now and stands in no file. */
const nowhere: Location = { file: '', line: 1, column: 1 };

function nodeOf({ name, attributes, content }: Tag, indent: string): XmlElement {
  const inner = `${indent}  `;
  const children: readonly XmlNode[] =
    typeof content === 'string'
      ? [textNode(content)]
      : content.length === 0
        ? []
        : [
            ...content.flatMap((child) => [textNode(inner), nodeOf(child, inner)]),
            textNode(indent),
          ];
  return {
    kind: 'element',
    prefix: '',
    local: name,
    namespace: '',
    attributes: attributes.map(([local, value]) => ({
      kind: 'attribute',
      prefix: '',
      local,
      namespace: '',
      value,
      location: nowhere,
    })),
    children,
    location: nowhere,
  };
}

function textNode(value: string): XmlNode {
  return { kind: 'text', value, location: nowhere };
}
