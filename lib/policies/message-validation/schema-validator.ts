import type { XmlElement as LibElement, XmlDocument as LibDocument } from 'libxml2-wasm';
import type { SchemaSet } from './schema-set.ts';

/** An element by its name. */
export interface ElementName {
  readonly namespace: string;
  readonly local: string;
}

/** What is wrong with a document; `line` counts from 1, 0 where it is not known. */
export interface Finding {
  readonly kind: 'unknown-root' | 'invalid' | 'malformed';
  readonly message: string;
  readonly line: number;
}

/** Chooses the element to validate, or says what is wrong before that. */
export type Choose = (root: ElementNode) => ElementNode | Finding;

/** An element of a parsed document, as far as a choice needs it. */
export interface ElementNode extends ElementName {
  readonly line: number;
  readonly children: readonly ElementNode[];
}

/** A schema compiled by libxml2, for as long as the process runs. */
export interface SchemaValidator {
  /** The first thing that is wrong; undefined for a valid document. Leaves nothing behind. */
  validate(text: string, choose: Choose): Finding | undefined;
}

type Library = typeof import('libxml2-wasm');

let library: Promise<Library> | undefined;
/** Files of the schemas that are compiled just now: the library asks for them by a callback. */
let files: ReadonlyMap<string, string> = new Map();

/** Loaded when a first schema is compiled. The library reaches no file and no network by itself. */
async function loaded(): Promise<Library> {
  library ??= import('libxml2-wasm').then((found) => {
    const open = new Map<number, Uint8Array>();
    let last = 0;
    found.xmlRegisterInputProvider({
      match: (url) => url.startsWith('bundle:') || /^(?:xsd|wsdl):/.test(url),
      open(url) {
        const text = files.get(url) ?? files.get(url.replace(/^(xsd|wsdl):\/\//, 'bundle:///$1/'));
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
    return found;
  });
  return library;
}

/** @throws {Error} for schemas that cannot be compiled */
export async function compileSchemaSet({
  main,
  files: included,
}: SchemaSet): Promise<SchemaValidator> {
  const found = await loaded();
  const { XmlDocument, XsdValidator } = found;
  files = included;
  const document = XmlDocument.fromString(main.text, { url: main.url });
  try {
    const validator = XsdValidator.fromDoc(document);
    return {
      validate: (text, choose) =>
        validateText(found, text, choose, (element) => {
          validator.validate(element);
        }),
    };
  } finally {
    document.dispose();
    files = new Map();
  }
}

function validateText(
  { XmlDocument, XmlLibError, ParseOption }: Library,
  text: string,
  choose: Choose,
  validate: (element: LibElement) => void,
): Finding | undefined {
  let document: LibDocument | undefined;
  try {
    document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NO_XXE });
    const chosen = choose(new Node(document.root));
    if (!(chosen instanceof Node)) return 'kind' in chosen ? chosen : undefined;
    validate(chosen.element);
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

class Node implements ElementNode {
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

  get children(): readonly ElementNode[] {
    const children: Node[] = [];
    for (let child = this.element.firstChild; child !== null; child = child.next) {
      if ('attrs' in child) children.push(new Node(child as LibElement));
    }
    return children;
  }
}
