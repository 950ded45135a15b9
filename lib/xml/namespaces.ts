export const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
export const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

/** What an element's declarations replaced; handed back when the element ends. */
export type Shadowed = readonly (readonly [prefix: string, namespace: string | undefined])[];

const nothing: Shadowed = [];

/**
 * The prefixes in force at one point of a document. One flat map with an undo list per element,
 * because a map per element would let nested declarations cost their product.
 */
export class NamespaceScope {
  readonly #bound = new Map<string, string>([
    ['', ''],
    ['xml', xmlNamespace],
    ['xmlns', xmlnsNamespace],
  ]);

  /** The namespace a prefix stands for; undefined when it is bound to none. */
  resolve(prefix: string): string | undefined {
    return this.#bound.get(prefix);
  }

  enter(declarations: ReadonlyMap<string, string>): Shadowed {
    if (declarations.size === 0) return nothing;
    const shadowed: [string, string | undefined][] = [];
    for (const [prefix, namespace] of declarations) {
      shadowed.push([prefix, this.#bound.get(prefix)]);
      this.#bound.set(prefix, namespace);
    }
    return shadowed;
  }

  leave(shadowed: Shadowed): void {
    for (const [prefix, namespace] of shadowed) {
      if (namespace === undefined) this.#bound.delete(prefix);
      else this.#bound.set(prefix, namespace);
    }
  }
}

/** Why "Namespaces in XML 1.0" section 3 forbids a declaration; undefined when it is allowed. */
export function forbiddenDeclaration(prefix: string, namespace: string): string | undefined {
  if (prefix === 'xmlns') return 'The prefix xmlns cannot be declared';
  if (prefix === 'xml') {
    return namespace === xmlNamespace ? undefined : `The prefix xml stands for ${xmlNamespace}`;
  }
  if (namespace === xmlNamespace || namespace === xmlnsNamespace) {
    return `${namespace} belongs to the prefix ${namespace === xmlNamespace ? 'xml' : 'xmlns'}`;
  }
  if (namespace === '' && prefix !== '') return `The prefix ${prefix} is declared as nothing`;
  return undefined;
}
