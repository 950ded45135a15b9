import type { Location } from '../../diagnostic/location.ts';
import type { ValueSyntax } from './value.ts';

/**
 * Grammars of XML elements, declared as data. The parser (read-element.ts), the AST's TypeScript types
 * (NodeOf, below), the XSD (xsd.ts), the JSON Schema (json-schema.ts) and the reference page
 * (reference.ts) all come from the same declaration, so none of them can drift from the others.
 */

export interface Attribute<T, D = T | undefined> {
  readonly syntax: ValueSyntax<T>;
  readonly fallback: D;
  readonly doc: string;
  /** Its name in XML, where that is not the one in the AST. */
  readonly spelling?: string;
}

export type Attributes = Readonly<Record<string, Attribute<unknown, unknown>>>;

export interface ElementSyntax<
  A extends Attributes = Attributes,
  T = unknown,
  C extends Fields = Fields,
> {
  readonly doc: string;
  readonly attributes: A | undefined;
  /** Undefined when the element's own text means nothing. */
  readonly text: ValueSyntax<T> | undefined;
  readonly children: C | undefined;
}

/** At most one child of these names; which of several counts is a matter of the document. */
export interface OptionalField<E> {
  readonly kind: 'optional';
  readonly names: readonly string[];
  readonly counts: 'first' | 'last';
  readonly element: E;
}

/** Any number of children of one name. */
export interface ManyField<E> {
  readonly kind: 'many';
  readonly names: readonly string[];
  readonly element: E;
}

/** Children of several names, kept in the order of the document. */
export interface OrderedField<M> {
  readonly kind: 'ordered';
  readonly elements: M;
}

/** Legal children that mean nothing here; not in the AST. */
export interface IgnoredField {
  readonly kind: 'ignored';
  readonly names: readonly string[];
  readonly doc: string;
}

export type Field =
  | OptionalField<ElementSyntax>
  | ManyField<ElementSyntax>
  | OrderedField<Readonly<Record<string, ElementSyntax>>>
  | IgnoredField;

export type Fields = Readonly<Record<string, Field>>;

/** Declares an element. `doc` is one sentence for the reference page and the XSD. */
export function element<
  const A extends Attributes = never,
  T = never,
  const C extends Fields = never,
>(declaration: {
  readonly doc: string;
  readonly attributes?: A;
  readonly text?: ValueSyntax<T>;
  readonly children?: C;
}): ElementSyntax<A, T, C> {
  return {
    doc: declaration.doc,
    attributes: declaration.attributes,
    text: declaration.text,
    children: declaration.children,
  };
}

/** Declares an element that holds only text. */
export function leaf<T>(syntax: ValueSyntax<T>, doc: string): ElementSyntax<never, T, never> {
  return element({ doc, text: syntax });
}

/** Declares an attribute that may be left out; it then is `fallback`, or undefined without one. */
export function attribute<T>(syntax: ValueSyntax<T>, doc: string): Attribute<T>;
export function attribute<T>(syntax: ValueSyntax<T>, doc: string, fallback: T): Attribute<T, T>;
export function attribute<T>(syntax: ValueSyntax<T>, doc: string, fallback?: T): Attribute<T> {
  return { syntax, fallback, doc };
}

/** An attribute whose name in XML is another one than in the AST, where `type` is taken. */
export function spelled<T, D>(spelling: string, syntax: Attribute<T, D>): Attribute<T, D> {
  return { ...syntax, spelling };
}

/** The name in XML of an attribute that a grammar declares. */
export function spellingOf(name: string, { spelling }: Attribute<unknown, unknown>): string {
  return spelling ?? name;
}

/** A child that should stand once; of several the last counts, as in policies. */
export function optional<E extends ElementSyntax>(
  names: string | readonly string[],
  syntax: E,
): OptionalField<E> {
  return { kind: 'optional', names: listOf(names), counts: 'last', element: syntax };
}

/** A child that should stand once; of several the first counts, as in endpoints. */
export function first<E extends ElementSyntax>(
  names: string | readonly string[],
  syntax: E,
): OptionalField<E> {
  return { kind: 'optional', names: listOf(names), counts: 'first', element: syntax };
}

export function many<E extends ElementSyntax>(
  names: string | readonly string[],
  syntax: E,
): ManyField<E> {
  return { kind: 'many', names: listOf(names), element: syntax };
}

export function ordered<const M extends Readonly<Record<string, ElementSyntax>>>(
  elements: M,
): OrderedField<M> {
  return { kind: 'ordered', elements };
}

export function ignored(names: string | readonly string[], doc: string): IgnoredField {
  return { kind: 'ignored', names: listOf(names), doc };
}

function listOf(names: string | readonly string[]): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

type AttributeValues<A extends Attributes> = [A] extends [never]
  ? unknown
  : {
      readonly [K in keyof A]: A[K] extends Attribute<infer T, infer D> ? T | D : never;
    };

type FieldValue<F> =
  F extends OptionalField<infer E extends ElementSyntax>
    ? NodeOf<E> | undefined
    : F extends ManyField<infer E extends ElementSyntax>
      ? readonly NodeOf<E>[]
      : F extends OrderedField<infer M>
        ? readonly {
            [K in keyof M]: M[K] extends ElementSyntax
              ? NodeOf<M[K]> & { readonly type: K }
              : never;
          }[keyof M][]
        : never;

type FieldValues<C extends Fields> = [C] extends [never]
  ? unknown
  : {
      readonly [K in keyof C as C[K] extends IgnoredField ? never : K]: FieldValue<C[K]>;
    };

type TextValue<T> = [T] extends [never]
  ? unknown
  : {
      /** The element's text as its syntax reads it; undefined after a finding said why. */
      readonly value: T | undefined;
      /** Where the text starts, or the element if it has none. */
      readonly textLocation: Location;
    };

/** The AST node that an element's grammar describes. */
export type NodeOf<E extends ElementSyntax> =
  E extends ElementSyntax<infer A, infer T, infer C>
    ? { readonly location: Location } & AttributeValues<A> & TextValue<T> & FieldValues<C>
    : never;
