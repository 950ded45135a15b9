import XMLBuilder from 'fast-xml-builder';
import {
  spellingOf,
  type Attribute,
  type ElementSyntax,
  type Field,
} from '../../lib/xml/grammar/element.ts';
import type { ValueSyntax } from '../../lib/xml/grammar/value.ts';
import type { RootGrammar } from './policy-grammars.ts';

/** A node of fast-xml-builder's ordered form: one tag with its children, and its attributes under `:@`. */
type Node = Readonly<Record<string, unknown>>;

/**
 * XML Schema (1.0) of a policy, for editors. Children may stand in any order, as Apigee reads them. It is
 * stricter than the engine in one way: what the engine warns about and ignores is an error here.
 */
export function policyXsd({ name, grammar }: RootGrammar): string {
  const schema = node(
    'xs:schema',
    { 'xmlns:xs': 'http://www.w3.org/2001/XMLSchema', elementFormDefault: 'qualified' },
    [booleanType, elementNode(name, grammar)],
  );
  const builder = new XMLBuilder({
    preserveOrder: true,
    format: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    suppressEmptyNode: true,
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build([schema]).trim()}\n`;
}

function node(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly Node[] = [],
): Node {
  return { [tag]: children, ':@': attributes };
}

/** Apigee takes true and false in any case, which xs:boolean does not. */
const booleanType = node('xs:simpleType', { name: 'flag' }, [
  node('xs:restriction', { base: 'xs:token' }, [
    node('xs:pattern', { value: '([tT][rR][uU][eE]|[fF][aA][lL][sS][eE])?' }),
  ]),
]);

function documentation(text: string): Node {
  return node('xs:annotation', {}, [{ 'xs:documentation': [{ '#text': text }] }]);
}

function elementNode(name: string, syntax: ElementSyntax): Node {
  const isSimple =
    syntax.attributes === undefined &&
    syntax.children === undefined &&
    syntax.text?.content === 'text';
  if (isSimple && typeof syntax.text.xsd === 'string') {
    return node('xs:element', { name, type: typeName(syntax.text) }, [documentation(syntax.doc)]);
  }
  const type = isSimple ? enumeration(syntax.text) : complexType(syntax);
  return node('xs:element', { name }, [documentation(syntax.doc), type]);
}

function typeName({ xsd }: ValueSyntax<unknown>): string {
  return xsd === 'xs:boolean' ? 'flag' : typeof xsd === 'string' ? xsd : 'xs:token';
}

function enumeration({ xsd }: ValueSyntax<unknown>): Node {
  const values = typeof xsd === 'string' ? [] : xsd;
  return node('xs:simpleType', {}, [
    node(
      'xs:restriction',
      { base: 'xs:token' },
      values.map((value) => node('xs:enumeration', { value })),
    ),
  ]);
}

function complexType({ attributes, text, children }: ElementSyntax): Node {
  const attributeNodes = Object.entries(attributes ?? {}).map(([name, attribute]) =>
    attributeNode(spellingOf(name, attribute), attribute),
  );
  if (text?.content === 'text' && children === undefined) {
    return node('xs:complexType', {}, [
      node('xs:simpleContent', {}, [
        node('xs:extension', { base: typeName(text) }, attributeNodes),
      ]),
    ]);
  }
  const mixed = text === undefined ? {} : { mixed: 'true' };
  const content = text?.content === 'markup' ? markup : choice(children ?? {});
  return node('xs:complexType', mixed, [content, ...attributeNodes]);
}

const markup = node('xs:sequence', {}, [
  node('xs:any', { minOccurs: '0', maxOccurs: 'unbounded', processContents: 'skip' }),
]);

function choice(fields: Readonly<Record<string, Field>>): Node {
  return node(
    'xs:choice',
    { minOccurs: '0', maxOccurs: 'unbounded' },
    Object.values(fields).flatMap(fieldNodes),
  );
}

function fieldNodes(field: Field): readonly Node[] {
  switch (field.kind) {
    case 'optional':
    case 'many':
      return field.names.map((name) => elementNode(name, field.element));
    case 'ordered':
      return Object.entries(field.elements).map(([name, syntax]) => elementNode(name, syntax));
    case 'ignored':
      return field.names.map((name) =>
        node('xs:element', { name, type: 'xs:anyType' }, [documentation(field.doc)]),
      );
  }
}

function attributeNode(name: string, { syntax, doc }: Attribute<unknown, unknown>): Node {
  const type = typeof syntax.xsd === 'string' ? { type: typeName(syntax) } : {};
  return node('xs:attribute', { name, ...type }, [
    documentation(doc),
    ...(typeof syntax.xsd === 'string' ? [] : [enumeration(syntax)]),
  ]);
}
