import { childElements, type XmlElement } from '../../xml/tree.ts';
import { readXml } from '../../xml/read.ts';
import { writeXml } from '../../xml/write.ts';
import type { PolicyResources } from '../policy-type.ts';

const xsd = 'http://www.w3.org/2001/XMLSchema';
const wsdl = 'http://schemas.xmlsoap.org/wsdl/';
const xmlns = 'http://www.w3.org/2000/xmlns/';

/** Schemas that include and import one another, by the URLs under which the validator asks for them. */
export interface SchemaSet {
  readonly main: { readonly url: string; readonly text: string };
  readonly files: ReadonlyMap<string, string>;
}

/** Why a resource is no schema. */
export class SchemaError extends Error {
  readonly code: 'ResourceCompileFailed' | 'NoElements';

  constructor(code: 'ResourceCompileFailed' | 'NoElements', message: string) {
    super(message);
    this.code = code;
  }
}

/** How deep inclusions may lead, as documented. */
const deepest = 10;

/** Where the validator sees the files of a bundle: an authority would part a URL such as xsd://a.xsd. */
export function placeOf(url: string): string {
  const [, type = 'xsd', name = ''] = /^(\w+):\/\/\/*(.*)$/.exec(url) ?? [];
  return `bundle:///${type}/${name}`;
}

/**
 * Reads the schema of a resource, or the schemas within a WSDL, with all that they include or import
 * from the bundle. Nothing else is ever read.
 * @throws {SchemaError}
 */
export function readSchemaSet(url: string, resources: PolicyResources): SchemaSet {
  const root = readDocument(url, resources);
  const files = new Map<string, string>();
  if (root.namespace === xsd && root.local === 'schema') {
    addIncluded(root, placeOf(url), files, resources, 1);
    requireElements([root, ...[...files.values()].map((text) => parsed(text, url))], url);
    return { main: { url: placeOf(url), text: writeXml([root]) }, files };
  }
  if (root.namespace !== wsdl || root.local !== 'definitions') {
    throw new SchemaError('ResourceCompileFailed', `${url} is neither a schema nor a WSDL 1.1`);
  }
  return wsdlSchemas(root, url, files, resources);
}

function wsdlSchemas(
  root: XmlElement,
  url: string,
  files: Map<string, string>,
  resources: PolicyResources,
): SchemaSet {
  const schemas = inlineSchemas(root, placeOf(url), resources, new Set(), 1);
  if (schemas.length === 0)
    throw new SchemaError('NoElements', `Resource "${url}" has no element definitions`);
  const byNamespace = new Map<string, string[]>();
  for (const [index, { schema, base }] of schemas.entries()) {
    const place = `bundle:///wsdl/inline-${index}.xsd`;
    addIncluded(schema, base, files, resources, 1);
    files.set(place, writeXml([schema]));
    const namespace = attributeOf(schema, 'targetNamespace') ?? '';
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), place]);
  }
  requireElements(
    [
      ...schemas.map(({ schema }) => schema),
      ...[...files.values()].map((text) => parsed(text, url)),
    ],
    url,
  );
  // The validator imports a namespace once: schemas that share one are put together before.
  const parts = [...byNamespace].map(([namespace, places], index) => {
    const includes = places.map((place) => `<xs:include schemaLocation="${place}"/>`).join('');
    if (namespace === '') return includes;
    const together = `bundle:///wsdl/namespace-${index}.xsd`;
    const target = escaped(namespace);
    files.set(
      together,
      `<xs:schema xmlns:xs="${xsd}" targetNamespace="${target}">${includes}</xs:schema>`,
    );
    return `<xs:import namespace="${target}" schemaLocation="${together}"/>`;
  });
  const text = `<xs:schema xmlns:xs="${xsd}">${parts.join('')}</xs:schema>`;
  return { main: { url: placeOf(url), text }, files };
}

interface InlineSchema {
  readonly schema: XmlElement;
  /** Where the WSDL stands that it is part of. */
  readonly base: string;
}

