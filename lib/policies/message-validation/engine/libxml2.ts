import type {
  XmlDocument as LibDocument,
  XmlElement as LibElement,
  XsdValidator,
} from 'libxml2-wasm';
import { chooseRoot, type ElementNode } from '../root-element.ts';
import type { SchemaSet } from '../schema-set.ts';
import type { Finding, SchemaAnswer, SchemaRequest } from './protocol.ts';

type Library = typeof import('libxml2-wasm');
type Unmeasured<T> = T extends unknown ? Omit<T, 'isLarge'> : never;

const mostSchemas = 50;

/** libxml2 with the schemas it has compiled. The library reaches no file and no network by itself. */
export class SchemaEngine {
  readonly #library: Library;
  /** By key, the one used last at the end. */
  readonly #compiled = new Map<string, XsdValidator>();
  /** Files of the schemas that are compiled just now: the library asks for them by a callback. */
  #files: ReadonlyMap<string, string> = new Map();

  constructor(library: Library) {
    this.#library = library;
    this.#provideFiles();
  }

  answer({ key, schemas, document }: SchemaRequest): Unmeasured<SchemaAnswer> {
    let validator = this.#compiled.get(key);
    if (validator === undefined) {
      if (schemas === undefined) return { kind: 'unknown' };
      try {
        validator = this.#compile(schemas);
      } catch (error) {
        const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
        return { kind: 'no-schema', reason };
      }
    }
    this.#keep(key, validator);
    const finding = document && this.#validate(validator, document);
    return finding === undefined ? { kind: 'valid' } : { kind: 'found', finding };
  }

  #compile({ main, files }: SchemaSet): XsdValidator {
    const { XmlDocument, XsdValidator } = this.#library;
    this.#files = files;
    const document = XmlDocument.fromString(main.text, { url: main.url });
    try {
      return XsdValidator.fromDoc(document);
    } finally {
      document.dispose();
      this.#files = new Map();
    }
  }

  #keep(key: string, validator: XsdValidator): void {
    this.#compiled.delete(key);
    this.#compiled.set(key, validator);
    for (const [oldest, spent] of [...this.#compiled].slice(0, -mostSchemas)) {
      spent.dispose();
      this.#compiled.delete(oldest);
    }
  }

  /** The first thing that is wrong; undefined for a valid document. Leaves nothing behind. */
  #validate(
    validator: XsdValidator,
    { text, root: rule }: NonNullable<SchemaRequest['document']>,
  ): Finding | undefined {
    const { XmlDocument, XmlLibError, ParseOption } = this.#library;
    let document: LibDocument | undefined;
    try {
      document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NO_XXE });
      const chosen = chooseRoot(rule, new Node(document.root));
      if ('kind' in chosen) return chosen;
      validator.validate(chosen.element);
      return undefined;
    } catch (error) {
      if (!(error instanceof XmlLibError)) throw error;
      const [detail] = error.details;
      const message = (detail?.message ?? error.message).trim();
      const isRoot = message.includes('No matching global declaration');
      const kind = document === undefined ? 'malformed' : isRoot ? 'unknown-root' : 'invalid';
      return { kind, message, line: detail?.line ?? 0 };
    } finally {
      document?.dispose();
    }
  }

  #provideFiles(): void {
    const open = new Map<number, Uint8Array>();
    let last = 0;
    this.#library.xmlRegisterInputProvider({
      match: (url) => url.startsWith('bundle:') || /^(?:xsd|wsdl):/.test(url),
      open: (url) => {
        const place = url.replace(/^(xsd|wsdl):\/\//, 'bundle:///$1/');
        const text = this.#files.get(url) ?? this.#files.get(place);
        if (text === undefined) return undefined;
        last += 1;
        open.set(last, Buffer.from(text));
        return last;
      },
      read(handle, buffer) {
        const rest = open.get(handle) ?? new Uint8Array();
        const part = rest.subarray(0, buffer.length);
        buffer.set(part);
        open.set(handle, rest.subarray(part.length));
        return part.length;
      },
      close: (handle) => open.delete(handle),
    });
  }
}

class Node implements ElementNode<Node> {
  readonly element: LibElement;

  constructor(element: LibElement) {
    this.element = element;
  }

  get local(): string {
    return this.element.name;
  }

  get namespace(): string {
    return this.element.namespaceUri;
  }

  get line(): number {
    return this.element.line;
  }

  get children(): readonly Node[] {
    const children: Node[] = [];
    for (let child = this.element.firstChild; child !== null; child = child.next) {
      if ('attrs' in child) children.push(new Node(child as LibElement));
    }
    return children;
  }
}
