import type { Location } from '../diagnostic/location.ts';
import type { XmlLimits } from './limits.ts';
import {
  forbiddenDeclaration,
  NamespaceScope,
  xmlnsNamespace,
  type Shadowed,
} from './namespaces.ts';
import { shortened, type SourceText } from './source-text.ts';
import type { StartTag, WrittenAttribute } from './start-tag.ts';
import type { XmlAttribute, XmlElement, XmlNode } from './tree.ts';

interface OpenElement {
  readonly written: string;
  readonly element: XmlElement;
  readonly children: XmlNode[];
  readonly shadowed: Shadowed;
}

const noDeclarations: ReadonlyMap<string, string> = new Map();
const none: readonly never[] = Object.freeze([]);

/** Builds the tree from tags and texts in document order, and keeps to what only it can see. */
export class ElementBuilder {
  readonly #source: SourceText;
  readonly #limits: XmlLimits;
  readonly #scope = new NamespaceScope();
  readonly #open: OpenElement[] = [];
  #root: XmlElement | undefined;
  #pending: { value: string; readonly location: Location } | undefined;
  #nodes = 0;

  constructor(source: SourceText, limits: XmlLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  get isInElement(): boolean {
    return this.#open.length > 0;
  }

  get hasRoot(): boolean {
    return this.#root !== undefined;
  }

  start(tag: StartTag): void {
    this.#flush();
    if (this.#root !== undefined && !this.isInElement) this.#refuseSecondRoot(tag);
    if (this.#open.length >= this.#limits.depth) {
      this.#source.refuse(
        tag.location,
        'xml-too-deep',
        `Elements are nested more than ${this.#limits.depth} deep`,
        'Flatten the document, or raise the limit.',
      );
    }
    if (tag.prefix === 'xmlns') this.#refuseDeclarationPrefix(tag);
    this.#count(1 + tag.attributes.size, tag.location);
    const shadowed = this.#scope.enter(this.#declarations(tag));
    const children: XmlNode[] | undefined = tag.closed ? undefined : [];
    const element: XmlElement = {
      kind: 'element',
      prefix: tag.prefix,
      local: tag.local,
      namespace: this.#namespaceOf(tag.prefix, tag.location),
      attributes: this.#resolve(tag),
      children: children ?? none,
      location: tag.location,
    };
    this.#open.at(-1)?.children.push(element);
    this.#root ??= element;
    if (children === undefined) this.#scope.leave(shadowed);
    else this.#open.push({ written: tag.written, element, children, shadowed });
  }

  end(at: number, written: string): void {
    this.#flush();
    const open = this.#open.pop();
    const shown = shortened(written);
    if (open === undefined) {
      return this.#source.refuse(
        at,
        'xml-stray-end-tag',
        `</${shown}> closes an element that was never opened`,
        'Remove it.',
      );
    }
    if (open.written !== written) {
      const expected = shortened(open.written);
      const { line, column } = open.element.location;
      this.#source.refuse(
        at,
        'xml-crossed-tags',
        `</${shown}> stands where <${expected}>, opened at ${line}:${column}, must be closed`,
        `Write </${expected}> here.`,
      );
    }
    this.#scope.leave(open.shadowed);
  }

  /** Texts that only a comment or a processing instruction parts become one node. */
  text(at: number, value: string): void {
    if (this.#pending === undefined) {
      this.#pending = { value, location: this.#source.locate(at) };
      this.#count(1, this.#pending.location);
    } else {
      this.#pending.value += value;
    }
  }

  cdata(at: number, value: string): void {
    this.#flush();
    const location = this.#source.locate(at);
    this.#count(1, location);
    this.#open.at(-1)?.children.push({ kind: 'cdata', value, location });
  }

  /** The root, once the document is over. */
  finish(): XmlElement {
    const open = this.#open.at(-1);
    if (open !== undefined) {
      const shown = shortened(open.written);
      this.#source.refuse(
        open.element.location,
        'xml-unclosed-element',
        `<${shown}> is never closed`,
        `Write </${shown}> where the element ends, or <${shown}/> if it is empty.`,
      );
    }
    return (
      this.#root ??
      this.#source.refuse(
        this.#source.text.length,
        'xml-no-root',
        'The document has no root element',
        'Write one element that holds everything.',
      )
    );
  }

  #flush(): void {
    if (this.#pending === undefined) return;
    const { value, location } = this.#pending;
    this.#open.at(-1)?.children.push({ kind: 'text', value, location });
    this.#pending = undefined;
  }

  #count(nodes: number, location: Location): void {
    this.#nodes += nodes;
    if (this.#nodes <= this.#limits.nodes) return;
    this.#source.refuse(
      location,
      'xml-too-many-nodes',
      `The document has more than ${this.#limits.nodes} elements, attributes and texts`,
      'Split the document, or raise the limit.',
    );
  }

  #declarations(tag: StartTag): ReadonlyMap<string, string> {
    if (tag.attributes.size === 0) return noDeclarations;
    let declared: Map<string, string> | undefined;
    for (const attribute of tag.attributes.values()) {
      const prefix = declaredPrefix(attribute);
      if (prefix === undefined) continue;
      const forbidden = forbiddenDeclaration(prefix, attribute.value);
      if (forbidden !== undefined) {
        this.#source.refuse(
          attribute.location,
          'xml-bad-namespace-declaration',
          shortened(forbidden),
          'Remove the declaration, or choose another prefix or namespace.',
        );
      }
      declared ??= new Map();
      declared.set(prefix, attribute.value);
    }
    return declared ?? noDeclarations;
  }

  #resolve({ attributes, written }: StartTag): readonly XmlAttribute[] {
    if (attributes.size === 0) return none;
    const expandedNames = new Set<string>();
    return Array.from(attributes.values(), ({ prefix, local, value, location }) => {
      let namespace = '';
      if (prefix === '') {
        if (local === 'xmlns') namespace = xmlnsNamespace;
      } else {
        namespace = this.#namespaceOf(prefix, location);
        // A line feed parts them: no local name holds one.
        const expandedName = `${local}\n${namespace}`;
        if (expandedNames.has(expandedName)) {
          this.#source.refuse(
            location,
            'xml-duplicate-attribute',
            `<${shortened(written)}> has the attribute ${shortened(local)} of ${shortened(namespace)} twice`,
            'Remove one of the two; their prefixes stand for the same namespace.',
          );
        }
        expandedNames.add(expandedName);
      }
      return { kind: 'attribute', prefix, local, namespace, value, location };
    });
  }

  #namespaceOf(prefix: string, location: Location): string {
    const namespace = this.#scope.resolve(prefix);
    if (namespace !== undefined) return namespace;
    const shown = shortened(prefix);
    return this.#source.refuse(
      location,
      'xml-unbound-prefix',
      `The prefix ${shown} is bound to no namespace`,
      `Declare it with xmlns:${shown}="…" on this element or around it.`,
    );
  }

  #refuseDeclarationPrefix(tag: StartTag): never {
    return this.#source.refuse(
      tag.location,
      'xml-reserved-prefix',
      `The prefix xmlns of <${shortened(tag.written)}> only declares namespaces`,
      'Choose another prefix.',
    );
  }

  #refuseSecondRoot(tag: StartTag): never {
    return this.#source.refuse(
      tag.location,
      'xml-second-root',
      `<${shortened(tag.written)}> is a second root element`,
      'Wrap both into one element, or remove one.',
    );
  }
}

function declaredPrefix({ prefix, local }: WrittenAttribute): string | undefined {
  if (prefix === 'xmlns') return local;
  return prefix === '' && local === 'xmlns' ? '' : undefined;
}