/** The schemas within a WSDL, and within those of the bundle that it imports. */
function inlineSchemas(
  root: XmlElement,
  base: string,
  resources: PolicyResources,
  seen: Set<string>,
  depth: number,
): readonly InlineSchema[] {
  if (seen.has(base)) return [];
  seen.add(base);
  if (depth > deepest) {
    throw new SchemaError(
      'ResourceCompileFailed',
      `WSDLs import one another more than ${deepest} deep`,
    );
  }
  return childElements(root)
    .filter(({ namespace }) => namespace === wsdl)
    .flatMap((child): readonly InlineSchema[] => {
      if (child.local === 'types') {
        return childElements(child)
          .filter(({ local, namespace }) => local === 'schema' && namespace === xsd)
          .map((schema) => ({ schema: withDeclarations(schema, [root, child]), base }));
      }
      const location = attributeOf(child, 'location');
      if (child.local !== 'import' || location === undefined) return [];
      const place = resolvedPlace(location, base);
      const url = place === undefined ? '' : resourceUrlOf(place);
      if (place === undefined || resources.read(url) === undefined) return [];
      const imported = readDocument(url, resources);
      if (imported.namespace === xsd && imported.local === 'schema') {
        return [{ schema: imported, base: place }];
      }
      return inlineSchemas(imported, place, resources, seen, depth + 1);
    });
}

function addIncluded(
  schema: XmlElement,
  base: string,
  files: Map<string, string>,
  resources: PolicyResources,
  depth: number,
): void {
  for (const child of childElements(schema)) {
    const location = attributeOf(child, 'schemaLocation');
    const isReference = ['include', 'import', 'redefine'].includes(child.local);
    if (child.namespace !== xsd || !isReference || location === undefined) continue;
    const place = resolvedPlace(location, base);
    if (place === undefined || files.has(place)) continue;
    if (depth >= deepest) {
      throw new SchemaError(
        'ResourceCompileFailed',
        `schemas include one another more than ${deepest} deep`,
      );
    }
    const url = resourceUrlOf(place);
    if (resources.read(url) === undefined) {
      if (child.local === 'import') continue;
      throw new SchemaError('ResourceCompileFailed', `${location} is not among the resources`);
    }
    const included = readDocument(url, resources);
    files.set(place, writeXml([included]));
    addIncluded(included, place, files, resources, depth + 1);
  }
}

/** The resource that stands at a place. */
function resourceUrlOf(place: string): string {
  const [, type = '', name = ''] = /^bundle:\/\/\/(\w+)\/(.*)$/.exec(place) ?? [];
  return `${type}://${name}`;
}

/** Undefined for what is not in the bundle. */
function resolvedPlace(location: string, base: string): string | undefined {
  if (/^(?:xsd|wsdl):\/\//.test(location)) return placeOf(location);
  try {
    const { protocol, href } = new URL(location, base);
    return protocol === 'bundle:' ? href : undefined;
  } catch {
    return undefined;
  }
}

function requireElements(schemas: readonly XmlElement[], url: string): void {
  const declares = schemas.some((schema) =>
    childElements(schema).some(({ local, namespace }) => local === 'element' && namespace === xsd),
  );
  if (!declares)
    throw new SchemaError('NoElements', `Resource "${url}" has no element definitions`);
}

function readDocument(url: string, resources: PolicyResources): XmlElement {
  const bytes = resources.read(url);
  if (bytes === undefined)
    throw new SchemaError('ResourceCompileFailed', `${url} is not available`);
  return parsed(bytes, url);
}

function parsed(source: Uint8Array | string, url: string): XmlElement {
  let reason = '';
  const root = readXml(source, {
    file: url,
    report: ({ severity, message, line }) => {
      if (severity === 'error' && reason === '') reason = `${message} (line ${line})`;
    },
  });
  if (root === undefined) throw new SchemaError('ResourceCompileFailed', `${url}: ${reason}`);
  return root;
}

/** A schema of a WSDL with the namespaces that the elements around it declare. */
function withDeclarations(schema: XmlElement, around: readonly XmlElement[]): XmlElement {
  const nameOf = ({ prefix, local }: { readonly prefix: string; readonly local: string }) =>
    `${prefix}:${local}`;
  const attributes = new Map(schema.attributes.map((one) => [nameOf(one), one]));
  for (const element of around.toReversed()) {
    for (const one of element.attributes) {
      if (one.namespace === xmlns && !attributes.has(nameOf(one))) attributes.set(nameOf(one), one);
    }
  }
  return { ...schema, attributes: [...attributes.values()] };
}

function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find(({ local, prefix }) => local === name && prefix === '')?.value;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
