import type { XmlAttribute, XmlElement, XmlName } from '../../xml/tree.ts';
import { arrayPlaces, type ArrayPlace } from './array-paths.ts';
import { isMembers, writeJson, type JsonMembers, type JsonNode } from './json-node.ts';
import type { ArrayPath, JsonOptions } from './options.ts';

/**
 * Prepares the conversion of documents into JSON ("XMLtoJSON policy"). Properties stand in the order in
 * which the document first names them, an element's attributes before its content.
 */
export function compileXmlToJson(options: JsonOptions): (root: XmlElement) => string {
  const conversion = new XmlToJson(options);
  const { outputPrefix, outputSuffix } = options;
  return (root) => `${outputPrefix}${writeJson(conversion.convert(root))}${outputSuffix}`;
}

/** The values of each property of an element; one value is no array unless the name is among `arrays`. */
interface Properties {
  readonly values: Map<string, JsonNode[]>;
  readonly arrays: Set<string>;
  /** Set once an array is among them that takes the place of its element, if it is all there is. */
  unwrap: ArrayPath | undefined;
}

const noProperties = (): Properties => ({
  values: new Map(),
  arrays: new Set(),
  unwrap: undefined,
});

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const blank = /^[ \t\r\n]*$/;

class XmlToJson {
  readonly #options: JsonOptions;
  readonly #places: ArrayPlace;
  readonly #null: string;

  constructor(options: JsonOptions) {
    this.#options = options;
    this.#places = arrayPlaces(options.arrays);
    const { nullValue } = options;
    this.#null = nullValue.toLowerCase() === 'null' ? 'null' : JSON.stringify(nullValue);
  }

  convert(root: XmlElement): JsonNode {
    const document: Properties = noProperties();
    this.#add(root, document, this.#places);
    return this.#stripped(membersOf(document));
  }

  #stripped(document: JsonNode): JsonNode {
    let node = document;
    for (let level = 0; level < this.#options.stripLevels; level += 1) {
      const inner: JsonNode | undefined = isMembers(node) ? onlyValue(node) : undefined;
      if (inner === undefined || typeof inner === 'string') break;
      node = inner;
    }
    return node;
  }

  /** Adds an element to the properties of the element around it. */
  #add(element: XmlElement, parent: Properties, around: ArrayPlace | undefined): void {
    const name = this.#nameOf(element);
    const place = around?.below.get(name) ?? around?.below.get(element.local);
    const { node, renamed } = this.#element(element, place);
    const array = place?.array;
    const override = array?.unwrap === false ? array.overrideArrayName : '';
    const property = [renamed, override].find((other) => other !== '') ?? name;
    add(parent, property, node);
    if (array === undefined) return;
    parent.arrays.add(property);
    if (array.unwrap) parent.unwrap = array;
  }

  /** The value of an element, and another name for its property if the path of an unwrapped array gives one. */
  #element(
    element: XmlElement,
    place: ArrayPlace | undefined,
  ): { readonly node: JsonNode; readonly renamed: string } {
    const properties: Properties = noProperties();
    this.#addAttributes(element, properties);
    const hasElements = element.children.some(({ kind }) => kind === 'element');
    const isBare = properties.values.size === 0 && !hasElements;
    const textAsProperty = !isBare || this.#options.textAlwaysAsProperty;
    for (const content of contentOf(element)) {
      if (typeof content !== 'string') this.#add(content, properties, place);
      else if (blank.test(content)) continue;
      else if (textAsProperty) add(properties, this.#options.textNodeName, this.#scalar(content));
      else return { node: this.#scalar(content), renamed: '' };
    }
    if (properties.values.size === 0 && this.#options.recognizeNull) {
      return { node: this.#null, renamed: '' };
    }
    const members = membersOf(properties);
    const only = properties.unwrap === undefined ? undefined : onlyValue(members);
    return only === undefined
      ? { node: members, renamed: '' }
      : { node: only, renamed: properties.unwrap?.overrideArrayName ?? '' };
  }

  #addAttributes({ attributes }: XmlElement, properties: Properties): void {
    const { attributeBlockName, namespaceBlockName, attributePrefix } = this.#options;
    if (attributes.length === 0) return;
    const block: Properties = attributeBlockName === undefined ? properties : noProperties();
    const namespaces = new Map<string, JsonNode>();
    for (const attribute of attributes) {
      const declared = this.#declaredName(attribute);
      if (declared !== undefined) namespaces.set(declared, JSON.stringify(attribute.value));
    }
    if (namespaceBlockName !== undefined && namespaces.size > 0) {
      add(properties, namespaceBlockName, namespaces);
    }
    for (const attribute of attributes) {
      if (this.#declaredName(attribute) !== undefined) continue;
      add(block, attributePrefix + this.#nameOf(attribute), this.#scalar(attribute.value));
    }
    if (attributeBlockName !== undefined && block.values.size > 0) {
      add(properties, attributeBlockName, membersOf(block));
    }
  }

  /** Under what name a namespace declaration stands in the block; undefined for another attribute. */
  #declaredName({ prefix, local }: XmlAttribute): string | undefined {
    if (prefix === 'xmlns') return local;
    return prefix === '' && local === 'xmlns' ? this.#options.defaultNamespaceNodeName : undefined;
  }

  #nameOf({ prefix, local }: XmlName): string {
    const separator = this.#options.namespaceSeparator;
    return prefix === '' || separator === undefined ? local : prefix + separator + local;
  }

  #scalar(text: string): string {
    const { recognizeBoolean, recognizeNumber } = this.#options;
    if (recognizeBoolean && (text === 'true' || text === 'false')) return text;
    if (recognizeNumber && jsonNumber.test(text)) return text;
    return JSON.stringify(text);
  }
}

/** Elements and texts in order; a text and the CDATA sections next to it are one. */
function* contentOf({ children }: XmlElement): Generator<XmlElement | string> {
  let text = '';
  for (const child of children) {
    if (child.kind !== 'element') {
      text += child.value;
      continue;
    }
    if (text !== '') yield text;
    text = '';
    yield child;
  }
  if (text !== '') yield text;
}

function add({ values }: Properties, name: string, value: JsonNode): void {
  const present = values.get(name);
  if (present === undefined) values.set(name, [value]);
  else present.push(value);
}

function membersOf({ values, arrays }: Properties): JsonMembers {
  const members = new Map<string, JsonNode>();
  for (const [name, all] of values) {
    const [single] = all;
    members.set(name, single !== undefined && all.length === 1 && !arrays.has(name) ? single : all);
  }
  return members;
}

function onlyValue(members: JsonMembers): JsonNode | undefined {
  if (members.size !== 1) return undefined;
  const [value] = members.values();
  return value;
}
