import { illegalCharacterAt } from '../../xml/characters.ts';
import { compileElementName } from './element-name.ts';
import { JsonTextError, type JsonValue } from './json-value.ts';
import type { XmlOptions } from './options.ts';
import { XmlOutput, type Content } from './xml-output.ts';

/**
 * Prepares the conversion of JSON into documents ("JSONtoXML policy"). Recursion ends because the depth
 * of a value is bounded when it is read. The conversion throws JsonTextError for what no XML can hold.
 */
export function compileJsonToXml(options: XmlOptions): (value: JsonValue) => string {
  const conversion = new JsonToXml(options);
  return (value) => {
    const text = conversion.convert(value);
    if (illegalCharacterAt(text) >= 0) {
      throw new JsonTextError('A text has a character that XML forbids');
    }
    return text;
  };
}

type Prefixes = ReadonlySet<string>;

/** What an object says of its element before its content. */
interface Tag {
  readonly attributes: ReadonlyMap<string, string>;
  /** Prefixes declared here and around. */
  readonly prefixes: Prefixes;
}

const noAttributes: ReadonlyMap<string, string> = new Map();

class JsonToXml {
  readonly #options: XmlOptions;
  readonly #legalName: (name: string) => string;

  constructor(options: XmlOptions) {
    this.#options = options;
    this.#legalName = compileElementName(options.invalidCharsReplacement);
  }

  convert(value: JsonValue): string {
    const { declaration, layout } = this.#options;
    const output = new XmlOutput(layout);
    if (declaration === 'written') output.markup('<?xml version="1.0" encoding="UTF-8"?>');
    const prefixes: Prefixes = new Set();
    const root = this.#namedRoot(value);
    if (root !== undefined) this.#element(root.name, root.value, prefixes, output);
    else if (value.kind === 'array') {
      this.#element(this.#options.arrayRootElementName, value, prefixes, output);
    } else this.#element(this.#options.objectRootElementName, value, prefixes, output);
    return output.text;
  }

