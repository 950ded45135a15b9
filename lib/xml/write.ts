import type { XmlElement, XmlName, XmlNode, XmlText } from './tree.ts';

/**
 * Writes nodes back to text as they were written: names with their prefixes, attributes in order,
 * namespace declarations only where the document had them, CDATA sections as such, an element
 * without children as `<a/>`. White space within tags, the choice of quotes, comments and
 * processing instructions are not kept by the tree and so not restored.
 */
export function writeXml(nodes: readonly XmlNode[]): string {
  let written = '';
  // A stack instead of recursion: a tree may be deeper than the call stack.
  const rest: (XmlNode | string)[] = [...nodes].reverse();
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === 'string') {
      written += next;
    } else if (next.kind !== 'element') {
      written += writeText(next);
    } else if (next.children.length === 0) {
      written += `<${tagContent(next)}/>`;
    } else {
      written += `<${tagContent(next)}>`;
      rest.push(`</${nameOf(next)}>`);
      for (let at = next.children.length - 1; at >= 0; at -= 1) {
        const child = next.children[at];
        if (child !== undefined) rest.push(child);
      }
    }
  }
  return written;
}

function tagContent(element: XmlElement): string {
  let content = nameOf(element);
  for (const attribute of element.attributes) {
    content += ` ${nameOf(attribute)}="${escapeAttribute(attribute.value)}"`;
  }
  return content;
}

function nameOf({ prefix, local }: XmlName): string {
  return prefix === '' ? local : `${prefix}:${local}`;
}

const textEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A raw carriage return would be read back as a line feed.
  '\r': '&#13;',
};

const attributeEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  // Raw, these would be read back as spaces.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function writeText({ kind, value }: XmlText): string {
  if (kind === 'text') return escapeText(value);
  // "]]>" would end the section, so a section that holds it is written as two.
  return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** A text as it stands between tags. */
export function escapeText(value: string): string {
  return value.replace(/[&<>\r]/g, (character) => textEscapes[character] ?? character);
}

/** A value as it stands between double quotes. */
export function escapeAttribute(value: string): string {
  return value.replace(/[&<"\t\n\r]/g, (character) => attributeEscapes[character] ?? character);
}
