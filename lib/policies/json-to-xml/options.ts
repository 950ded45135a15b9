import type { JsonToXmlPolicy } from './grammar.ts';

/** What the conversion is told. An element that is there but empty turns its feature off. */
export interface XmlOptions {
  readonly nullValue: string;
  readonly namespaceBlockName: string;
  readonly defaultNamespaceNodeName: string;
  readonly namespaceSeparator: string;
  readonly textNodeName: string;
  readonly attributeBlockName: string;
  readonly attributePrefix: string;
  readonly invalidCharsReplacement: string;
  readonly objectRootElementName: string;
  readonly arrayRootElementName: string;
  readonly arrayItemElementName: string;
  readonly layout: 'compact' | 'indented';
  readonly declaration: 'written' | 'omitted';
}

/** The defaults are those of "JSONtoXML policy". */
export function optionsOf({ options }: JsonToXmlPolicy): XmlOptions {
  const nameOr = (option: { readonly value: string | undefined } | undefined, fallback: string) =>
    option?.value === undefined || option.value === '' ? fallback : option.value;
  return {
    nullValue: options?.nullValue?.value ?? 'NULL',
    namespaceBlockName: options?.namespaceBlockName?.value ?? '#namespaces',
    defaultNamespaceNodeName: options?.defaultNamespaceNodeName?.value ?? '$default',
    namespaceSeparator: options?.namespaceSeparator?.value ?? ':',
    textNodeName: options?.textNodeName?.value ?? '#text',
    attributeBlockName: options?.attributeBlockName?.value ?? '#attrs',
    attributePrefix: options?.attributePrefix?.value ?? '@',
    invalidCharsReplacement: options?.invalidCharsReplacement?.value ?? '_',
    objectRootElementName: nameOr(options?.objectRootElementName, 'Root'),
    arrayRootElementName: nameOr(options?.arrayRootElementName, 'Array'),
    arrayItemElementName: nameOr(options?.arrayItemElementName, 'Item'),
    layout: options?.indent?.value === true ? 'indented' : 'compact',
    declaration: options?.omitXmlDeclaration?.value === true ? 'omitted' : 'written',
  };
}