  /** The root that an object names: its only property, unless that makes no element or several. */
  #namedRoot(value: JsonValue): { readonly name: string; readonly value: JsonValue } | undefined {
    if (value.kind !== 'object' || value.members.size !== 1) return undefined;
    for (const [name, member] of value.members) {
      if (member.kind !== 'array' && this.#roleOf(name, member) === 'element') {
        return { name, value: member };
      }
    }
    return undefined;
  }

  #element(name: string, value: JsonValue, around: Prefixes, output: XmlOutput): void {
    const tag = value.kind === 'object' ? this.#tagOf(value.members, around) : undefined;
    const prefixes = tag?.prefixes ?? around;
    const qName = this.#qName(name, prefixes);
    output.start(qName, tag?.attributes ?? noAttributes, this.#contentOf(value));
    this.#writeContent(value, prefixes, output);
    output.end(qName);
  }

  #contentOf(value: JsonValue): Content {
    if (value.kind === 'array') return value.items.length > 0 ? 'elements' : 'text';
    if (value.kind !== 'object') return 'text';
    let content: Content = 'text';
    for (const [name, member] of value.members) {
      const role = this.#roleOf(name, member);
      if (role === 'text') return 'text';
      const isEmpty = member.kind === 'array' && member.items.length === 0;
      if (role === 'element' && !isEmpty) content = 'elements';
    }
    return content;
  }

  #writeContent(value: JsonValue, prefixes: Prefixes, output: XmlOutput): void {
    if (value.kind === 'object') {
      this.#writeMembers(value.members, prefixes, output);
    } else if (value.kind === 'array') {
      const name = this.#options.arrayItemElementName;
      for (const item of value.items) this.#element(name, item, prefixes, output);
    } else {
      output.characters(this.#textOf(value));
    }
  }

  #writeMembers(
    members: ReadonlyMap<string, JsonValue>,
    prefixes: Prefixes,
    output: XmlOutput,
  ): void {
    for (const [name, value] of members) {
      const role = this.#roleOf(name, value);
      const values = value.kind === 'array' ? value.items : [value];
      if (role === 'text') for (const text of values) output.characters(this.#textOf(text));
      if (role === 'element') for (const one of values) this.#element(name, one, prefixes, output);
    }
  }

  /** Members that cannot be what their names say, such as an attribute that is an object, are elements. */
  #roleOf(
    name: string,
    value: JsonValue,
  ): 'attribute' | 'attributes' | 'namespaces' | 'text' | 'element' {
    const { attributeBlockName, attributePrefix, namespaceBlockName, textNodeName } = this.#options;
    if (name === '') return 'element';
    if (value.kind === 'object') {
      if (name === attributeBlockName) return 'attributes';
      return name === namespaceBlockName ? 'namespaces' : 'element';
    }
    if (name === textNodeName) return hasOnlyScalars(value) ? 'text' : 'element';
    return value.kind !== 'array' && isPrefixedBy(name, attributePrefix) ? 'attribute' : 'element';
  }

  #tagOf(members: ReadonlyMap<string, JsonValue>, around: Prefixes): Tag {
    const { attributePrefix } = this.#options;
    const declarations = new Map<string, string>();
    const written = new Map<string, string>();
    for (const [name, value] of members) {
      const role = this.#roleOf(name, value);
      if (role === 'namespaces') this.#addDeclarations(value, declarations);
      else if (role === 'attribute') {
        written.set(name.slice(attributePrefix.length), this.#textOf(value));
      } else if (role === 'attributes' && value.kind === 'object') {
        for (const [attribute, text] of value.members) {
          const bare = isPrefixedBy(attribute, attributePrefix)
            ? attribute.slice(attributePrefix.length)
            : attribute;
          written.set(
            bare,
            scalarsOf(text)
              .map((one) => this.#textOf(one))
              .join(' '),
          );
        }
      }
    }
    if (declarations.size === 0 && written.size === 0) {
      return { attributes: noAttributes, prefixes: around };
    }
    const prefixes = withDeclared(around, [...declarations.keys(), ...written.keys()]);
    const attributes = new Map(declarations);
    for (const [name, text] of written) attributes.set(this.#qName(name, prefixes), text);
    return { attributes, prefixes };
  }

  #addDeclarations(block: JsonValue, declarations: Map<string, string>): void {
    if (block.kind !== 'object') return;
    for (const [prefix, uri] of block.members) {
      const text = uri.kind === 'string' ? uri.text : '';
      if (prefix === this.#options.defaultNamespaceNodeName) declarations.set('xmlns', text);
      // A prefix that is declared away, or one of XML's own, would make the document ill-formed.
      else if (text !== '' && !/^xml/i.test(prefix)) {
        declarations.set(`xmlns:${this.#legalName(prefix)}`, text);
      }
    }
  }

  /** `prefix:name`; with another separator than a colon only for a prefix that is declared. */
  #qName(name: string, prefixes: Prefixes): string {
    const separator = this.#options.namespaceSeparator;
    const at = separator === '' ? -1 : name.indexOf(separator);
    if (at <= 0) return this.#legalName(name);
    const prefix = name.slice(0, at);
    const local = name.slice(at + separator.length);
    if (local === '' || (separator !== ':' && !prefixes.has(prefix))) return this.#legalName(name);
    return `${this.#legalName(prefix)}:${this.#legalName(local)}`;
  }

  #textOf(value: JsonValue): string {
    if (value.kind === 'string') return value.text === this.#options.nullValue ? '' : value.text;
    return value.kind === 'literal' ? value.text : '';
  }
}

function scalarsOf(value: JsonValue): readonly JsonValue[] {
  return value.kind === 'array' ? value.items : [value];
}

function hasOnlyScalars(value: JsonValue): boolean {
  return scalarsOf(value).every(({ kind }) => kind !== 'array' && kind !== 'object');
}

function isPrefixedBy(name: string, prefix: string): boolean {
  return prefix !== '' && name.length > prefix.length && name.startsWith(prefix);
}

function withDeclared(around: Prefixes, names: readonly string[]): Prefixes {
  const declared = names.filter((name) => name.startsWith('xmlns:'));
  if (declared.length === 0) return around;
  return new Set([...around, ...declared.map((name) => name.slice('xmlns:'.length))]);
}
